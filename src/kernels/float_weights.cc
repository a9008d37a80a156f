// F32, F16 and BF16. Packed: column after column, the eight rows of each beside each other.
// Activations stay float32.
//
// A sum is made of sums of 32 columns each, in order: the same for one token and for many.

#include <algorithm>
#include <cstring>

#include "kernels/float_types.h"
#include "kernels/group_sums.h"
#include "kernels/weight_types.h"

namespace andon {
namespace {

constexpr uint32_t kSumColumns = 32;
constexpr uint32_t kPanelColumns = 256;

template <typename W>
void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
  const size_t row_bytes = size_t{columns} * W::kBytes;
  for (uint32_t c = 0; c < columns; ++c, group += kGroupRows * W::kBytes) {
    for (uint32_t r = 0; r < count; ++r) {
      std::memcpy(group + r * W::kBytes, rows + r * row_bytes + size_t{c} * W::kBytes, W::kBytes);
    }
    std::memset(group + count * W::kBytes, 0, (kGroupRows - count) * W::kBytes);
  }
}

template <typename W>
void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
  for (uint32_t c = 0; c < columns; ++c)
    to[c] = W::Value(group + (size_t{c} * kGroupRows + row) * W::kBytes);
}

// sums [kWidth][8] += columns [from, from + count) of a group times as many of kWidth tokens, x
// [kWidth] rows `stride` apart.
template <typename W, uint32_t kWidth>
void AddColumns(const uint8_t* group, uint32_t count, const float* x, size_t stride, float* sums) {
  for (uint32_t first = 0; first < count; first += kSumColumns) {
    v128_t part[kWidth][2];
    for (auto& p : part) p[0] = p[1] = wasm_f32x4_splat(0);
    const uint32_t end = std::min(count, first + kSumColumns);
    for (uint32_t c = first; c < end; ++c, group += kGroupRows * W::kBytes) {
      const v128_t w[2] = {W::Load(group), W::Load(group + 4 * W::kBytes)};
      for (uint32_t t = 0; t < kWidth; ++t) {
        const v128_t value = wasm_v128_load32_splat(x + t * stride + c);
        for (int half = 0; half < 2; ++half) {
          part[t][half] = wasm_f32x4_add(part[t][half], wasm_f32x4_mul(w[half], value));
        }
      }
    }
    for (uint32_t t = 0; t < kWidth; ++t) {
      for (uint32_t half = 0; half < 2; ++half) {
        float* const to = sums + t * kGroupRows + half * 4;
        wasm_v128_store(to, wasm_f32x4_add(wasm_v128_load(to), part[t][half]));
      }
    }
  }
}

template <uint32_t kWidth>
void MultiplyTile(const float* panel, uint32_t first, uint32_t count, const Activations& x,
                  uint32_t token, const GroupSums& y) {
  float sums[kWidth][kGroupRows] = {};
  for (uint32_t t = 0; t < kWidth && first > 0; ++t) y.Get(token + t, sums[t]);
  AddColumns<F32, kWidth>(reinterpret_cast<const uint8_t*>(panel), count, x.floats(token) + first,
                          x.columns(), sums[0]);
  for (uint32_t t = 0; t < kWidth; ++t) y.Set(token + t, sums[t]);
}

template <typename W>
void MultiplyPrompt(const uint8_t* group, const Activations& x, const GroupSums& y) {
  float panel[kPanelColumns * kGroupRows];
  for (uint32_t first = 0; first < x.columns(); first += kPanelColumns) {
    const uint32_t count = std::min(kPanelColumns, x.columns() - first);
    for (uint32_t i = 0; i < count * kGroupRows; i += 4, group += 4 * W::kBytes) {
      wasm_v128_store(panel + i, W::Load(group));
    }
    uint32_t t = 0;
    for (; x.tokens() - t >= kTileTokens; t += kTileTokens)
      MultiplyTile<kTileTokens>(panel, first, count, x, t, y);
    for (; t < x.tokens(); ++t) MultiplyTile<1>(panel, first, count, x, t, y);
  }
}

template <typename W>
void Multiply(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y) {
  const size_t group_bytes = size_t{w.columns} * kGroupRows * W::kBytes;
  for (uint32_t g = first; g < last; ++g) {
    const uint8_t* const group = w.data + g * group_bytes;
    const GroupSums out(w, g, y);
    if (x.tokens() >= kTileTokens) {
      MultiplyPrompt<W>(group, x, out);
      continue;
    }
    for (uint32_t t = 0; t < x.tokens(); ++t) {
      float sums[kGroupRows] = {};
      AddColumns<W, 1>(group, w.columns, x.floats(t), 0, sums);
      out.Set(t, sums);
    }
  }
}

template <typename W>
constexpr WeightKernel Kernel() {
  return {kGroupRows * W::kBytes, Pack<W>, Unpack<W>, Multiply<W>};
}

}  // namespace

const WeightKernel kF32Kernel = Kernel<F32>();
const WeightKernel kF16Kernel = Kernel<F16>();
const WeightKernel kBF16Kernel = Kernel<BF16>();

}  // namespace andon
