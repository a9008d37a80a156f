// Numbers of two bytes, read from packed weights.

#ifndef ANDON_KERNELS_F16_H_
#define ANDON_KERNELS_F16_H_

#include <cstdint>
#include <cstring>

#include "common/half.h"
#include "kernels/simd.h"

namespace andon {

inline uint16_t LoadU16(const uint8_t* from) {
  uint16_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}
inline float LoadF16(const uint8_t* from) { return F16ToFloat(LoadU16(from)); }

// Four float16, as float: the exponent is moved by a multiplication, which is exact, subnormals
// included. What comes out as 2^16 or above was infinite or not a number.
inline v128_t LoadF16x4(const uint8_t* from) {
  const v128_t half = wasm_u32x4_load16x4(from);
  const v128_t magnitude = wasm_i32x4_shl(wasm_v128_and(half, wasm_i32x4_splat(0x7FFF)), 13);
  const v128_t sign = wasm_i32x4_shl(wasm_v128_and(half, wasm_i32x4_splat(0x8000)), 16);
  const v128_t finite = wasm_f32x4_mul(magnitude, wasm_f32x4_splat(0x1p112F));
  const v128_t special =
      wasm_v128_and(wasm_f32x4_ge(finite, wasm_f32x4_splat(0x1p16F)), wasm_i32x4_splat(0x7F800000));
  return wasm_v128_or(wasm_v128_or(finite, special), sign);
}

}  // namespace andon

#endif  // ANDON_KERNELS_F16_H_
