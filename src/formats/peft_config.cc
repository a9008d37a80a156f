#include <cmath>
#include <functional>
#include <string_view>

#include "formats/peft.h"
#include "formats/peft_pattern.h"

namespace andon {
namespace {

constexpr std::string_view kFile = "adapter_config.json: ";

Status Malformed(std::string_view member, std::string_view what) {
  return Error(ErrorCode::kPeftConfig, kFile, member, ": ", what);
}

Status Unsupported(std::string_view member, std::string_view reason) {
  return Error(ErrorCode::kPeftUnsupported, kFile, member, ": ", reason);
}

// The member, or null where it is absent: PEFT writes both for "not set".
const Json& Member(const Json& config, const char* key) {
  static const Json kNull;
  const auto member = config.find(key);
  return member == config.end() ? kNull : *member;
}

// null, false, "", [] and {}: a feature that is off.
bool IsOff(const Json& value) {
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.is_null() || (value.is_structured() && value.empty());
}

Status ReadBool(const Json& config, const char* key, bool* out) {
  const Json& value = Member(config, key);
  if (value.is_null()) return Status();
  if (!value.is_boolean()) return Malformed(key, "not a boolean");
  *out = value.get<bool>();
  return Status();
}

Status ReadRank(const Json& value, std::string_view key, uint32_t* out) {
  if (value.is_null()) return Status();
  const bool positive = value.is_number_unsigned() && value.get<uint64_t>() > 0;
  if (!positive || value.get<uint64_t>() > UINT16_MAX) return Malformed(key, "not a rank");
  *out = static_cast<uint32_t>(value.get<uint64_t>());
  return Status();
}

Status ReadAlpha(const Json& value, std::string_view key, double* out) {
  if (value.is_null()) return Status();
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    return Malformed(key, "not a number");
  }
  *out = value.get<double>();
  return Status();
}

template <typename T>
Status ReadPatterns(const Json& config, const char* key,
                    Status (*read)(const Json&, std::string_view, T*),
                    std::vector<std::pair<std::string, T>>* out) {
  const Json& patterns = Member(config, key);
  if (IsOff(patterns)) return Status();
  if (!patterns.is_object()) return Malformed(key, "not an object");
  for (const auto& [pattern, value] : patterns.items()) {
    ANDON_RETURN_IF_ERROR(CheckPeftPattern(pattern));
    T number = 0;
    if (value.is_null()) return Malformed(key, "a value is null");
    ANDON_RETURN_IF_ERROR(read(value, key, &number));
    out->emplace_back(pattern, number);
  }
  return Status();
}

// What the tensors of the adapter do not hold, or what changes how they are used.
Status CheckFeatures(const Json& config) {
  static constexpr std::pair<const char*, std::string_view> kRefused[] = {
      {"lora_bias", "biases cannot be packed"},
      {"modules_to_save", "whole modules cannot be packed"},
      {"trainable_token_indices", "token embeddings cannot be packed"},
      {"target_parameters", "adapters of bare parameters cannot be packed"},
      {"layer_replication", "the base model is another than the one it is named after"},
      {"use_qalora", "inputs are pooled in groups"},
      {"use_bdlora", "factors are block-diagonal"},
      {"alora_invocation_tokens", "it is active for a part of the text alone"},
      {"arrow_config", "it is one of several that are routed"},
  };
  for (const auto& [key, reason] : kRefused) {
    if (!IsOff(Member(config, key))) return Unsupported(key, reason);
  }
  const Json& bias = Member(config, "bias");
  if (!IsOff(bias) && bias != "none") return Unsupported("bias", "biases cannot be packed");
  return Status();
}

// PiSSA, OLoRA, CorDA, LoftQ and others subtract from the base model what the adapter starts with.
Status CheckInitialisation(const Json& config) {
  const Json& value = Member(config, "init_lora_weights");
  const bool keeps_base = value.is_null() || value.is_boolean() || value == "gaussian" ||
                          value == "eva" || value == "orthogonal";
  if (keeps_base) return Status();
  return Unsupported("init_lora_weights", "it was trained against a base model that it changed");
}

Status ReadKind(const Json& config, AdapterKind* kind) {
  const Json& type = Member(config, "peft_type");
  if (!type.is_string()) return Malformed("peft_type", "not a text");
  bool dora = false;
  ANDON_RETURN_IF_ERROR(ReadBool(config, "use_dora", &dora));
  if (type == "LORA") {
    *kind = dora ? AdapterKind::kDora : AdapterKind::kLora;
  } else if (type == "IA3") {
    *kind = AdapterKind::kIa3;
  } else if (type == "LOKR") {
    *kind = AdapterKind::kLokr;
  } else if (type == "ADALORA") {
    return Unsupported("ADALORA", "the rank that its scale is divided by is not saved with it");
  } else if (type == "LORAFA" || type == "LORA_FA" || type == "LORA-FA") {
    return Unsupported("LoRA-FA", "its A, which was never trained, is not in the file");
  } else {
    return Unsupported("peft_type", Quoted(type.get_ref<const std::string&>()));
  }
  return Status();
}

Status ReadFeedforward(const Json& config, PeftConfig* out) {
  const Json& modules = Member(config, "feedforward_modules");
  if (IsOff(modules)) return Status();
  if (modules.is_string()) {
    out->feedforward_is_pattern = true;
    out->feedforward_modules = {modules.get<std::string>()};
    return CheckPeftPattern(out->feedforward_modules.front());
  }
  if (!modules.is_array()) return Malformed("feedforward_modules", "neither a list nor a text");
  for (const Json& module : modules) {
    if (!module.is_string()) return Malformed("feedforward_modules", "not a text");
    out->feedforward_modules.push_back(module.get<std::string>());
  }
  return Status();
}

Status ReadBaseModel(const Json& config, std::string* out) {
  const Json& name = Member(config, "base_model_name_or_path");
  if (name.is_null()) return Status();
  if (!name.is_string()) return Malformed("base_model_name_or_path", "not a text");
  *out = name.get<std::string>();
  return Status();
}

}  // namespace

Result<PeftConfig> ParsePeftConfig(ByteView json) {
  ANDON_ASSIGN_OR_RETURN(const Json config, ParseJson(json, "adapter_config.json"));
  if (!config.is_object()) return Malformed("root", "not an object");
  PeftConfig result;
  ANDON_RETURN_IF_ERROR(ReadKind(config, &result.kind));
  ANDON_RETURN_IF_ERROR(CheckFeatures(config));
  ANDON_RETURN_IF_ERROR(CheckInitialisation(config));
  const bool lokr = result.kind == AdapterKind::kLokr;
  ANDON_RETURN_IF_ERROR(ReadRank(Member(config, "r"), "r", &result.rank));
  const char* alpha = lokr ? "alpha" : "lora_alpha";
  ANDON_RETURN_IF_ERROR(ReadAlpha(Member(config, alpha), alpha, &result.alpha));
  if (!lokr) ANDON_RETURN_IF_ERROR(ReadBool(config, "use_rslora", &result.rank_stabilized));
  ANDON_RETURN_IF_ERROR(ReadPatterns(config, "rank_pattern", ReadRank, &result.rank_pattern));
  ANDON_RETURN_IF_ERROR(ReadPatterns(config, "alpha_pattern", ReadAlpha, &result.alpha_pattern));
  ANDON_RETURN_IF_ERROR(ReadFeedforward(config, &result));
  ANDON_RETURN_IF_ERROR(ReadBaseModel(config, &result.base_model));
  return result;
}

}  // namespace andon
