// Q4_0, Q4_1, Q5_0 and Q5_1 differ in two things: whether a weight has a fifth bit, and whether its block states a minimum or takes it
// from the scale.
//
// In a file: f16 d, f16 m where stated, u32 of fifth bits where there are some, u8 n[16] whose low halves are columns 0-15 and high
// halves columns 16-31. weight = d * q + m, where m = -8 d or -16 d unless stated.
// Packed: f16 d[8 rows], f16 m[8 rows] where stated, nibbles, fifth bits.

#ifndef ANDON_KERNELS_BLOCK32_H_
#define ANDON_KERNELS_BLOCK32_H_

#include <cstring>

#include "common/half.h"
#include "kernels/group_kernel.h"
#include "kernels/nibbles.h"
#include "kernels/weight_types.h"

namespace andon {

inline uint16_t LoadU16(const uint8_t* from) {
  uint16_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

template <bool kFiveBits, bool kStatesMinimum>
struct Block32 {
  static constexpr uint32_t kColumns = 32;
  static constexpr bool kHasMinimum = true;
  static constexpr uint32_t kNibbles = kStatesMinimum ? 32 : 16;  // offsets in a packed block
  static constexpr uint32_t kBits = kNibbles + kNibbleBytes;
  static constexpr uint32_t kBytes = kBits + (kFiveBits ? kFifthBitBytes : 0);
  static constexpr uint32_t kFileBits = kStatesMinimum ? 4 : 2;   // offsets in the file's block
  static constexpr uint32_t kFileNibbles = kFileBits + (kFiveBits ? 4 : 0);
  static constexpr uint32_t kFileBytes = kFileNibbles + 16;
  static constexpr float kOffset = kFiveBits ? -16 : -8;

  static void Load(const uint8_t* block, uint32_t /*sub*/, uint32_t step, v128_t w[4]) {
    if constexpr (kFiveBits) {
      Widen(LoadFiveBits(block + kNibbles, block + kBits, step), w);
    } else {
      Widen(LoadNibbles(block + kNibbles, step), w);
    }
  }

  static void Scale(const uint8_t* block, uint32_t /*sub*/, v128_t d[2], v128_t m[2]) {
    for (int half = 0; half < 2; ++half) {
      d[half] = LoadF16x4(block + 8 * half);
      m[half] = kStatesMinimum ? LoadF16x4(block + 16 + 8 * half)
                               : wasm_f32x4_mul(d[half], wasm_f32x4_splat(kOffset));
    }
  }

  static void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
    const uint32_t blocks = columns / kColumns;
    std::memset(group, 0, size_t{blocks} * kBytes);
    for (uint32_t r = 0; r < count; ++r) {
      for (uint32_t b = 0; b < blocks; ++b, rows += kFileBytes) PackBlock(rows, r, group + size_t{b} * kBytes);
    }
  }

  static void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
    for (uint32_t b = 0; b < columns / kColumns; ++b, group += kBytes) {
      const float d = F16ToFloat(LoadU16(group + 2 * row));
      const float m = kStatesMinimum ? F16ToFloat(LoadU16(group + 16 + 2 * row)) : 0;
      for (uint32_t c = 0; c < kColumns; ++c) {
        uint32_t q = NibbleAt(group + kNibbles, row, c);
        if constexpr (kFiveBits) q |= FifthBitAt(group + kBits, row, c) << 4;
        *to++ = kStatesMinimum ? d * static_cast<float>(q) + m : d * (static_cast<float>(q) + kOffset);
      }
    }
  }

  static constexpr WeightKernel Kernel() { return {kBytes, Pack, Unpack, MultiplyGroups<Block32>}; }

 private:
  static void PackBlock(const uint8_t* from, uint32_t row, uint8_t* to) {
    std::memcpy(to + 2 * row, from, 2);
    if constexpr (kStatesMinimum) std::memcpy(to + 16 + 2 * row, from + 2, 2);
    for (uint32_t c = 0; c < kColumns; ++c) {
      const uint8_t both = from[kFileNibbles + c % 16];
      SetNibble(to + kNibbles, row, c, c < 16 ? both & 15u : both >> 4);
      if constexpr (kFiveBits) SetFifthBit(to + kBits, row, c, from[kFileBits + c / 8] >> c % 8 & 1u);
    }
  }
};

}  // namespace andon

#endif  // ANDON_KERNELS_BLOCK32_H_
