// The loops that all quantised types share: a group of eight rows times all tokens.
//
// A weight type W has
//   kColumns     columns of a block, 32 or 256
//   kBytes       of a block of eight rows
//   kHasMinimum  whether its weights are d * q + m rather than d * q
//   Dots<A>(block, part, x, dot)       the whole sums of 32 columns and a tile of one token: i32 of
//   rows 0-3 and 4-7 Load(block, part, step, w)         w[0..3] of a WordPanel, or w[0..1] of its
//   BytePanel ScalesOf(block, part) Panel<A>                           what Load<A> fills

#ifndef ANDON_KERNELS_GROUP_KERNEL_H_
#define ANDON_KERNELS_GROUP_KERNEL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/group_sums.h"
#include "kernels/matrix.h"
#include "kernels/panel.h"
#include "kernels/sums.h"

namespace andon {

// A group times one token, straight from memory.
template <typename W, Arithmetic kArithmetic>
void MultiplyToken(const uint8_t* group, uint32_t columns, ActivationTile x, float* sums) {
  v128_t total[2] = {wasm_f32x4_splat(0), wasm_f32x4_splat(0)};
  for (uint32_t b = 0; b < columns / W::kColumns; ++b, group += W::kBytes) {
    for (uint32_t part = 0; part < W::kColumns / kActivationBlock; ++part) {
      v128_t dot[2];
      W::template Dots<kArithmetic>(group, part, x, dot);
      AddScaled<W::kHasMinimum>(dot, W::ScalesOf(group, part), *x.scales, *x.scaled_sums, total);
      x = {x.bytes + kActivationBlock, x.words + kActivationBlock, x.sums + 2, x.scales + 1,
           x.scaled_sums + 1};
    }
  }
  wasm_v128_store(sums, total[0]);
  wasm_v128_store(sums + 4, total[1]);
}

template <typename W, typename Panel>
void FillPanel(const uint8_t* group, uint32_t first, uint32_t parts, Panel& panel) {
  constexpr uint32_t kParts = W::kColumns / kActivationBlock;  // of a block
  for (uint32_t p = 0; p < parts; ++p) {
    const uint8_t* const block = group + size_t{(first + p) / kParts} * W::kBytes;
    const uint32_t part = (first + p) % kParts;
    panel.scales[p] = W::ScalesOf(block, part);
#pragma clang loop unroll(full)
    for (uint32_t step = 0; step < 8; ++step) W::Load(block, part, step, panel.weights[p][step]);
  }
}

template <typename W, uint32_t kWidth, typename Panel>
void MultiplyTile(const Panel& panel, uint32_t first, uint32_t parts, const Activations& x,
                  uint32_t token, const GroupSums& y) {
  alignas(16) float sums[kWidth][kGroupRows] = {};
  for (uint32_t t = 0; t < kWidth && first > 0; ++t) y.Get(token + t, sums[t]);
  const ActivationTile all = x.tile(token);
  const size_t skipped = size_t{first} * kWidth;  // blocks
  const ActivationTile tile = {all.bytes + skipped * kActivationBlock,
                               all.words + skipped * kActivationBlock, all.sums + skipped * 2,
                               all.scales + skipped, all.scaled_sums + skipped};
  MultiplyPanel<W::kHasMinimum, kWidth>(panel, parts, tile, sums[0]);
  for (uint32_t t = 0; t < kWidth; ++t) y.Set(token + t, sums[t]);
}

// y[t, r] for the rows of groups [first, last). A few tokens read the weights as they lie; more
// share panels, which stay in the first-level cache.
template <typename W, Arithmetic kArithmetic>
void MultiplyGroups(const Matrix& w, const Activations& x, uint32_t first, uint32_t last,
                    float* y) {
  const size_t group_bytes = size_t{w.columns / W::kColumns} * W::kBytes;
  const uint32_t all_parts = w.columns / kActivationBlock;
  for (uint32_t g = first; g < last; ++g) {
    const uint8_t* const group = w.data + g * group_bytes;
    const GroupSums out(w, g, y);
    if (x.tokens() < kTileTokens) {
      for (uint32_t t = 0; t < x.tokens(); ++t) {
        float sums[kGroupRows];
        MultiplyToken<W, kArithmetic>(group, w.columns, x.tile(t), sums);
        out.Set(t, sums);
      }
      continue;
    }
    typename W::template Panel<kArithmetic> panel;
    for (uint32_t p = 0; p < all_parts; p += kPanelParts) {
      const uint32_t parts = std::min(kPanelParts, all_parts - p);
      FillPanel<W>(group, p, parts, panel);
      uint32_t t = 0;
      for (; x.tokens() - t >= kTileTokens; t += kTileTokens)
        MultiplyTile<W, kTileTokens>(panel, p, parts, x, t, out);
      for (; t < x.tokens(); ++t) MultiplyTile<W, 1>(panel, p, parts, x, t, out);
    }
  }
}

}  // namespace andon

#endif  // ANDON_KERNELS_GROUP_KERNEL_H_
