// The loop that all quantised types share: a group of eight rows times a tile of tokens.
//
// A weight type W has
//   kColumns     columns of a block, 32 or 256
//   kBytes       of a block of eight rows
//   kHasMinimum  whether its weights are d * q + m rather than d * q
//   Load(block, sub, step, w)   w[0..1]: columns 4 step, 4 step + 1 of rows 0-3 and 4-7 of the sub-block of 32, as int16;
//                               w[2..3]: the two columns after them
//   Scale(block, sub, d, m)     d and m of rows 0-3 and 4-7, as float

#ifndef ANDON_KERNELS_GROUP_KERNEL_H_
#define ANDON_KERNELS_GROUP_KERNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/matrix.h"
#include "kernels/simd.h"

namespace andon {

// Four float16 at `from`, as float: the exponent is moved by a multiplication, which is exact, subnormals included.
inline v128_t LoadF16x4(const uint8_t* from) {
  const v128_t half = wasm_u32x4_load16x4(from);
  const v128_t magnitude = wasm_i32x4_shl(wasm_v128_and(half, wasm_i32x4_splat(0x7FFF)), 13);
  const v128_t sign = wasm_i32x4_shl(wasm_v128_and(half, wasm_i32x4_splat(0x8000)), 16);
  return wasm_v128_or(wasm_f32x4_mul(magnitude, wasm_f32x4_splat(0x1p112F)), sign);
}

template <typename W, uint32_t kWidth>
void MultiplyGroup(const uint8_t* group, uint32_t columns, const int16_t* values, const float* scales,
                   const float* sums, const std::array<float*, kWidth>& out) {
  v128_t total[kWidth][2];
  for (auto& t : total) t[0] = t[1] = wasm_f32x4_splat(0);
  constexpr uint32_t kSubs = W::kColumns / kActivationBlock;
  for (uint32_t b = 0; b < columns / W::kColumns; ++b, group += W::kBytes) {
    for (uint32_t sub = 0; sub < kSubs; ++sub) {
      v128_t dot[kWidth][2];
      for (auto& d : dot) d[0] = d[1] = wasm_i32x4_splat(0);
      for (uint32_t step = 0; step < 8; ++step) {
        v128_t w[4];
        W::Load(group, sub, step, w);
        for (uint32_t pair = 0; pair < 2; ++pair) {
          for (uint32_t t = 0; t < kWidth; ++t) {
            const v128_t x = wasm_v128_load32_splat(values);
            values += 2;
            dot[t][0] = wasm_i32x4_add(dot[t][0], wasm_i32x4_dot_i16x8(w[2 * pair], x));
            dot[t][1] = wasm_i32x4_add(dot[t][1], wasm_i32x4_dot_i16x8(w[2 * pair + 1], x));
          }
        }
      }
      v128_t d[2], m[2];
      W::Scale(group, sub, d, m);
      for (uint32_t t = 0; t < kWidth; ++t, ++scales, ++sums) {
        const v128_t scale = wasm_f32x4_splat(*scales);
        for (int half = 0; half < 2; ++half) {
          const v128_t product =
              wasm_f32x4_mul(wasm_f32x4_convert_i32x4(dot[t][half]), wasm_f32x4_mul(d[half], scale));
          total[t][half] = wasm_f32x4_add(total[t][half], product);
          if constexpr (W::kHasMinimum) {
            total[t][half] = wasm_f32x4_add(total[t][half], wasm_f32x4_mul(m[half], wasm_f32x4_splat(*sums)));
          }
        }
      }
    }
  }
  for (uint32_t t = 0; t < kWidth; ++t) {
    wasm_v128_store(out[t], total[t][0]);
    wasm_v128_store(out[t] + 4, total[t][1]);
  }
}

// y[t, r] for the rows of groups [first, last). Tokens inside, groups outside: a group stays in the first-level cache.
template <typename W>
void MultiplyGroups(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y) {
  const size_t group_bytes = size_t{w.columns / W::kColumns} * W::kBytes;
  for (uint32_t g = first; g < last; ++g) {
    const uint8_t* const group = w.data + g * group_bytes;
    const uint32_t row = g * kGroupRows;
    const uint32_t count = w.rows - row < kGroupRows ? w.rows - row : kGroupRows;
    for (uint32_t t = 0; t < x.tokens();) {
      float sums[kTileTokens][kGroupRows];
      const uint32_t width = x.tokens() - t >= kTileTokens ? kTileTokens : 1;
      if (width == kTileTokens) {
        MultiplyGroup<W, kTileTokens>(group, w.columns, x.values(t), x.scales(t), x.sums(t),
                                      {sums[0], sums[1], sums[2], sums[3]});
      } else {
        MultiplyGroup<W, 1>(group, w.columns, x.values(t), x.scales(t), x.sums(t), {sums[0]});
      }
      for (uint32_t i = 0; i < width; ++i, ++t) {
        for (uint32_t r = 0; r < count; ++r) y[size_t{t} * w.rows + row + r] = sums[i][r];
      }
    }
  }
}

}  // namespace andon

#endif  // ANDON_KERNELS_GROUP_KERNEL_H_
