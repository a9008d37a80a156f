#include "language/hf_tokenizer_rules.h"

#include <algorithm>
#include <array>
#include <vector>

namespace andon {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581 stands for a space

// As the library writes them.
constexpr std::string_view kQwen2Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kLlama3Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

bool Is(const Json& value, std::string_view text) {
  const auto* const string = value.get_ptr<const Json::string_t*>();
  return string != nullptr && *string == text;
}

bool IsStep(const Json& step, std::string_view type) { return Is(MemberOf(step, "type"), type); }

// The steps of {"type": "Sequence", LIST: [...]}, or the one that stands alone; none of null.
std::vector<Json> StepsOf(const Json& value, std::string_view list) {
  if (value.is_null()) return {};
  const Json& steps = MemberOf(value, list);
  if (!IsStep(value, "Sequence") || !steps.is_array()) return {value};
  return steps.get<std::vector<Json>>();
}

bool IsByteLevel(const Json& step, bool use_regex) {
  return IsStep(step, "ByteLevel") && FlagOf(step, "add_prefix_space", true) == false &&
         FlagOf(step, "use_regex", true) == use_regex;
}

std::optional<WordRule> RuleOfSplit(const Json& step) {
  if (!IsStep(step, "Split") || !Is(MemberOf(step, "behavior"), "Isolated")) return std::nullopt;
  if (FlagOf(step, "invert", true) != false) return std::nullopt;
  const Json& pattern = MemberOf(MemberOf(step, "pattern"), "Regex");
  if (Is(pattern, kQwen2Pattern)) return WordRule::kQwen2;
  if (Is(pattern, kLlama3Pattern)) return WordRule::kLlama3;
  return std::nullopt;
}

std::optional<WordRule> RuleOfSteps(const std::vector<Json>& steps) {
  if (steps.size() == 1 && IsByteLevel(steps[0], true)) return WordRule::kGpt2;
  if (steps.size() != 2) return std::nullopt;
  if (IsByteLevel(steps[1], false)) return RuleOfSplit(steps[0]);
  const bool digits =
      IsStep(steps[0], "Digits") && FlagOf(steps[0], "individual_digits", false) == true;
  return digits && IsByteLevel(steps[1], true) ? std::optional(WordRule::kGpt2Digits)
                                               : std::nullopt;
}

// What an error names: the first pattern, or all that there is.
const Json& PatternOf(const std::vector<Json>& steps, const Json& pre_tokenizer) {
  for (const Json& step : steps) {
    const Json& pattern = MemberOf(MemberOf(step, "pattern"), "Regex");
    if (!pattern.is_null()) return pattern;
  }
  return pre_tokenizer;
}

Status ReadBytePairs(const Json& normalizer, const Json& pre_tokenizer, TokenizerData& data) {
  const std::vector<Json> steps = StepsOf(pre_tokenizer, "pretokenizers");
  const auto rule = RuleOfSteps(steps);
  if (!rule) return NotRead("a pre_tokenizer", PatternOf(steps, pre_tokenizer));
  data.kind = TokenizerKind::kBytePairs;
  data.words = *rule;
  for (const Json& step : StepsOf(normalizer, "normalizers")) {
    if (!IsStep(step, "NFC")) return NotRead("a normalizer", normalizer);
    data.normalize_nfc = true;
  }
  return Status();
}

bool ReplacesSpace(const Json& step) {
  return IsStep(step, "Replace") && Is(MemberOf(MemberOf(step, "pattern"), "String"), " ") &&
         Is(MemberOf(step, "content"), kSpace);
}

bool PrependsSpace(const Json& step) {
  return IsStep(step, "Prepend") && Is(MemberOf(step, "prepend"), kSpace);
}

// Newer files: spaces are replaced before the text is cut, which it is not.
std::optional<SpacePrefix> PrefixOfMetaspace(const Json& step) {
  const bool known = IsStep(step, "Metaspace") && Is(MemberOf(step, "replacement"), kSpace) &&
                     FlagOf(step, "split", true) == false;
  const Json& scheme = MemberOf(step, "prepend_scheme");
  if (known && Is(scheme, "first")) return SpacePrefix::kFirst;
  if (known && Is(scheme, "never")) return SpacePrefix::kNone;
  return std::nullopt;
}

std::optional<SpacePrefix> PrefixOfNormalizer(const std::vector<Json>& steps) {
  if (steps.size() == 1 && ReplacesSpace(steps[0])) return SpacePrefix::kNone;
  if (steps.size() == 2 && PrependsSpace(steps[0]) && ReplacesSpace(steps[1])) {
    return SpacePrefix::kEach;
  }
  return std::nullopt;
}

Status ReadSentencePiece(const Json& normalizer, const Json& pre_tokenizer, TokenizerData& data) {
  data.kind = TokenizerKind::kSentencePiece;
  if (normalizer.is_null() == pre_tokenizer.is_null()) {
    return NotRead("a normalizer with a pre_tokenizer", normalizer);
  }
  const auto prefix = normalizer.is_null() ? PrefixOfMetaspace(pre_tokenizer)
                                           : PrefixOfNormalizer(StepsOf(normalizer, "normalizers"));
  if (!prefix) {
    return normalizer.is_null() ? NotRead("a pre_tokenizer", pre_tokenizer)
                                : NotRead("a normalizer", normalizer);
  }
  data.space_prefix = *prefix;
  return Status();
}

// {"SpecialToken": {"id": "<s>"}}: the id that special_tokens gives it.
Result<uint32_t> TemplateToken(const Json& item, const Json& post_processor,
                               const TokenizerData& data) {
  const Json& name = MemberOf(MemberOf(item, "SpecialToken"), "id");
  const auto* const text = name.get_ptr<const Json::string_t*>();
  const auto id = text == nullptr ? std::nullopt : data.vocabulary.Find(*text);
  if (!id) return NotRead("a template", post_processor);
  return *id;
}

Status ReadTemplate(const Json& post_processor, TokenizerData& data) {
  const Json& items = MemberOf(post_processor, "single");
  if (!items.is_array()) return NotRead("a template", post_processor);
  size_t texts = 0;
  for (const Json& item : items) {
    if (Is(MemberOf(MemberOf(item, "Sequence"), "id"), "A")) {
      ++texts;
      continue;
    }
    if (texts == 0 ? data.add_begin : data.appended.has_value())
      return NotRead("a template", post_processor);
    ANDON_ASSIGN_OR_RETURN((texts == 0 ? data.begin : data.appended),
                           TemplateToken(item, post_processor, data));
    data.add_begin = data.add_begin || texts == 0;
  }
  if (texts != 1) return NotRead("a template", post_processor);
  if (data.appended) data.end = data.appended;
  return Status();
}

}  // namespace

