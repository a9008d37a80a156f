#include "formats/expert_metadata_rules.h"

#include <algorithm>

#include "crypto/sha256.h"
#include "formats/semantic_version.h"

namespace andon {
namespace {

using Kind = ValueRule::Kind;

bool IsOneOf(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == text.npos;
}

constexpr std::string_view kLowerDigitsHyphen = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kRange =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+*^~<>=| -";
constexpr std::string_view kPath =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

bool IsSha256(std::string_view text) { return Sha256FromHex(text).has_value(); }

bool IsAdapterKind(std::string_view text) {
  return text == "lora" || text == "dora" || text == "ia3" || text == "osd" || text == "lokr";
}

bool IsWebAddress(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  }
  return false;
}

// "expert-sql" or "expert-sql@>=0.3.0"
bool IsRequirement(std::string_view text) {
  const size_t at = std::min(text.find('@'), text.size());
  return IsExpertName(text.substr(0, at)) &&
         (at == text.size() || IsOneOf(text.substr(at + 1), kRange));
}

// Plain components, none of which begins with a dot.
bool IsPlainPath(std::string_view text) {
  for (size_t begin = 0;;) {
    const size_t end = std::min(text.find('/', begin), text.size());
    const std::string_view component = text.substr(begin, end - begin);
    if (!IsOneOf(component, kPath) || component.front() == '.') return false;
    if (end == text.size()) return true;
    begin = end + 1;
  }
}

constexpr ValueRule Text(double max, std::string_view what,
                         bool (*form)(std::string_view) = nullptr) {
  return {.kind = Kind::kText, .min = 1, .max = max, .what = what, .form = form};
}
constexpr ValueRule Whole(double min, double max, std::string_view what) {
  return {.kind = Kind::kWhole, .min = min, .max = max, .what = what};
}
constexpr ValueRule Number(double min, double max, std::string_view what) {
  return {.kind = Kind::kNumber, .min = min, .max = max, .what = what};
}
constexpr ValueRule List(const ValueRule& element, double max, std::string_view what) {
  return {.kind = Kind::kList, .max = max, .what = what, .element = &element};
}
constexpr ValueRule Object(std::span<const MemberRule> members) {
  return {.kind = Kind::kObject, .what = "an object", .members = members};
}

constexpr ValueRule kWord = Text(128, "a text of 1 to 128 characters");
constexpr ValueRule kSentence = Text(2048, "a text of 1 to 2048 characters");
constexpr ValueRule kProse = Text(16384, "a text of 1 to 16384 characters");
constexpr ValueRule kName =
    Text(128, "\"expert-\" and lower-case letters, digits and hyphens, at most 128", IsExpertName);
constexpr ValueRule kVersion = Text(128, "a semantic version", IsSemanticVersion);
constexpr ValueRule kAddress = Text(2048, "an http or https address", IsWebAddress);
constexpr ValueRule kSha256 = Text(64, "64 lower-case hexadecimal digits", IsSha256);
constexpr ValueRule kFile = Text(255, "a plain relative path", IsPlainPath);
constexpr ValueRule kBool = {.kind = Kind::kBool, .what = "true or false"};
constexpr ValueRule kFraction = Number(0, 1, "a number from 0 to 1");
constexpr ValueRule kAmount = Number(0, 1e9, "a number from 0 to 1e9");
constexpr ValueRule kSize = Whole(1, 16777216, "a whole number from 1 to 16777216");
constexpr ValueRule kCount = Whole(1, 65536, "a whole number from 1 to 65536");
constexpr ValueRule kCounter =
    Whole(0, 9007199254740991, "a whole number from 0 to 9007199254740991");
constexpr ValueRule kWords = List(kWord, 1024, "a list of at most 1024");
constexpr ValueRule kValues = {
    .kind = Kind::kValues, .max = 256, .what = "at most 256 texts, numbers and bools by name"};
constexpr ValueRule kFree = {.kind = Kind::kFree, .what = "an object"};

constexpr MemberRule kRopeScalingMembers[] = {
    {"type", &kWord, true},
    {"factor", &kAmount},
    {"max_position_embeddings", &kSize},
    {"original_max_position_embeddings", &kSize},
    {"fine_grained", &kBool},
};
constexpr ValueRule kRopeScaling = Object(kRopeScalingMembers);

constexpr MemberRule kShapesMembers[] = {
    {"layers", &kCount, true},    {"hidden", &kSize, true},    {"intermediate", &kSize, true},
    {"heads", &kCount, true},     {"kv_heads", &kCount, true}, {"head_dim", &kCount, true},
    {"vocabulary", &kSize, true},
};
constexpr ValueRule kShapes = Object(kShapesMembers);

constexpr MemberRule kBaseModelMembers[] = {
    {"name", &kSentence, true},
    {"sha256", &kSha256},
    {"vocabulary_sha256", &kSha256},
    {"quantization", &kWord},
    {"rope_scaling", &kRopeScaling},
    {"prompt_template", &kWord},
    {"shapes", &kShapes},
};
constexpr ValueRule kBaseModel = Object(kBaseModelMembers);

constexpr ValueRule kAdapterKind = Text(4, "lora, dora, ia3, osd or lokr", IsAdapterKind);
constexpr ValueRule kRank = Whole(0, 65535, "a whole number from 0 to 65535");
constexpr MemberRule kAdapterMembers[] = {
    {"kind", &kAdapterKind, true}, {"rank", &kRank},
    {"alpha", &kAmount},           {"rank_stabilized", &kBool},
    {"target_modules", &kWords},   {"feedforward_modules", &kWords},
    {"scaling", &kWord},           {"dropout", &kFraction},
};
constexpr ValueRule kAdapter = Object(kAdapterMembers);

constexpr MemberRule kSoftPromptMembers[] = {
    {"name", &kWord, true},  {"tokens", &kCount, true}, {"path", &kFile},
    {"init_method", &kWord}, {"init_text", &kProse},    {"purpose", &kSentence},
};
constexpr ValueRule kSoftPrompt = Object(kSoftPromptMembers);
constexpr ValueRule kSoftPrompts = List(kSoftPrompt, 64, "a list of at most 64");

constexpr MemberRule kRoutingMembers[] = {
    {"keywords", &kWords},
    {"exclude_keywords", &kWords},
    {"router_hint", &kSentence},
    {"priority", &kFraction},
};
constexpr ValueRule kRouting = Object(kRoutingMembers);

constexpr ValueRule kNames = List(kName, 256, "a list of at most 256");
constexpr ValueRule kRequirement =
    Text(256, "the name of an expert, or one with \"@\" and a range of versions", IsRequirement);
constexpr ValueRule kRequirements = List(kRequirement, 256, "a list of at most 256");
constexpr ValueRule kLoadOrder = Whole(0, 65536, "a whole number from 0 to 65536");
constexpr MemberRule kConstraintsMembers[] = {
    {"max_chain", &kCount},
    {"load_order", &kLoadOrder},
    {"incompatible_with", &kNames},
    {"requires", &kRequirements},
};
constexpr ValueRule kConstraints = Object(kConstraintsMembers);

constexpr ValueRule kBatchSizes = List(kCount, 64, "a list of at most 64");
constexpr MemberRule kPerfMembers[] = {
    {"latency_ms_overhead", &kAmount},
    {"vram_mb_overhead", &kAmount},
    {"supported_batch_sizes", &kBatchSizes},
};
constexpr ValueRule kPerf = Object(kPerfMembers);

constexpr MemberRule kRuntimeMembers[] = {
    {"max_experts", &kCount},
    {"requires_kv_cache_persistence", &kBool},
    {"attention_kernel", &kWord},
};
constexpr ValueRule kRuntime = Object(kRuntimeMembers);

constexpr ValueRule kStops = List(kWord, 64, "a list of at most 64");
constexpr ValueRule kTemperature = Number(0, 2, "a number from 0 to 2");
constexpr ValueRule kTopK = Whole(0, 16777216, "a whole number from 0 to 16777216");
constexpr MemberRule kDecodingMembers[] = {
    {"use_grammar", &kBool}, {"grammar_type", &kWord},    {"grammar_file", &kFile},
    {"validation", &kWord},  {"stop_sequences", &kStops}, {"temperature", &kTemperature},
    {"top_p", &kFraction},   {"top_k", &kTopK},           {"min_p", &kFraction},
};
constexpr ValueRule kDecoding = Object(kDecodingMembers);

constexpr MemberRule kLimitationMembers[] = {
    {"pattern", &kWord},
    {"description", &kSentence, true},
    {"example", &kSentence},
    {"workaround", &kSentence},
};
constexpr ValueRule kLimitation = Object(kLimitationMembers);
constexpr ValueRule kLimitations = List(kLimitation, 256, "a list of at most 256");

constexpr MemberRule kMetadataMembers[] = {
    {"name", &kName, true},
    {"version", &kVersion, true},
    {"release_counter", &kCounter},
    {"description", &kProse},
    {"author", &kSentence},
    {"homepage", &kAddress},
    {"license", &kWord},
    {"tags", &kWords},
    {"capabilities", &kWords},
    {"base_model", &kBaseModel},
    {"adapter", &kAdapter},
    {"soft_prompts", &kSoftPrompts},
    {"routing", &kRouting},
    {"constraints", &kConstraints},
    {"perf", &kPerf},
    {"runtime", &kRuntime},
    {"decoding", &kDecoding},
    {"quality_metrics", &kValues},
    {"limitations", &kLimitations},
    {"training", &kFree},
    {"extensions", &kFree},
};
constexpr ValueRule kMetadata = Object(kMetadataMembers);

}  // namespace

const ValueRule& ExpertMetadataRule() { return kMetadata; }

bool IsExpertName(std::string_view text) {
  constexpr std::string_view kStart = "expert-";
  return text.starts_with(kStart) && IsOneOf(text.substr(kStart.size()), kLowerDigitsHyphen);
}

}  // namespace andon
