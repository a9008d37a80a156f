// Q6_K in a file: u8 low[128], u8 top[64], i8 scale[16], f16 d; columns in two halves of 128 (ggml's dequantize_row_q6_K).
// weight = d * scale of its 16 columns * (q - 32).
// Packed: f16 d[8 rows], i8 scale[16][8 rows], then for each 32 columns nibbles and top bits.

#include <cstring>

#include "common/half.h"
#include "kernels/block32.h"
#include "kernels/group_kernel.h"
#include "kernels/nibbles.h"
#include "kernels/weight_types.h"

namespace andon {
namespace {

constexpr uint32_t kFileBytes = 210;
constexpr uint32_t kFileTop = 128, kFileScales = 192, kFileD = 208;
constexpr uint32_t kPartBytes = kNibbleBytes + kTopBitsBytes;

struct Q6_K {
  static constexpr uint32_t kColumns = 256;
  static constexpr uint32_t kScales = 16;
  static constexpr uint32_t kParts = kScales + 128;
  static constexpr uint32_t kBytes = kParts + 8 * kPartBytes;
  static constexpr bool kHasMinimum = false;

  // The scale of 16 columns is multiplied in here: (q - 32) * scale fits in 16 bits, and 16 products of pairs in 32.
  static void Load(const uint8_t* block, uint32_t sub, uint32_t step, v128_t w[4]) {
    const uint8_t* const part = block + kParts + sub * kPartBytes;
    const NibblePair six = LoadSixBits(part, part + kNibbleBytes, step);
    const v128_t bias = wasm_i8x16_splat(32);
    const v128_t low = wasm_i8x16_sub(six.low, bias), high = wasm_i8x16_sub(six.high, bias);
    const v128_t scales = wasm_v128_load64_zero(block + kScales + (2 * sub + step / 4) * 8);
    const v128_t twice = wasm_i8x16_shuffle(scales, scales, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    const v128_t first = wasm_i16x8_extend_low_i8x16(twice), last = wasm_i16x8_extend_high_i8x16(twice);
    w[0] = wasm_i16x8_mul(wasm_i16x8_extend_low_i8x16(low), first);
    w[1] = wasm_i16x8_mul(wasm_i16x8_extend_high_i8x16(low), last);
    w[2] = wasm_i16x8_mul(wasm_i16x8_extend_low_i8x16(high), first);
    w[3] = wasm_i16x8_mul(wasm_i16x8_extend_high_i8x16(high), last);
  }

  static void Scale(const uint8_t* block, uint32_t /*sub*/, v128_t d[2], v128_t /*m*/[2]) {
    d[0] = LoadF16x4(block);
    d[1] = LoadF16x4(block + 8);
  }
};

// The six bits of a column of a block.
uint32_t SixBits(const uint8_t* block, uint32_t column) {
  const uint32_t half = column / 128, quarter = column % 128 / 32, l = column % 32;
  const uint8_t low = block[half * 64 + (quarter % 2) * 32 + l];
  const uint8_t top = block[kFileTop + half * 32 + l];
  return (quarter < 2 ? low & 15u : low >> 4) | (top >> 2 * quarter & 3u) << 4;
}

void PackBlock(const uint8_t* from, uint32_t row, uint8_t* to) {
  std::memcpy(to + 2 * row, from + kFileD, 2);
  for (uint32_t i = 0; i < 16; ++i) to[Q6_K::kScales + i * 8 + row] = from[kFileScales + i];
  for (uint32_t c = 0; c < 256; ++c) {
    uint8_t* const part = to + Q6_K::kParts + c / 32 * kPartBytes;
    const uint32_t q = SixBits(from, c);
    SetNibble(part, row, c % 32, q & 15);
    SetTopBits(part + kNibbleBytes, row, c % 32, q >> 4);
  }
}

void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
  const uint32_t blocks = columns / Q6_K::kColumns;
  std::memset(group, 0, size_t{blocks} * Q6_K::kBytes);
  for (uint32_t r = 0; r < count; ++r) {
    for (uint32_t b = 0; b < blocks; ++b, rows += kFileBytes) PackBlock(rows, r, group + size_t{b} * Q6_K::kBytes);
  }
}

void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
  for (uint32_t b = 0; b < columns / Q6_K::kColumns; ++b, group += Q6_K::kBytes) {
    const float d = F16ToFloat(LoadU16(group + 2 * row));
    for (uint32_t c = 0; c < 256; ++c) {
      const uint8_t* const part = group + Q6_K::kParts + c / 32 * kPartBytes;
      const auto scale = static_cast<int8_t>(group[Q6_K::kScales + c / 16 * 8 + row]);
      const uint32_t q = NibbleAt(part, row, c % 32) | TopBitsAt(part + kNibbleBytes, row, c % 32) << 4;
      *to++ = d * static_cast<float>(scale) * static_cast<float>(static_cast<int>(q) - 32);
    }
  }
}

}  // namespace

const WeightKernel kQ6_KKernel = {Q6_K::kBytes, Pack, Unpack, MultiplyGroups<Q6_K>};

}  // namespace andon