const Json& MemberOf(const Json& object, std::string_view key) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

std::optional<bool> FlagOf(const Json& object, std::string_view key, bool absent) {
  const Json& value = MemberOf(object, key);
  if (value.is_null()) return absent;
  return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
}

Status NotRead(std::string_view what, const Json& value) {
  return Error(ErrorCode::kTokenizerError, "tokenizer.json: ", what, " of the form ",
               Quoted(DumpJson(value)), " is not read");
}

Status ReadTextRules(const Json& rules, bool byte_fallback, TokenizerData& data) {
  const Json& normalizer = MemberOf(rules, "normalizer");
  const Json& pre_tokenizer = MemberOf(rules, "pre_tokenizer");
  if (byte_fallback) return ReadSentencePiece(normalizer, pre_tokenizer, data);
  return ReadBytePairs(normalizer, pre_tokenizer, data);
}

Status ReadPostProcessor(const Json& post_processor, TokenizerData& data) {
  for (const Json& step : StepsOf(post_processor, "processors")) {
    if (IsStep(step, "ByteLevel")) continue;  // where tokens lie in the text, which is not asked
    if (!IsStep(step, "TemplateProcessing")) return NotRead("a post_processor", step);
    ANDON_RETURN_IF_ERROR(ReadTemplate(step, data));
  }
  return Status();
}

}  // namespace andon
