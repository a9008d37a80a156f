#include "formats/peft_names.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace andon {
namespace {

constexpr std::string_view kPrefix = "base_model.model.";

struct SlotSuffix {
  std::string_view suffix;
  PeftSlot slot;
};

// The first of each slot is the one that PEFT writes.
constexpr SlotSuffix kSlots[] = {
    {".lora_A.weight", PeftSlot::kA},
    {".lora_A", PeftSlot::kA},
    {".lora_embedding_A", PeftSlot::kA},
    {".lora_B.weight", PeftSlot::kB},
    {".lora_B", PeftSlot::kB},
    {".lora_embedding_B", PeftSlot::kB},
    {".lora_magnitude_vector", PeftSlot::kMagnitude},
    {".lora_magnitude_vector.weight", PeftSlot::kMagnitude},
    {".lora_magnitude", PeftSlot::kMagnitude},
    {".ia3_l", PeftSlot::kIa3},
    {".ia3_scale", PeftSlot::kIa3},
    {".lokr_w1", PeftSlot::kW1},
    {".lokr_A", PeftSlot::kW1},
    {".lokr_w1_a", PeftSlot::kW1A},
    {".lokr_w1_b", PeftSlot::kW1B},
    {".lokr_w2", PeftSlot::kW2},
    {".lokr_B", PeftSlot::kW2},
    {".lokr_w2_a", PeftSlot::kW2A},
    {".lokr_w2_b", PeftSlot::kW2B},
};

struct TargetName {
  std::string_view path;  // after "layers.N."; outside the layers the whole
  AdapterTarget target;
};

constexpr TargetName kLayerTargets[] = {
    {"self_attn.q_proj", AdapterTarget::kQ}, {"self_attn.k_proj", AdapterTarget::kK},
    {"self_attn.v_proj", AdapterTarget::kV}, {"self_attn.o_proj", AdapterTarget::kO},
    {"mlp.gate_proj", AdapterTarget::kGate}, {"mlp.up_proj", AdapterTarget::kUp},
    {"mlp.down_proj", AdapterTarget::kDown},
};

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Decimal without leading zeros, followed by a dot.
std::optional<uint32_t> TakeLayer(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find('.'));
  uint32_t layer = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), layer);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || (digits.size() > 1 && digits[0] == '0') || layer == kNoLayer) return std::nullopt;
  text.remove_prefix(digits.size());
  if (!TakePrefix(text, ".")) return std::nullopt;
  return layer;
}

bool ParseModule(std::string_view module, PeftName& name) {
  if (module == "lm_head") {
    name.target = AdapterTarget::kLmHead;
    return true;
  }
  TakePrefix(module, "model.");
  if (module == "embed_tokens") {
    name.target = AdapterTarget::kEmbedTokens;
    return true;
  }
  if (!TakePrefix(module, "layers.")) return false;
  const std::optional<uint32_t> layer = TakeLayer(module);
  for (const auto& [path, target] : kLayerTargets) {
    if (!layer || module != path) continue;
    name.layer = *layer;
    name.target = target;
    return true;
  }
  return false;
}

bool IsUnsupported(std::string_view name) {
  constexpr std::string_view kParts[] = {".bias", ".lora_E", ".lokr_t2", ".hada_",
                                         ".modules_to_save"};
  for (const std::string_view part : kParts) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

bool IsEmbedding(std::string_view suffix) { return suffix.starts_with(".lora_embedding_"); }

}  // namespace

std::optional<PeftName> ParseModuleName(std::string_view module) {
  PeftName name{.module = std::string(module)};
  if (!ParseModule(module, name)) return std::nullopt;
  return name;
}

Result<PeftName> ParsePeftName(std::string_view name) {
  std::string_view rest = name;
  TakePrefix(rest, kPrefix);
  for (const auto& [suffix, slot] : kSlots) {
    if (!rest.ends_with(suffix)) continue;
    PeftName result{.slot = slot};
    result.module = rest.substr(0, rest.size() - suffix.size());
    const bool known = ParseModule(result.module, result);
    if (known && (result.target == AdapterTarget::kEmbedTokens || !IsEmbedding(suffix))) {
      return result;
    }
  }
  const bool unsupported = IsUnsupported(name);
  return Error(unsupported ? ErrorCode::kPeftUnsupported : ErrorCode::kPeftTensorName,
               "adapter_model.safetensors: tensor ", Quoted(name));
}

std::string PeftNameOf(uint32_t layer, AdapterTarget target, PeftSlot slot) {
  std::string name(kPrefix);
  if (target == AdapterTarget::kLmHead) {
    name += "lm_head";
  } else if (target == AdapterTarget::kEmbedTokens) {
    name += "model.embed_tokens";
    if (slot == PeftSlot::kA) return name + ".lora_embedding_A";
    if (slot == PeftSlot::kB) return name + ".lora_embedding_B";
  } else {
    const size_t index = static_cast<size_t>(target);  // kLayerTargets has them in this order
    name += "model.layers." + std::to_string(layer) + "." + std::string(kLayerTargets[index].path);
  }
  for (const auto& [suffix, candidate] : kSlots) {
    if (candidate == slot) return name + std::string(suffix);
  }
  return name;
}

}  // namespace andon
