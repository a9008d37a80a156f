// Q8_0 in a file: f16 d, i8 q[32]; weight = d * q.
// Packed: f16 d[8 rows], then for each step of four columns i8 q[8 rows][2] of columns 0 and 2 and
// of columns 1 and 3.
//
// Its weights need eight bits, so it has words for its arithmetic everywhere (docs/kernels.md says
// what else was tried).

#include <cstring>

#include "kernels/f16.h"
#include "kernels/group_kernel.h"
#include "kernels/weight_types.h"

namespace andon {
namespace {

constexpr uint32_t kFileBytes = 34;

struct Q8_0 {
  static constexpr uint32_t kColumns = 32;
  static constexpr uint32_t kWeights = 16;  // where they begin in a packed block
  static constexpr uint32_t kBytes = kWeights + 256;
  static constexpr bool kHasMinimum = false;
  template <Arithmetic>
  using Panel = WordPanel;

  static void Load(const uint8_t* block, uint32_t /*part*/, uint32_t step, v128_t (&w)[4]) {
    for (uint32_t i = 0; i < 4; ++i)
      w[i] = wasm_i16x8_load8x8(block + kWeights + 32 * step + 8 * i);
  }

  template <Arithmetic>
  static void Dots(const uint8_t* block, uint32_t part, const ActivationTile& x, v128_t dot[2]) {
    v128_t odd[2] = {wasm_i32x4_splat(0), wasm_i32x4_splat(0)};
    dot[0] = dot[1] = wasm_i32x4_splat(0);
#pragma clang loop unroll(full)
    for (uint32_t step = 0; step < 8; ++step) {
      v128_t w[4];
      Load(block, part, step, w);
      const v128_t x_even = wasm_v128_load32_splat(x.words + 4 * step);
      const v128_t x_odd = wasm_v128_load32_splat(x.words + 4 * step + 2);
      for (int half = 0; half < 2; ++half) {
        dot[half] = AddDot(dot[half], w[half], x_even);
        odd[half] = AddDot(odd[half], w[2 + half], x_odd);
      }
    }
    for (int half = 0; half < 2; ++half) dot[half] = wasm_i32x4_add(dot[half], odd[half]);
  }

  static Scales ScalesOf(const uint8_t* block, uint32_t /*part*/) {
    return {{LoadF16x4(block), LoadF16x4(block + 8)}, {}};
  }
};

// Where the packed block has a row's column.
uint32_t PlaceOf(uint32_t row, uint32_t column) {
  return Q8_0::kWeights + column / 4 * 32 + column % 2 * 16 + 2 * row + column % 4 / 2;
}

void PackBlock(const uint8_t* from, uint32_t row, uint8_t* to) {
  std::memcpy(to + 2 * row, from, 2);
  for (uint32_t step = 0; step < 8; ++step) {
    uint32_t four;
    std::memcpy(&four, from + 2 + 4 * step, 4);
    const auto even = static_cast<uint16_t>((four & 0xFF) | (four >> 8 & 0xFF00));
    const auto odd = static_cast<uint16_t>((four >> 8 & 0xFF) | (four >> 16 & 0xFF00));
    std::memcpy(to + PlaceOf(row, 4 * step), &even, 2);
    std::memcpy(to + PlaceOf(row, 4 * step + 1), &odd, 2);
  }
}

void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
  const uint32_t blocks = columns / Q8_0::kColumns;
  if (count < kGroupRows) std::memset(group, 0, size_t{blocks} * Q8_0::kBytes);
  for (uint32_t b = 0; b < blocks; ++b, group += Q8_0::kBytes) {
    for (uint32_t r = 0; r < count; ++r)
      PackBlock(rows + (size_t{r} * blocks + b) * kFileBytes, r, group);
  }
}

void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
  for (uint32_t b = 0; b < columns / Q8_0::kColumns; ++b, group += Q8_0::kBytes) {
    const float d = LoadF16(group + 2 * row);
    for (uint32_t c = 0; c < 32; ++c)
      *to++ = d * static_cast<float>(static_cast<int8_t>(group[PlaceOf(row, c)]));
  }
}

}  // namespace

const WeightKernel kQ8_0Kernel = {Q8_0::kBytes, Pack, Unpack,
                                  MultiplyGroups<Q8_0, Arithmetic::kWords>};

}  // namespace andon
