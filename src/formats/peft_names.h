// The names of tensors in adapter_model.safetensors (peft.h has them all).

#ifndef ANDON_FORMATS_PEFT_NAMES_H_
#define ANDON_FORMATS_PEFT_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

#include "formats/expert_index.h"
#include "formats/peft.h"

namespace andon {

struct PeftName {
  uint32_t layer = kNoLayer;
  std::string module = {};  // without "base_model.model."
  AdapterTarget target = AdapterTarget::kQ;
  PeftSlot slot = PeftSlot::kA;
};

// A module by its path alone, "model.layers.0.self_attn.q_proj" or "lm_head": with layer, module
// and target. Nothing where it is none that an adapter can change.
std::optional<PeftName> ParseModuleName(std::string_view module);

// Errors: PeftTensorName; PeftUnsupported for tensors that PEFT writes and .expert cannot hold.
Result<PeftName> ParsePeftName(std::string_view name);

// The name that PEFT gives the tensor.
std::string PeftNameOf(uint32_t layer, AdapterTarget target, PeftSlot slot);

}  // namespace andon

#endif  // ANDON_FORMATS_PEFT_NAMES_H_
