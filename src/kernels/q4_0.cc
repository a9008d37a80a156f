// Q4_0 in a file: f16 d, u8 n[16] whose low halves are columns 0-15 and high halves columns 16-31; weight = d * (q - 8).
// Packed: f16 d[8 rows], then 8 steps of u8 [8 rows][2]: low halves columns 4 step and 4 step + 1, high halves the next two.

#include <cstring>

#include "common/half.h"
#include "kernels/group_kernel.h"
#include "kernels/weight_types.h"

namespace andon {
namespace {

constexpr uint32_t kFileBytes = 18;

struct Q4_0 {
  static constexpr uint32_t kColumns = 32;
  static constexpr uint32_t kBytes = 16 + 128;
  static constexpr bool kHasMinimum = true;  // -8 d

  static void Load(const uint8_t* block, uint32_t /*sub*/, uint32_t step, v128_t w[4]) {
    const v128_t packed = wasm_v128_load(block + 16 + 16 * step);
    const v128_t low = wasm_v128_and(packed, wasm_i8x16_splat(15));
    const v128_t high = wasm_u8x16_shr(packed, 4);
    w[0] = wasm_u16x8_extend_low_u8x16(low);
    w[1] = wasm_u16x8_extend_high_u8x16(low);
    w[2] = wasm_u16x8_extend_low_u8x16(high);
    w[3] = wasm_u16x8_extend_high_u8x16(high);
  }
  static void Scale(const uint8_t* block, uint32_t /*sub*/, v128_t d[2], v128_t m[2]) {
    for (int half = 0; half < 2; ++half) {
      d[half] = LoadF16x4(block + 8 * half);
      m[half] = wasm_f32x4_mul(d[half], wasm_f32x4_splat(-8));
    }
  }
};

void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
  const uint32_t blocks = columns / Q4_0::kColumns;
  std::memset(group, 0, size_t{blocks} * Q4_0::kBytes);
  for (uint32_t r = 0; r < count; ++r) {
    for (uint32_t b = 0; b < blocks; ++b, rows += kFileBytes) {
      uint8_t* const to = group + size_t{b} * Q4_0::kBytes;
      std::memcpy(to + 2 * r, rows, 2);
      for (uint32_t c = 0; c < 32; ++c) {
        const uint32_t q = c < 16 ? rows[2 + c] & 15u : rows[2 + c - 16] >> 4;
        to[16 + c / 4 * 16 + 2 * r + c % 2] |= static_cast<uint8_t>(c % 4 < 2 ? q : q << 4);
      }
    }
  }
}

void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
  for (uint32_t b = 0; b < columns / Q4_0::kColumns; ++b, group += Q4_0::kBytes) {
    uint16_t half;
    std::memcpy(&half, group + 2 * row, 2);
    const float d = F16ToFloat(half);
    for (uint32_t c = 0; c < 32; ++c) {
      const uint8_t both = group[16 + c / 4 * 16 + 2 * row + c % 2];
      const int q = c % 4 < 2 ? both & 15 : both >> 4;
      *to++ = d * static_cast<float>(q - 8);
    }
  }
}

}  // namespace

const WeightKernel kQ4_0Kernel = {Q4_0::kBytes, Pack, Unpack, MultiplyGroups<Q4_0>};

}  // namespace andon
