// The types of weights that GGUF files hold: blocks of numbers that share a scale. Layouts: ggml's
// ggml-common.h.

#ifndef ANDON_TENSOR_QUANTIZED_H_
#define ANDON_TENSOR_QUANTIZED_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace andon {

// Values are those of ggml_type.
enum class WeightType : uint32_t {
  kF32 = 0,
  kF16 = 1,
  kQ4_0 = 2,
  kQ4_1 = 3,
  kQ5_0 = 6,
  kQ5_1 = 7,
  kQ8_0 = 8,
  kQ4_K = 12,
  kQ5_K = 13,
  kQ6_K = 14,
  kBF16 = 30,
};

struct WeightBlock {
  uint32_t weights;  // in a block
  uint32_t bytes;    // of a block
  std::string_view name;
};

// Nothing for a type that Andon does not read.
std::optional<WeightBlock> WeightBlockOf(uint32_t ggml_type);
// REQUIRES: a member of the enumeration.
WeightBlock WeightBlockOf(WeightType type);

}  // namespace andon

#endif  // ANDON_TENSOR_QUANTIZED_H_
