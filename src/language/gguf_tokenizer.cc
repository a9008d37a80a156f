#include <algorithm>
#include <array>
#include <string>

#include "common/limits.h"
#include "language/gguf_model.h"

namespace andon {
namespace {

Status Missing(std::string_view what) {
  return Error(ErrorCode::kTokenizerError, "gguf: ", what, " is missing or of another form");
}

const GgufValue* Find(const Gguf& gguf, std::string_view key) {
  const auto found = gguf.pairs.find(key);
  return found == gguf.pairs.end() ? nullptr : &found->second;
}

// nullptr where it is missing or of another type.
template <typename T>
const T* ValueOf(const Gguf& gguf, std::string_view key) {
  return std::get_if<T>(Find(gguf, key));
}

Status ReadTokens(const Gguf& gguf, TokenizerData& data) {
  const auto* const tokens = ValueOf<std::vector<std::string>>(gguf, "tokenizer.ggml.tokens");
  if (tokens == nullptr || tokens->empty()) return Missing("tokenizer.ggml.tokens");
  for (size_t id = 0; id < tokens->size(); ++id) {
    ANDON_RETURN_IF_ERROR(data.vocabulary.Add(id, (*tokens)[id]));
  }
  return Status();
}

Status ReadTypes(const Gguf& gguf, TokenizerData& data) {
  constexpr std::string_view kKey = "tokenizer.ggml.token_type";
  const uint32_t count = data.vocabulary.size();
  data.types.assign(count, TokenType::kNormal);
  if (Find(gguf, kKey) == nullptr) return Status();
  const auto* const types = ValueOf<std::vector<int64_t>>(gguf, kKey);
  if (types == nullptr || types->size() != count) return Missing(kKey);
  for (uint32_t id = 0; id < count; ++id) {
    const int64_t type = (*types)[id];
    if (type < 1 || type > 6) return Missing(kKey);
    data.types[id] = static_cast<TokenType>(type);
  }
  return Status();
}

// tokenizer.ggml.pre: many names for few regular expressions, as llama.cpp's converter gives them.
struct WordRuleName {
  std::string_view name;
  WordRule rule;
  bool ignore_merges = false;
};
constexpr std::array<WordRuleName, 12> kWordRules = {{
    {"gpt-2", WordRule::kGpt2},
    {"smollm", WordRule::kGpt2Digits},
    {"starcoder", WordRule::kGpt2Digits},
    {"refact", WordRule::kGpt2Digits},
    {"llama-bpe", WordRule::kLlama3, true},
    {"llama-v3", WordRule::kLlama3, true},
    {"llama3", WordRule::kLlama3, true},
    {"smaug-bpe", WordRule::kLlama3},
    {"dbrx", WordRule::kLlama3},
    {"qwen2", WordRule::kQwen2},
    {"deepseek-r1-qwen", WordRule::kQwen2},
    {"megrez", WordRule::kQwen2},
}};

Status ReadMerges(const std::vector<std::string>& merges, TokenizerData& data) {
  if (merges.size() > limits::kMaxMerges) return Missing("tokenizer.ggml.merges");
  data.merges.reserve(merges.size());
  for (const std::string_view merge : merges) {
    const size_t space = std::min(merge.find(' ', 1), merge.size());
    ANDON_ASSIGN_OR_RETURN(const TokenPair pair,
                           MakeTokenPair(data.vocabulary, merge.substr(0, space),
                                         merge.substr(std::min(space + 1, merge.size()))));
    data.merges.push_back(pair);
  }
  return Status();
}

Status ReadBytePairs(const Gguf& gguf, TokenizerData& data) {
  data.kind = TokenizerKind::kBytePairs;
  const std::string* const name = gguf.Text("tokenizer.ggml.pre");
  if (name == nullptr) return Missing("tokenizer.ggml.pre");
  const auto* const rule = std::ranges::find(kWordRules, *name, &WordRuleName::name);
  if (rule == kWordRules.end()) {
    return Error(ErrorCode::kTokenizerError, "gguf: words by the rule ", Quoted(*name),
                 " are not read");
  }
  data.words = rule->rule;
  data.ignore_merges = rule->ignore_merges;
  data.normalize_nfc = rule->rule == WordRule::kQwen2;
  const auto* const merges = ValueOf<std::vector<std::string>>(gguf, "tokenizer.ggml.merges");
  if (merges == nullptr) return Missing("tokenizer.ggml.merges");
  return ReadMerges(*merges, data);
}

Status ReadSentencePiece(const Gguf& gguf, TokenizerData& data) {
  data.kind = TokenizerKind::kSentencePiece;
  const auto* const scores = ValueOf<std::vector<double>>(gguf, "tokenizer.ggml.scores");
  if (scores == nullptr || scores->empty()) return Missing("tokenizer.ggml.scores");
  data.scores.assign(scores->begin(), scores->end());
  return Status();
}

Status ReadModel(const Gguf& gguf, TokenizerData& data) {
  const std::string* const model = gguf.Text("tokenizer.ggml.model");
  if (model == nullptr) return Missing("tokenizer.ggml.model");
  if (*model == "gpt2") return ReadBytePairs(gguf, data);
  if (*model == "llama") return ReadSentencePiece(gguf, data);
  return Error(ErrorCode::kTokenizerError, "gguf: a tokenizer of the kind ", Quoted(*model),
               " is not read");
}

Status ReadFlag(const Gguf& gguf, std::string_view key, bool* out) {
  if (Find(gguf, key) == nullptr) return Status();
  const bool* const value = ValueOf<bool>(gguf, key);
  if (value == nullptr) return Missing(key);
  *out = *value;
  return Status();
}

// 2^32 - 1 stands for none.
Status ReadId(const Gguf& gguf, std::string_view key, std::optional<uint32_t>* out) {
  if (Find(gguf, key) == nullptr) return Status();
  const auto id = gguf.Unsigned(key);
  if (!id || *id > UINT32_MAX) return Missing(key);
  if (*id != UINT32_MAX) *out = static_cast<uint32_t>(*id);
  return Status();
}

Status ReadIds(const Gguf& gguf, TokenizerData& data) {
  ANDON_RETURN_IF_ERROR(ReadId(gguf, "tokenizer.ggml.bos_token_id", &data.begin));
  ANDON_RETURN_IF_ERROR(ReadId(gguf, "tokenizer.ggml.eos_token_id", &data.end));
  ANDON_RETURN_IF_ERROR(ReadId(gguf, "tokenizer.ggml.unknown_token_id", &data.unknown));
  for (const auto* const key : {"tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"}) {
    std::optional<uint32_t> id;
    ANDON_RETURN_IF_ERROR(ReadId(gguf, key, &id));
    if (id) data.end_of_turn.push_back(*id);
  }
  AddKnownEnds(data);
  return Status();
}

}  // namespace

Result<TokenizerData> TokenizerOfGguf(const Gguf& gguf) {
  TokenizerData data;
  ANDON_RETURN_IF_ERROR(ReadTokens(gguf, data));
  ANDON_RETURN_IF_ERROR(ReadTypes(gguf, data));
  ANDON_RETURN_IF_ERROR(ReadModel(gguf, data));
  ANDON_RETURN_IF_ERROR(ReadIds(gguf, data));
  // Where the file does not say: as llama.cpp takes it.
  const bool sentence_piece = data.kind == TokenizerKind::kSentencePiece;
  data.add_begin = data.begin && (sentence_piece || data.words == WordRule::kLlama3);
  bool space_prefix = sentence_piece;
  ANDON_RETURN_IF_ERROR(ReadFlag(gguf, "tokenizer.ggml.add_bos_token", &data.add_begin));
  bool append_end = false;
  ANDON_RETURN_IF_ERROR(ReadFlag(gguf, "tokenizer.ggml.add_eos_token", &append_end));
  if (append_end && !data.end) return Missing("tokenizer.ggml.eos_token_id");
  if (append_end) data.appended = data.end;
  ANDON_RETURN_IF_ERROR(ReadFlag(gguf, "tokenizer.ggml.add_space_prefix", &space_prefix));
  if (sentence_piece && space_prefix) data.space_prefix = SpacePrefix::kEach;
  return data;
}

}  // namespace andon
