// From whole numbers to float32: the one place where quantised kernels round, so that all of them
// round alike.

#ifndef ANDON_KERNELS_SUMS_H_
#define ANDON_KERNELS_SUMS_H_

#include <cstdint>

#include "kernels/matrix.h"
#include "kernels/pair_dots.h"
#include "kernels/simd.h"

namespace andon {

// How many sums of pairs of weights of kBits and int8 fit in 16 bits.
template <uint32_t kBits>
inline constexpr uint32_t kPairsInWord = 32767 / (2 * 127 * ((1 << kBits) - 1));

// Scales, and minima where a type has them, of a part: f32 of rows 0-3 and 4-7.
struct Scales {
  v128_t d[2];
  v128_t m[2];
};

// total += d * scale * dot + m * scaled sum, for one token.
template <bool kHasMinimum>
inline void AddScaled(const v128_t dot[2], const Scales& scales, float scale, float scaled_sum,
                      v128_t total[2]) {
  for (int half = 0; half < 2; ++half) {
    const v128_t factor = wasm_f32x4_mul(scales.d[half], wasm_f32x4_splat(scale));
    total[half] =
        wasm_f32x4_add(total[half], wasm_f32x4_mul(wasm_f32x4_convert_i32x4(dot[half]), factor));
    if constexpr (kHasMinimum) {
      total[half] =
          wasm_f32x4_add(total[half], wasm_f32x4_mul(scales.m[half], wasm_f32x4_splat(scaled_sum)));
    }
  }
}

// dot -= offset * (the sum of the 32 activations), whose halves are at `sums`.
template <int16_t kOffset>
inline void SubtractOffset(const int16_t* sums, v128_t dot[2]) {
  if constexpr (kOffset != 0) {
    const v128_t product =
        wasm_i32x4_dot_i16x8(wasm_v128_load32_splat(sums), wasm_i16x8_splat(kOffset));
    dot[0] = wasm_i32x4_sub(dot[0], product);
    dot[1] = wasm_i32x4_sub(dot[1], product);
  }
}

inline v128_t AddDot(v128_t sum, v128_t w, v128_t x) {
  return wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(w, x));
}

}  // namespace andon

#endif  // ANDON_KERNELS_SUMS_H_
