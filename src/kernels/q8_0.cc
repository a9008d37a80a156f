// Q8_0 in a file: f16 d, i8 q[32]; weight = d * q.
// Packed: f16 d[8 rows], then for each step of four columns i8 q[8 rows][2] of columns 0 and 2 and
// of columns 1 and 3.
//
// Its weights need eight bits, so it has words for its arithmetic everywhere (docs/kernels.md says
// what else was tried).

#include <cstring>

#include "kernels/f16.h"
#include "kernels/group_kernel.h"
#include "kernels/part.h"
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

  // Columns 0 and 2, and 1 and 3, of four rows; the former 256 times too large.
  static v128_t EvenTimes256(v128_t bytes) { return wasm_i16x8_shl(bytes, 8); }
  static v128_t Odd(v128_t bytes) { return wasm_i16x8_shr(bytes, 8); }

  static void Load(const uint8_t* block, uint32_t /*part*/, uint32_t step, v128_t (&w)[4]) {
    for (uint32_t half = 0; half < 2; ++half) {
      const v128_t bytes = wasm_v128_load(block + kWeights + 32 * step + 16 * half);
      w[half] = wasm_i16x8_shr(EvenTimes256(bytes), 8);
      w[2 + half] = Odd(bytes);
    }
  }

  template <Arithmetic>
  static void Dots(const uint8_t* block, uint32_t /*part*/, const ActivationTile& x,
                   v128_t dot[2]) {
    const uint8_t* weights = block + kWeights;
    const int16_t* words = x.words;
    v128_t even[2] = {wasm_i32x4_splat(0), wasm_i32x4_splat(0)};
    dot[0] = dot[1] = wasm_i32x4_splat(0);
#pragma clang loop unroll(disable)
    for (uint32_t step = 0; step < kSteps; ++step, weights += 32, words += 4) {
      const v128_t x_even = wasm_v128_load32_splat(words),
                   x_odd = wasm_v128_load32_splat(words + 2);
      for (uint32_t half = 0; half < 2; ++half) {
        const v128_t bytes = wasm_v128_load(weights + 16 * half);
        even[half] = AddDot(even[half], EvenTimes256(bytes), x_even);
        dot[half] = AddDot(dot[half], Odd(bytes), x_odd);
      }
    }
    for (int half = 0; half < 2; ++half)
      dot[half] = wasm_i32x4_add(dot[half], wasm_i32x4_shr(even[half], 8));
  }

  static Scales ScalesOf(const uint8_t* block, uint32_t /*part*/) {
    return {{LoadF16x4(block), LoadF16x4(block + 8)}, {}};
  }
};

// Where the packed block has a row's column.
uint32_t PlaceOf(uint32_t row, uint32_t column) {
  return Q8_0::kWeights + column / 4 * 32 + 4 * row + column % 4;
}

void PackBlock(const uint8_t* from, uint32_t row, uint8_t* to) {
  std::memcpy(to + 2 * row, from, 2);
  for (uint32_t step = 0; step < kSteps; ++step)
    std::memcpy(to + PlaceOf(row, 4 * step), from + 2 + 4 * step, 4);
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
