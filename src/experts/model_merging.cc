#include "experts/model_merging.h"

#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "experts/own_json.h"

namespace andon {
namespace {

Status CheckSelection(const ExpertSelection& experts) {
  if (experts.uses.empty()) return Error(ErrorCode::kInvalidArgument, "merge: no experts");
  for (const auto& [expert, weight] : experts.uses) {
    if (experts.soft_prompt && expert->soft_prompt != nullptr) {
      return Error(ErrorCode::kMergeUnsupported, "merge: ", Quoted(expert->name),
                   " has a soft prompt, which cannot become part of weights");
    }
  }
  return Status();
}

// An expert's tokenizer, with that of the model which it goes on from.
std::shared_ptr<const Tokenizer> Keeping(std::shared_ptr<const Tokenizer> base,
                                         std::shared_ptr<const Tokenizer> own) {
  if (own == nullptr) return base;
  const auto both = std::make_shared<std::pair<decltype(base), decltype(own)>>(base, own);
  return {both, both->second.get()};
}

// By type, how many tensors there are more than before.
void CountTypes(const TransformerWeights& before, const TransformerWeights& after, Json& counts) {
  const auto count = [&counts](const TransformerWeights& weights, int64_t each) {
    for (const Matrix* const matrix : MatricesOf(weights)) {
      const std::string type(WeightBlockOf(matrix->type).name);
      counts[type] = counts.value(type, int64_t{0}) + each;
      if (counts[type] == 0) counts.erase(type);
    }
  };
  count(after, 1);
  count(before, -1);
}

}  // namespace

Result<std::unique_ptr<ModelMerging>> ModelMerging::Begin(const LanguageModel& model,
                                                          ExpertSelection experts,
                                                          uint64_t memory_limit) {
  ANDON_RETURN_IF_ERROR(CheckSelection(experts));
  ANDON_ASSIGN_OR_RETURN(std::vector<AdapterUse> uses, CheckedUses(model, experts.Adapters()));
  ANDON_ASSIGN_OR_RETURN(std::shared_ptr<const Tokenizer> own, experts.OwnTokenizer());
  std::unique_ptr<ModelMerging> merging(
      new ModelMerging(model, std::move(experts), std::move(uses),
                       Keeping(model.parts().tokenizer, std::move(own))));
  ANDON_RETURN_IF_ERROR(merging->merging_.Allocate(
      memory_limit, [&](uint64_t bytes) { return merging->weights_->Allocate(bytes); }));
  return merging;
}

ModelMerging::ModelMerging(const LanguageModel& model, ExpertSelection experts,
                           std::vector<AdapterUse> uses, std::shared_ptr<const Tokenizer> tokenizer)
    : model_(model),
      experts_(std::move(experts)),
      uses_(std::move(uses)),
      tokenizer_(std::move(tokenizer)),
      merging_(model.adapter_base(), uses_) {}

std::unique_ptr<LanguageModel> ModelMerging::Finish() {
  weights_->weights = merging_.weights();
  for (float& weight : weights_->weights.final_norm) weight *= experts_.LogitScale();
  weights_->Share(*model_.parts().weights);
  std::string description = Description();
  return std::make_unique<LanguageModel>(LanguageModelParts{.config = model_.config(),
                                                            .weights = std::move(weights_),
                                                            .tokenizer = tokenizer_,
                                                            .precision = model_.precision(),
                                                            .sha256 = model_.sha256(),
                                                            .form = Form(),
                                                            .description = std::move(description),
                                                            .pool = model_.parts().pool});
}

Sha256Digest ModelMerging::Form() const {
  Bytes form = {'m', 'e', 'r', 'g', 'e', 'd'};
  AppendBytes(form, model_.form());
  AppendU32(form, std::bit_cast<uint32_t>(experts_.LogitScale()));
  for (const AdapterUse& use : uses_) {
    AppendBytes(form, use.adapter->id());
    AppendU32(form, std::bit_cast<uint32_t>(use.weight));
  }
  return Sha256Of(form);
}

std::string ModelMerging::Description() const {
  Json description = OwnJson(model_.description());
  description["weightBytes"] = weights_->MatricesBytes();
  CountTypes(model_.weights(), weights_->weights, description["tensorTypes"]);
  for (const auto& [expert, weight] : experts_.uses) {
    description["merged"].push_back(
        {{"name", expert->name}, {"version", expert->version}, {"weight", weight}});
  }
  return DumpJson(description);
}

}  // namespace andon
