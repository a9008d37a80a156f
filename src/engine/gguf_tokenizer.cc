#include <string>

#include "common/limits.h"
#include "engine/gguf_model.h"

namespace andon {
namespace {

Status Missing(std::string_view what) {
  return Error(ErrorCode::kTokenizerError, "gguf: ", what, " is missing or of another form");
}

template <typename T>
const T* ArrayOf(const Gguf& gguf, std::string_view key) {
  const auto found = gguf.pairs.find(key);
  return found == gguf.pairs.end() ? nullptr : std::get_if<T>(&found->second);
}

Status ReadTypes(const Gguf& gguf, TokenizerData& data) {
  const auto* const types = ArrayOf<std::vector<int64_t>>(gguf, "tokenizer.ggml.token_type");
  data.types.assign(data.tokens.size(), TokenType::kNormal);
  if (types == nullptr) return Status();
  if (types->size() != data.tokens.size()) return Missing("tokenizer.ggml.token_type");
  for (size_t i = 0; i < types->size(); ++i) {
    const int64_t type = (*types)[i];
    if (type < 1 || type > 6) return Missing("tokenizer.ggml.token_type");
    data.types[i] = static_cast<TokenType>(type);
  }
  return Status();
}

// The rules have many names for few regular expressions.
std::optional<WordRule> WordRuleOf(std::string_view name) {
  if (name == "gpt-2" || name == "default") return WordRule::kGpt2;
  if (name == "llama-bpe" || name == "llama3" || name == "llama-v3" || name == "smaug-bpe") return WordRule::kLlama3;
  if (name == "qwen2" || name == "deepseek-r1-qwen" || name == "megrez") return WordRule::kQwen2;
  return std::nullopt;
}

Status ReadBytePairs(const Gguf& gguf, TokenizerData& data) {
  data.kind = TokenizerKind::kBytePairs;
  const std::string* const name = gguf.Text("tokenizer.ggml.pre");
  const auto rule = WordRuleOf(name == nullptr ? "default" : *name);
  if (!rule) return Error(ErrorCode::kTokenizerError, "gguf: words by the rule ", Quoted(*name), " are not read");
  data.words = *rule;
  data.normalize_nfc = *rule == WordRule::kQwen2;
  const auto* const merges = ArrayOf<std::vector<std::string>>(gguf, "tokenizer.ggml.merges");
  if (merges == nullptr) return Missing("tokenizer.ggml.merges");
  data.merges = *merges;
  return Status();
}

Status ReadSentencePiece(const Gguf& gguf, TokenizerData& data) {
  data.kind = TokenizerKind::kSentencePiece;
  const auto* const scores = ArrayOf<std::vector<double>>(gguf, "tokenizer.ggml.scores");
  if (scores == nullptr) return Missing("tokenizer.ggml.scores");
  for (const double score : *scores) data.scores.push_back(static_cast<float>(score));
  return Status();
}

std::optional<bool> Flag(const Gguf& gguf, std::string_view key) {
  const auto found = gguf.pairs.find(key);
  if (found == gguf.pairs.end()) return std::nullopt;
  const bool* const value = std::get_if<bool>(&found->second);
  if (value == nullptr) return std::nullopt;
  return *value;
}

// 2^32 - 1 stands for none.
std::optional<uint32_t> IdOf(const Gguf& gguf, std::string_view key, size_t count) {
  const auto id = gguf.Unsigned(key);
  if (!id || *id >= count) return std::nullopt;
  return static_cast<uint32_t>(*id);
}

}  // namespace

Result<TokenizerData> TokenizerOfGguf(const Gguf& gguf) {
  TokenizerData data;
  const auto* const tokens = ArrayOf<std::vector<std::string>>(gguf, "tokenizer.ggml.tokens");
  if (tokens == nullptr || tokens->size() > limits::kMaxVocabulary) return Missing("tokenizer.ggml.tokens");
  data.tokens = *tokens;
  ANDON_RETURN_IF_ERROR(ReadTypes(gguf, data));
  const std::string* const model = gguf.Text("tokenizer.ggml.model");
  if (model == nullptr) return Missing("tokenizer.ggml.model");
  if (*model == "gpt2") {
    ANDON_RETURN_IF_ERROR(ReadBytePairs(gguf, data));
  } else if (*model == "llama") {
    ANDON_RETURN_IF_ERROR(ReadSentencePiece(gguf, data));
  } else {
    return Error(ErrorCode::kTokenizerError, "gguf: a tokenizer of the kind ", Quoted(*model), " is not read");
  }
  data.begin = IdOf(gguf, "tokenizer.ggml.bos_token_id", data.tokens.size());
  data.end = IdOf(gguf, "tokenizer.ggml.eos_token_id", data.tokens.size());
  data.unknown = IdOf(gguf, "tokenizer.ggml.unknown_token_id", data.tokens.size());
  if (const auto turn = IdOf(gguf, "tokenizer.ggml.eot_token_id", data.tokens.size())) data.end_of_turn = {*turn};
  data.add_begin = Flag(gguf, "tokenizer.ggml.add_bos_token").value_or(data.kind == TokenizerKind::kSentencePiece);
  data.add_space_prefix = Flag(gguf, "tokenizer.ggml.add_space_prefix").value_or(true);
  return data;
}

}  // namespace andon
