// Products of bytes, summed in pairs, and which arithmetic the quantised kernels use.
//
// Quantised weights meet quantised activations in one of two ways. Both sum whole numbers exactly
// and round alike after that, so they give the same bits; the tests hold them to it.
//   kWords  both are widened to 16 bits: one instruction multiplies 8 pairs and sums them in twos,
//   in 32 bits. kBytes  both stay bytes: one instruction multiplies 16 and sums them in twos, in 16
//   bits. Weights must be below 128, and only as
//           many sums may be added up as 16 bits hold. It needs relaxed SIMD.

#ifndef ANDON_KERNELS_PAIR_DOTS_H_
#define ANDON_KERNELS_PAIR_DOTS_H_

#include <cstdint>

#include "kernels/simd.h"

#ifndef __wasm_simd128__
#include <simde/x86/ssse3.h>
#endif

namespace andon {

enum class Arithmetic : uint8_t { kWords, kBytes };

#if defined(__wasm_relaxed_simd__) || !defined(__wasm_simd128__)
inline constexpr Arithmetic kFastest = Arithmetic::kBytes;
#else
inline constexpr Arithmetic kFastest = Arithmetic::kWords;
#endif

// i16[8]: a[2 i] b[2 i] + a[2 i + 1] b[2 i + 1] of signed `a` and of `b` from 0 to 127. With such a
// `b` machines whose instruction takes it as signed agree with those that take it as unsigned, and
// no sum saturates.
inline v128_t PairDots(v128_t a, v128_t b) {
#if defined(__wasm_relaxed_simd__)
  return wasm_i16x8_relaxed_dot_i8x16_i7x16(a, b);
#elif defined(__wasm_simd128__)
  const v128_t even = wasm_i16x8_mul(wasm_i16x8_shr(wasm_i16x8_shl(a, 8), 8),
                                     wasm_v128_and(b, wasm_i16x8_splat(255)));
  return wasm_i16x8_add(even, wasm_i16x8_mul(wasm_i16x8_shr(a, 8), wasm_u16x8_shr(b, 8)));
#else
  simde__m128i signed_a, unsigned_b;
  simde_memcpy(&signed_a, &a, sizeof(a));
  simde_memcpy(&unsigned_b, &b, sizeof(b));
  const simde__m128i sums = simde_mm_maddubs_epi16(unsigned_b, signed_a);
  v128_t result;
  simde_memcpy(&result, &sums, sizeof(sums));
  return result;
#endif
}

}  // namespace andon

#endif  // ANDON_KERNELS_PAIR_DOTS_H_
