// Adapters as PEFT writes them: adapter_config.json and adapter_model.safetensors.
//
// Tensor names are [base_model.model.]MODULE.TENSOR, where MODULE is [model.]layers.N.self_attn.
// {q,k,v,o}_proj, [model.]layers.N.mlp.{gate,up,down}_proj, [model.]embed_tokens or lm_head, and
// TENSOR is one of those in PeftSlot. Shapes and scales are those of PEFT's layer classes
// (LoraLayer, IA3Layer, LoKrLayer):
//
//   LoRA   A [r, in], B [out, r]; scale = alpha / r, with use_rslora alpha / sqrt(r)
//   DoRA   the same and a magnitude [out]
//   IA3    [out, 1], or [1, in] for feed-forward modules
//   LoKr   w1 [l, m], or w1_a [l, r] w1_b [r, m]; w2 likewise; scale = alpha / r
//
// fan_in_fan_out says how the base stores its weights, not how the adapter does; PEFT ignores it
// for the linear layers that are read here, and so does this.

#ifndef ANDON_FORMATS_PEFT_H_
#define ANDON_FORMATS_PEFT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "common/io.h"
#include "common/json.h"
#include "common/status.h"
#include "formats/expert_params.h"

namespace andon {

struct PeftConfig {
  AdapterKind kind = AdapterKind::kLora;
  uint32_t rank = 8;  // defaults as in PEFT
  double alpha = 8;
  bool rank_stabilized = false;  // use_rslora
  // Overrides by pattern (peft_pattern.h); the first that matches counts.
  std::vector<std::pair<std::string, uint32_t>> rank_pattern;
  std::vector<std::pair<std::string, double>> alpha_pattern;
  // Of IA3: the ends of the names of modules whose input is scaled; or one pattern for whole names.
  std::vector<std::string> feedforward_modules;
  bool feedforward_is_pattern = false;
  std::string base_model;
};

// Errors: Json..., PeftConfig naming the member, PeftUnsupported with the reason: kinds other than
// LORA, IA3 and LOKR (of ADALORA the rank that its scale is divided by is not saved), trained
// biases, modules_to_save and whatever else the adapter alone does not hold, and initialisations
// that change the base model (PiSSA, OLoRA, CorDA, LoftQ).
Result<PeftConfig> ParsePeftConfig(ByteView json);

enum class PeftSlot : uint8_t {
  kA,          // lora_A.weight, lora_A; lora_embedding_A
  kB,          // lora_B.weight, lora_B; lora_embedding_B
  kMagnitude,  // lora_magnitude_vector, lora_magnitude_vector.weight, lora_magnitude
  kIa3,        // ia3_l, ia3_scale
  kW1,         // lokr_w1, lokr_A
  kW1A,
  kW1B,
  kW2,  // lokr_w2, lokr_B
  kW2A,
  kW2B,
};

// A tensor of the adapter file, and where its data lies.
struct PeftTensor {
  std::string name;
  std::string module;  // "model.layers.0.self_attn.q_proj": what patterns are matched with
  AdapterTarget target = AdapterTarget::kQ;
  PeftSlot slot = PeftSlot::kA;
  DType dtype = DType::kF32;  // kF32, kF16 or kBF16
  Shape shape;
  uint64_t offset = 0;  // absolute in the safetensors file
  uint64_t bytes = 0;
};
struct PeftLayer {
  uint32_t layer = 0;  // kNoLayer: embed_tokens, lm_head
  std::vector<PeftTensor> tensors;
};
struct PeftPlan {
  Bytes head;                     // of the safetensors file: header length and header
  std::vector<PeftLayer> layers;  // ascending, kNoLayer last
};

// Which tensors belong to which layer, in the order of the file. Errors:
// Safetensors..., SourceUnreadable, PeftTensorName where a name is none of those known or says the
// same as another, PeftTensorMissing where there are none, PeftUnsupported.
Result<PeftPlan> PlanPeft(InputFile& adapter);

// Whether ReadPeftLayer takes every tensor over as the file has it.
bool IsVerbatim(const PeftPlan& plan, std::optional<DType> dtype);

struct PeftAdapterLayer {
  AdapterLayer layer;
  std::vector<Bytes> data;  // what the modules point into
};

// The layer with its data. Tensors of a module have one dtype in the result: `dtype`, or theirs
// where they agree, otherwise float32. Products of factors (w1_a w1_b, w2_a w2_b) are computed in
// float32. Errors: PeftShape, PeftTensorMissing, PeftUnsupported, SourceUnreadable.
Result<PeftAdapterLayer> ReadPeftLayer(InputFile& adapter, const PeftConfig& config,
                                       const PeftLayer& plan, std::optional<DType> dtype);

}  // namespace andon

#endif  // ANDON_FORMATS_PEFT_H_
