// F32, F16 and BF16, as they lie in the file. Packed: row after row of the group. Activations stay float32.

#include <cstring>

#include "common/half.h"
#include "kernels/group_kernel.h"
#include "kernels/weight_types.h"

namespace andon {
namespace {

struct F32 {
  static constexpr uint32_t kBytes = 4;
  static float Value(const uint8_t* from) {
    float value;
    std::memcpy(&value, from, sizeof(value));
    return value;
  }
  static v128_t Load(const uint8_t* from) { return wasm_v128_load(from); }
};

uint16_t Bits(const uint8_t* from) {
  uint16_t bits;
  std::memcpy(&bits, from, sizeof(bits));
  return bits;
}

struct F16 {
  static constexpr uint32_t kBytes = 2;
  static float Value(const uint8_t* from) { return F16ToFloat(Bits(from)); }
  static v128_t Load(const uint8_t* from) { return LoadF16x4(from); }
};

struct BF16 {
  static constexpr uint32_t kBytes = 2;
  static float Value(const uint8_t* from) { return BF16ToFloat(Bits(from)); }
  static v128_t Load(const uint8_t* from) { return wasm_i32x4_shl(wasm_u32x4_load16x4(from), 16); }
};

template <typename W>
void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
  const size_t row_bytes = size_t{columns} * W::kBytes;
  std::memcpy(group, rows, count * row_bytes);
  std::memset(group + count * row_bytes, 0, (kGroupRows - count) * row_bytes);
}

template <typename W>
void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
  const uint8_t* from = group + size_t{row} * columns * W::kBytes;
  for (uint32_t c = 0; c < columns; ++c, from += W::kBytes) to[c] = W::Value(from);
}

template <typename W>
float Dot(const uint8_t* row, const float* x, uint32_t columns) {
  F32x4 sums[2] = {F32x4::Splat(0), F32x4::Splat(0)};
  uint32_t c = 0;
  for (; columns - c >= 8; c += 8) {
    for (uint32_t i = 0; i < 2; ++i) {
      sums[i] = sums[i] + F32x4{W::Load(row + (c + 4 * i) * W::kBytes)} * F32x4::Load(x + c + 4 * i);
    }
  }
  float total = (sums[0] + sums[1]).Total();
  for (; c < columns; ++c) total += W::Value(row + size_t{c} * W::kBytes) * x[c];
  return total;
}

template <typename W>
void Multiply(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y) {
  const size_t row_bytes = size_t{w.columns} * W::kBytes;
  const uint32_t end = last * kGroupRows < w.rows ? last * kGroupRows : w.rows;
  for (uint32_t r = first * kGroupRows; r < end; ++r) {
    const uint8_t* const row = w.data + r * row_bytes;
    for (uint32_t t = 0; t < x.tokens(); ++t) {
      y[size_t{t} * w.rows + r] = Dot<W>(row, x.floats(t), w.columns);
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
