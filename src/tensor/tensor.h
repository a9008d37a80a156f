// Descriptors of tensors: what lies where. No arithmetic, no ownership.

#ifndef ANDON_TENSOR_TENSOR_H_
#define ANDON_TENSOR_TENSOR_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"

namespace andon {

enum class DType : uint8_t {
  kBool,
  kU8,
  kI8,
  kI16,
  kU16,
  kF16,
  kBF16,
  kI32,
  kU32,
  kF32,
  kF64,
  kI64,
  kU64
};

// Bytes of one element.
uint64_t DTypeSize(DType dtype);
// The name safetensors uses: "F32".
std::string_view DTypeName(DType dtype);
std::optional<DType> DTypeFromName(std::string_view name);

using Shape = std::vector<uint64_t>;  // slowest dimension first; empty for a scalar

// Product of the dimensions, multiplied in their order; nothing when a step does not fit in 64
// bits.
std::optional<uint64_t> ElementCount(const Shape& shape);
// "[3, 64]"
std::string ShapeText(const Shape& shape);

struct TensorView {
  DType dtype = DType::kF32;
  Shape shape;
  ByteView data;  // row-major little-endian, DTypeSize x ElementCount bytes, any alignment
};

// Tensors by name. REQUIRES: the bytes the views point into outlive the map.
using TensorMap = std::map<std::string, TensorView, std::less<>>;

}  // namespace andon

#endif  // ANDON_TENSOR_TENSOR_H_
