// The two 16-bit floats as bits: F16 (IEEE 754 binary16) and BF16 (the upper half of an F32).
// Narrowing rounds to nearest, ties to even; NaN stays NaN, quiet, with its sign.

#ifndef ANDON_COMMON_HALF_H_
#define ANDON_COMMON_HALF_H_

#include <bit>
#include <cstdint>

namespace andon {

inline float F16ToFloat(uint16_t half) {
  const uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t exponent = (half >> 10) & 0x1F;
  const uint32_t fraction = half & 0x3FF;
  uint32_t magnitude;
  if (exponent == 0) {  // zero or subnormal: a multiple of 2^-24, exact in F32
    magnitude = std::bit_cast<uint32_t>(static_cast<float>(fraction) * 0x1p-24f);
  } else if (exponent == 0x1F) {
    magnitude = 0x7F800000 | fraction << 13;
  } else {
    magnitude = (exponent + (127 - 15)) << 23 | fraction << 13;
  }
  return std::bit_cast<float>(sign | magnitude);
}

// value / 2^shift to the nearest integer, ties to even. REQUIRES: 1 <= shift <= 31, no overflow.
inline uint32_t ShiftToNearestEven(uint32_t value, uint32_t shift) {
  const uint32_t odd = (value >> shift) & 1;
  return (value + (1u << (shift - 1)) - 1 + odd) >> shift;
}

inline uint16_t FloatToF16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (bits >> 16) & 0x8000;
  const uint32_t magnitude = bits & 0x7FFFFFFF;
  uint32_t half;
  if (magnitude > 0x7F800000) {
    half = 0x7E00 | (magnitude >> 13 & 0x3FF);  // NaN
  } else if (magnitude >= 0x47800000) {
    half = 0x7C00;  // 2^16 and above
  } else if (magnitude >= 0x38800000) {
    half = ShiftToNearestEven(magnitude - ((127 - 15) << 23), 13);  // may carry up to infinity
  } else if (magnitude >= 0x33000000) {  // 2^-25 and above: a multiple of 2^-24
    const uint32_t significand = (magnitude & 0x7FFFFF) | 0x800000;
    half = ShiftToNearestEven(significand, 126 - (magnitude >> 23));
  } else {
    half = 0;
  }
  return static_cast<uint16_t>(sign | half);
}

inline float BF16ToFloat(uint16_t brain) {
  return std::bit_cast<float>(static_cast<uint32_t>(brain) << 16);
}

inline uint16_t FloatToBF16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7FFFFFFF) > 0x7F800000) return static_cast<uint16_t>(bits >> 16 | 0x40);  // NaN
  const uint32_t sign = (bits >> 16) & 0x8000;
  return static_cast<uint16_t>(sign | ShiftToNearestEven(bits & 0x7FFFFFFF, 16));
}

}  // namespace andon

#endif  // ANDON_COMMON_HALF_H_
