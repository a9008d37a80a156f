// Loops over steps are left as loops: unrolled, engines load all activations first and run out of
// registers, and they give each offset of a load that widens or repeats a register of its own
// (docs/kernels.md).
//
// A panel: up to 256 columns of a group of eight rows, widened once and then multiplied by all
// tokens of a prompt, four at a time.

#ifndef ANDON_KERNELS_PANEL_H_
#define ANDON_KERNELS_PANEL_H_

#include <cstdint>

#include "kernels/part.h"
#include "kernels/sums.h"

namespace andon {

inline constexpr uint32_t kPanelParts = 8;

// Weights of 16 bits, less their offset.
struct WordPanel {
  static constexpr Arithmetic kArithmetic = Arithmetic::kWords;
  Scales scales[kPanelParts];
  v128_t weights[kPanelParts][8][4];  // i16 [4 rows][2]: of each step columns 0 and 2 of rows 0-3,
                                      // of rows 4-7, columns 1 and 3
};

// Weights of kBits in bytes, kOffset still to be taken from them.
template <uint32_t kBits, int16_t kOffset>
struct BytePanel {
  static constexpr Arithmetic kArithmetic = Arithmetic::kBytes;
  Scales scales[kPanelParts];
  v128_t weights[kPanelParts][8][2];  // u8 [4 rows][4]: of each step rows 0-3, rows 4-7
};

// dot[t] of part `p` for the tokens of a tile.
template <uint32_t kWidth>
inline void DotPart(const WordPanel& panel, uint32_t p, const ActivationTile& x,
                    v128_t dot[kWidth][2]) {
  const int16_t* words = x.words + size_t{p} * kActivationBlock * kWidth;
  for (uint32_t t = 0; t < kWidth; ++t) dot[t][0] = dot[t][1] = wasm_i32x4_splat(0);
  const v128_t* w = panel.weights[p][0];
#pragma clang loop unroll(disable)
  for (uint32_t pair = 0; pair < 16; ++pair, w += 2, words += 2 * kWidth) {
    const v128_t first = w[0], last = w[1];
    for (uint32_t t = 0; t < kWidth; ++t) {
      const v128_t both = wasm_v128_load32_splat(words + 2 * t);
      dot[t][0] = AddDot(dot[t][0], first, both);
      dot[t][1] = AddDot(dot[t][1], last, both);
    }
  }
}

template <uint32_t kWidth, uint32_t kBits, int16_t kOffset>
inline void DotPart(const BytePanel<kBits, kOffset>& panel, uint32_t p, const ActivationTile& x,
                    v128_t dot[kWidth][2]) {
  constexpr uint32_t kTogether = kPairsInWord<kBits>;
  const int8_t* bytes = x.bytes + size_t{p} * kActivationBlock * kWidth;
  const v128_t* w = panel.weights[p][0];
  for (uint32_t t = 0; t < kWidth; ++t) dot[t][0] = dot[t][1] = wasm_i32x4_splat(0);
#pragma clang loop unroll(disable)
  for (uint32_t first = 0; first < kSteps; first += kTogether) {
    v128_t sums[kWidth][2];
    for (auto& s : sums) s[0] = s[1] = wasm_i16x8_splat(0);
#pragma clang loop unroll(disable)
    for (uint32_t step = 0; step < kTogether; ++step, w += 2, bytes += 4 * kWidth) {
      const v128_t first_rows = w[0], last_rows = w[1];
      for (uint32_t t = 0; t < kWidth; ++t) {
        const v128_t four = wasm_v128_load32_splat(bytes + 4 * t);
        sums[t][0] = wasm_i16x8_add(sums[t][0], PairDots(four, first_rows));
        sums[t][1] = wasm_i16x8_add(sums[t][1], PairDots(four, last_rows));
      }
    }
    for (uint32_t t = 0; t < kWidth; ++t) {
      dot[t][0] = wasm_i32x4_add(dot[t][0], wasm_i32x4_extadd_pairwise_i16x8(sums[t][0]));
      dot[t][1] = wasm_i32x4_add(dot[t][1], wasm_i32x4_extadd_pairwise_i16x8(sums[t][1]));
    }
  }
  const int16_t* const x_sums = x.sums + size_t{p} * 2 * kWidth;
  for (uint32_t t = 0; t < kWidth; ++t) SubtractOffset<kOffset>(x_sums + 2 * t, dot[t]);
}

// sums [kWidth][8 rows] += panel x tile, over `parts` parts.
template <bool kHasMinimum, uint32_t kWidth, typename Panel>
void MultiplyPanel(const Panel& panel, uint32_t parts, const ActivationTile& x, float* sums) {
  v128_t total[kWidth][2];
  for (uint32_t t = 0; t < kWidth; ++t) {
    total[t][0] = wasm_v128_load(sums + 8 * t);
    total[t][1] = wasm_v128_load(sums + 8 * t + 4);
  }
  for (uint32_t p = 0; p < parts; ++p) {
    v128_t dot[kWidth][2];
    DotPart<kWidth>(panel, p, x, dot);
    for (uint32_t t = 0; t < kWidth; ++t) {
      const size_t block = size_t{p} * kWidth + t;
      AddScaled<kHasMinimum>(dot[t], panel.scales[p], x.scales[block], x.scaled_sums[block],
                             total[t]);
    }
  }
  for (uint32_t t = 0; t < kWidth; ++t) {
    wasm_v128_store(sums + 8 * t, total[t][0]);
    wasm_v128_store(sums + 8 * t + 4, total[t][1]);
  }
}

}  // namespace andon

#endif  // ANDON_KERNELS_PANEL_H_
