#include "language/hf_tokenizer.h"

#include <algorithm>
#include <map>
#include <string>

#include "common/json_scanner.h"
#include "common/limits.h"
#include "language/hf_tokenizer_rules.h"

namespace andon {
namespace {

constexpr std::string_view kFile = "tokenizer.json";

template <typename... Parts>
Status Malformed(const Parts&... parts) {
  return Error(ErrorCode::kTokenizerError, kFile, ": ", parts...);
}

// The members of an object as they are written: some are too large to be built in memory.
using Members = std::map<std::string, ByteView, std::less<>>;

Result<Members> ReadMembers(ByteView object) {
  Members members;
  JsonScanner scanner(object, kFile);
  scanner.Open('{');
  for (std::string key; scanner.Member(&key);) {
    if (members.size() == limits::kMaxTokenizerMembers) {
      return Error(ErrorCode::kJsonTooLarge, kFile, ": too many members");
    }
    if (!members.emplace(key, scanner.Skip()).second) {
      return Error(ErrorCode::kJsonDuplicateKey, kFile, ": the same key twice in an object");
    }
  }
  ANDON_RETURN_IF_ERROR(scanner.Finish());
  return members;
}

Result<ByteView> Require(const Members& members, std::string_view key) {
  const auto found = members.find(key);
  if (found == members.end()) return Malformed("no ", key);
  return found->second;
}

// An object of those of the members that are there.
Result<Json> Build(const Members& members, std::initializer_list<const char*> keys) {
  Json object = Json::object();
  for (const char* const key : keys) {
    const auto found = members.find(key);
    if (found == members.end()) continue;
    ANDON_ASSIGN_OR_RETURN(object[key], ParseJson(found->second, kFile,
                                                  {.max_bytes = limits::kMaxTokenizerRuleBytes}));
  }
  return object;
}

// {"text": id, ...}
Status ReadVocabulary(ByteView json, TokenizerData& data) {
  JsonScanner scanner(json, kFile);
  scanner.Open('{');
  for (std::string text; scanner.Member(&text);) {
    uint32_t id = 0;
    scanner.Unsigned(&id);
    if (scanner.ok()) ANDON_RETURN_IF_ERROR(data.vocabulary.Add(id, text));
  }
  return scanner.Finish();
}

// "left right", or ["left", "right"] where tokens hold spaces.
void ReadPair(JsonScanner& scanner, std::string* left, std::string* right) {
  if (!scanner.At('[')) {
    scanner.Text(left);
    const size_t space = std::min(left->find(' '), left->size());
    *right = left->substr(std::min(space + 1, left->size()));
    left->resize(space);
    return;
  }
  scanner.Open('[');
  for (std::string* const text : {left, right}) {
    if (scanner.Element()) scanner.Text(text);
  }
  if (scanner.Element()) scanner.Fail("the end of a pair");
}

Status ReadMerges(ByteView json, TokenizerData& data) {
  JsonScanner scanner(json, kFile);
  scanner.Open('[');
  std::string left, right;
  while (scanner.Element()) {
    if (data.merges.size() == limits::kMaxMerges) return Malformed("too many merges");
    ReadPair(scanner, &left, &right);
    if (!scanner.ok()) break;
    ANDON_ASSIGN_OR_RETURN(const TokenPair pair, MakeTokenPair(data.vocabulary, left, right));
    data.merges.push_back(pair);
  }
  return scanner.Finish();
}

const std::string* TextOf(const Json& value) { return value.get_ptr<const Json::string_t*>(); }

std::optional<uint32_t> IdOf(const Json& value) {
  const auto* const id = value.get_ptr<const Json::number_unsigned_t*>();
  return id == nullptr || *id > UINT32_MAX ? std::nullopt
                                           : std::optional(static_cast<uint32_t>(*id));
}

// {"id": 0, "content": "<s>", "special": true, ...}
Status ReadAddedToken(const Json& token, TokenizerData& data) {
  const auto id = IdOf(MemberOf(token, "id"));
  const std::string* const text = TextOf(MemberOf(token, "content"));
  const auto special = FlagOf(token, "special", false);
  bool known = id && text != nullptr && !text->empty() && special;
  for (const auto* const rule : {"single_word", "lstrip", "rstrip"}) {
    known = known && FlagOf(token, rule, false) == false;
  }
  if (!known) return NotRead("an added token", token);
  // The vocabulary of the model may have it.
  if (data.vocabulary.Find(*text) != id) {
    ANDON_RETURN_IF_ERROR(data.vocabulary.Add(*id, *text));
  }
  data.types.resize(data.vocabulary.size(), TokenType::kNormal);
  TokenType& type = data.types[*id];
  if (type != TokenType::kNormal) return Malformed("the added token ", Quoted(*text), " twice");
  type = *special ? TokenType::kControl : TokenType::kUserDefined;
  return Status();
}

// Each is built alone, however many there are.
Status ReadAddedTokens(const Members& root, TokenizerData& data) {
  const auto found = root.find("added_tokens");
  if (found == root.end()) return Status();
  JsonScanner scanner(found->second, kFile);
  scanner.Open('[');
  while (scanner.Element()) {
    const ByteView written = scanner.Skip();
    if (!scanner.ok()) break;
    ANDON_ASSIGN_OR_RETURN(
        const Json token, ParseJson(written, kFile, {.max_bytes = limits::kMaxTokenizerRuleBytes}));
    ANDON_RETURN_IF_ERROR(ReadAddedToken(token, data));
  }
  return scanner.Finish();
}

// "<s>", or {"content": "<s>"}; null is none.
Status ReadToken(const Json& value, const TokenizerData& data, std::optional<uint32_t>* out) {
  if (value.is_null()) return Status();
  const Json& content = MemberOf(value, "content");
  const std::string* const text = TextOf(content.is_null() ? value : content);
  const auto id = text == nullptr ? std::nullopt : data.vocabulary.Find(*text);
  if (!id) return NotRead("a token", value);
  *out = *id;
  return Status();
}

// What Andon's merging does not do.
Status CheckModel(const Json& model) {
  const Json& type = MemberOf(model, "type");
  if (!type.is_null() && type != Json("BPE")) return NotRead("a model", type);
  for (const auto* const key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const Json& value = MemberOf(model, key);
    if (!value.is_null() && value != Json("")) return NotRead(key, value);
  }
  const Json& dropout = MemberOf(model, "dropout");
  if (!dropout.is_null() && dropout != Json(0)) return NotRead("dropout", dropout);
  for (const auto* const key : {"byte_fallback", "ignore_merges"}) {
    if (!FlagOf(model, key, false)) return NotRead(key, MemberOf(model, key));
  }
  return Status();
}

Status ReadModel(const Members& root, const Json& rules, TokenizerData& data) {
  ANDON_ASSIGN_OR_RETURN(const ByteView written, Require(root, "model"));
  ANDON_ASSIGN_OR_RETURN(const Members members, ReadMembers(written));
  ANDON_ASSIGN_OR_RETURN(
      const Json model,
      Build(members, {"type", "dropout", "unk_token", "byte_fallback", "ignore_merges",
                      "continuing_subword_prefix", "end_of_word_suffix"}));
  ANDON_RETURN_IF_ERROR(CheckModel(model));
  data.ignore_merges = *FlagOf(model, "ignore_merges", false);
  ANDON_RETURN_IF_ERROR(ReadTextRules(rules, *FlagOf(model, "byte_fallback", false), data));
  ANDON_ASSIGN_OR_RETURN(const ByteView vocabulary, Require(members, "vocab"));
  ANDON_RETURN_IF_ERROR(ReadVocabulary(vocabulary, data));
  ANDON_ASSIGN_OR_RETURN(const ByteView merges, Require(members, "merges"));
  ANDON_RETURN_IF_ERROR(ReadMerges(merges, data));
  data.types.resize(data.vocabulary.size(), TokenType::kNormal);
  ANDON_RETURN_IF_ERROR(ReadAddedTokens(root, data));
  return ReadToken(MemberOf(model, "unk_token"), data, &data.unknown);
}

Status ReadFlag(const Json& config, std::string_view key, bool* out) {
  const auto flag = FlagOf(config, key, *out);
  if (!flag) return NotRead(key, config);
  *out = *flag;
  return Status();
}

// tokenizer_config.json
Status ReadConfig(ByteView json, TokenizerData& data) {
  if (json.empty()) return Status();
  ANDON_ASSIGN_OR_RETURN(const Json config, ParseJson(json, "tokenizer_config.json"));
  ANDON_RETURN_IF_ERROR(ReadToken(MemberOf(config, "bos_token"), data, &data.begin));
  ANDON_RETURN_IF_ERROR(ReadToken(MemberOf(config, "eos_token"), data, &data.end));
  ANDON_RETURN_IF_ERROR(ReadFlag(config, "add_bos_token", &data.add_begin));
  bool append_end = data.appended.has_value();
  ANDON_RETURN_IF_ERROR(ReadFlag(config, "add_eos_token", &append_end));
  if (!append_end) data.appended.reset();
  // The template's own stays: it may be another one than the end of an answer.
  if (append_end && !data.appended) data.appended = data.end;
  return append_end && !data.end ? NotRead("eos_token", config) : Status();
}

// generation_config.json: an id or a list of them, of which the first is the end where no other
// file names one.
Status ReadGenerationConfig(ByteView json, TokenizerData& data) {
  if (json.empty()) return Status();
  ANDON_ASSIGN_OR_RETURN(const Json config, ParseJson(json, "generation_config.json"));
  Json ends = MemberOf(config, "eos_token_id");
  if (ends.is_null()) return Status();
  if (!ends.is_array()) ends = Json::array({ends});
  for (const Json& end : ends) {
    const auto id = IdOf(end);
    if (!id || *id >= data.vocabulary.size()) return NotRead("eos_token_id", end);
    if (!data.end) data.end = id;
    data.end_of_turn.push_back(*id);
  }
  return Status();
}

}  // namespace

Result<TokenizerData> ParseTokenizerJson(ByteView tokenizer_json, ByteView tokenizer_config_json,
                                         ByteView generation_config_json) {
  if (tokenizer_json.size() > limits::kMaxTokenizerJsonBytes) {
    return Error(ErrorCode::kJsonTooLarge, kFile, ": ", tokenizer_json.size(), " bytes, more than ",
                 limits::kMaxTokenizerJsonBytes);
  }
  TokenizerData data;
  ANDON_ASSIGN_OR_RETURN(const Members root, ReadMembers(tokenizer_json));
  ANDON_ASSIGN_OR_RETURN(const Json rules,
                         Build(root, {"normalizer", "pre_tokenizer", "post_processor"}));
  ANDON_RETURN_IF_ERROR(ReadModel(root, rules, data));
  ANDON_RETURN_IF_ERROR(ReadPostProcessor(MemberOf(rules, "post_processor"), data));
  ANDON_RETURN_IF_ERROR(ReadConfig(tokenizer_config_json, data));
  ANDON_RETURN_IF_ERROR(ReadGenerationConfig(generation_config_json, data));
  AddKnownEnds(data);
  return data;
}

}  // namespace andon
