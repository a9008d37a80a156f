#include "tensor/quantized.h"

namespace andon {

std::optional<WeightBlock> WeightBlockOf(uint32_t ggml_type) {
  switch (static_cast<WeightType>(ggml_type)) {
    case WeightType::kF32:
      return WeightBlock{1, 4, "F32"};
    case WeightType::kF16:
      return WeightBlock{1, 2, "F16"};
    case WeightType::kBF16:
      return WeightBlock{1, 2, "BF16"};
    case WeightType::kQ4_0:
      return WeightBlock{32, 18, "Q4_0"};
    case WeightType::kQ4_1:
      return WeightBlock{32, 20, "Q4_1"};
    case WeightType::kQ5_0:
      return WeightBlock{32, 22, "Q5_0"};
    case WeightType::kQ5_1:
      return WeightBlock{32, 24, "Q5_1"};
    case WeightType::kQ8_0:
      return WeightBlock{32, 34, "Q8_0"};
    case WeightType::kQ4_K:
      return WeightBlock{256, 144, "Q4_K"};
    case WeightType::kQ5_K:
      return WeightBlock{256, 176, "Q5_K"};
    case WeightType::kQ6_K:
      return WeightBlock{256, 210, "Q6_K"};
  }
  return std::nullopt;
}

WeightBlock WeightBlockOf(WeightType type) { return *WeightBlockOf(static_cast<uint32_t>(type)); }

}  // namespace andon
