// Adapters as PEFT writes them: adapter_config.json and adapter_model.safetensors.

#ifndef ANDON_FORMATS_PEFT_H_
#define ANDON_FORMATS_PEFT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/io.h"
#include "common/json.h"
#include "common/status.h"
#include "formats/expert_params.h"

namespace andon {

struct PeftConfig {
  AdapterKind kind = AdapterKind::kLora;
  uint32_t rank = 0;
  double alpha = 0;
  bool rank_stabilized = false;  // use_rslora: alpha / sqrt(r)
  bool fan_in_fan_out = false;
  std::map<std::string, uint32_t> rank_pattern;
  std::map<std::string, double> alpha_pattern;
  std::vector<std::string> target_modules;
  std::vector<std::string> feedforward_modules;
  std::string base_model;
};

// Errors: Json..., PeftConfig naming the member; PeftUnsupported (peft_type, bias, modules_to_save
// ...).
Result<PeftConfig> ParsePeftConfig(ByteView json);

// One layer's tensors in the adapter file, by name, and where their data lies.
struct PeftTensor {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
  uint64_t offset = 0;  // absolute in the safetensors file
  uint64_t bytes = 0;
};
struct PeftLayer {
  uint32_t layer = 0;  // kNoLayer: embed_tokens, lm_head
  std::vector<PeftTensor> tensors;
};

// Which tensors belong to which layer, from the header of the safetensors file alone. Errors:
// Safetensors..., PeftTensorName where a name is none of those known (formats page, with the
// aliases), PeftUnsupported.
Result<std::vector<PeftLayer>> PlanPeft(InputFile& adapter);

// The layer with its data; `data` holds it and must outlive the result. Stored dtypes are kept, F64
// is refused. LoKr factors w1_a w1_b and w2_a w2_b are multiplied out in float32. Errors:
// PeftShape, PeftTensorMissing, WeightNotFinite, SourceUnreadable.
Result<AdapterLayer> ReadPeftLayer(InputFile& adapter, const PeftConfig& config,
                                   const PeftLayer& plan, Bytes& data);

}  // namespace andon

#endif  // ANDON_FORMATS_PEFT_H_
