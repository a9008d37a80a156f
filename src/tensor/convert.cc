#include "tensor/convert.h"

#include <bit>

#include "common/half.h"
#include "common/little_endian.h"

namespace andon {

std::vector<float> ToFloats(ByteView values, DType dtype) {
  const unsigned size = dtype == DType::kF32 ? 4 : 2;
  std::vector<float> floats(values.size() / size);
  for (size_t i = 0; i < floats.size(); ++i) {
    const auto bits = static_cast<uint32_t>(andon_load_le(&values[i * size], size));
    const auto half = static_cast<uint16_t>(bits);
    floats[i] = dtype == DType::kF32   ? std::bit_cast<float>(bits)
                : dtype == DType::kF16 ? F16ToFloat(half)
                                       : BF16ToFloat(half);
  }
  return floats;
}

Bytes FromFloats(const std::vector<float>& values, DType dtype) {
  const unsigned size = dtype == DType::kF32 ? 4 : 2;
  Bytes bytes(values.size() * size);
  for (size_t i = 0; i < values.size(); ++i) {
    const uint32_t bits = dtype == DType::kF32   ? std::bit_cast<uint32_t>(values[i])
                          : dtype == DType::kF16 ? FloatToF16(values[i])
                                                 : FloatToBF16(values[i]);
    andon_store_le(&bytes[i * size], size, bits);
  }
  return bytes;
}

}  // namespace andon
