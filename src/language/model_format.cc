#include "language/model_format.h"

namespace andon {

Status SetTokenizer(TokenizerData data, ModelContent& content) {
  ANDON_ASSIGN_OR_RETURN(content.tokenizer, Tokenizer::Make(std::move(data)));
  const uint32_t tokens = content.tokenizer->size(),
                 embeddings = content.config.transformer.vocabulary;
  if (tokens <= embeddings) return Status();
  return Error(ErrorCode::kTokenizerError, "model: ", tokens, " tokens for ", embeddings,
               " embeddings");
}

Status SetWeights(WeightPlan& plan, ModelContent& content) {
  content.weight_bytes = plan.memory_bytes();
  for (const auto& [type, count] : plan.types()) {
    content.description["tensorTypes"][std::string(WeightBlockOf(type).name)] = count;
  }
  ANDON_ASSIGN_OR_RETURN(content.weights, plan.Finish());
  content.config.transformer.rope.frequency_factors = content.weights->frequency_factors;
  return Status();
}

Status RefuseGitLfsPointer(ByteView start) {
  if (!AsText(start).starts_with("version ")) return Status();
  return Error(ErrorCode::kGitLfsPointer,
               "model: a pointer of Git LFS, whose file was not downloaded");
}

}  // namespace andon
