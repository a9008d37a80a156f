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

// Four float16 that are finite, 2^-112 times as large: their exponents are where a float has its.
inline v128_t LoadSmallF16x4(const uint8_t* from) {
  const v128_t moved = wasm_i32x4_shl(wasm_i32x4_load16x4(from), 13);
  return wasm_v128_and(moved, wasm_i32x4_splat(INT32_MIN | 0xFFFFFFF));
}

// Four float16 of any kind, as float: a multiplication moves the exponent, which is exact,
// subnormals included.
inline v128_t LoadF16x4(const uint8_t* from) {
  constexpr int32_t kExponent = 0x1F << 23;
  const v128_t small = LoadSmallF16x4(from);
  const v128_t exponent = wasm_i32x4_splat(kExponent);
  const v128_t special =
      wasm_i32x4_eq(wasm_v128_and(small, exponent), exponent);  // infinite or not a number
  const v128_t finite = wasm_f32x4_mul(small, wasm_f32x4_splat(0x1p112F));
  return wasm_v128_or(finite, wasm_v128_and(special, wasm_i32x4_splat(0x7F800000)));
}

}  // namespace andon

#endif  // ANDON_KERNELS_F16_H_
