// Q4_0, Q4_1, Q5_0 and Q5_1 differ in two things: whether a weight has a fifth bit, and whether its
// block states a minimum or takes it from the scale.
//
// In a file: f16 d, f16 m where stated, u32 of fifth bits where there are some, u8 n[16] whose low
// halves are columns 0-15 and high halves columns 16-31. weight = d * q + m, or d * (q - 8), d * (q
// - 16). Packed: f16 d[8 rows], f16 m[8 rows] where stated, then a part (part.h).

#ifndef ANDON_KERNELS_BLOCK32_H_
#define ANDON_KERNELS_BLOCK32_H_

#include <cstring>

#include "kernels/f16.h"
#include "kernels/group_kernel.h"
#include "kernels/part_dots.h"
#include "kernels/weight_types.h"

namespace andon {

template <bool kFiveBits, bool kStatesMinimum>
struct Block32 : PartDots<Block32<kFiveBits, kStatesMinimum>> {
  static constexpr uint32_t kColumns = 32;
  static constexpr bool kHasMinimum = kStatesMinimum;
  static constexpr uint32_t kBits = kFiveBits ? 5 : 4;
  static constexpr int16_t kOffset = kStatesMinimum ? 0 : 1 << (kBits - 1);
  static constexpr uint32_t kPart = kStatesMinimum ? 32 : 16;  // offset in a packed block
  static constexpr uint32_t kBytes = kPart + kPartBytes<kBits>;
  static constexpr uint32_t kFileBits = kStatesMinimum ? 4 : 2;  // offsets in the file's block
  static constexpr uint32_t kFileNibbles = kFileBits + (kFiveBits ? 4 : 0);
  static constexpr uint32_t kFileBytes = kFileNibbles + 16;
  template <Arithmetic kArithmetic>
  using Panel = typename PartDots<Block32>::template PanelOf<kArithmetic, kBits, kOffset>;

  static const uint8_t* PartOf(const uint8_t* block, uint32_t /*part*/) { return block + kPart; }

  static Scales ScalesOf(const uint8_t* block, uint32_t /*part*/) {
    Scales scales = {{LoadF16x4(block), LoadF16x4(block + 8)}, {}};
    if constexpr (kStatesMinimum) {
      scales.m[0] = LoadF16x4(block + 16);
      scales.m[1] = LoadF16x4(block + 24);
    }
    return scales;
  }

  static void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
    const uint32_t blocks = columns / kColumns;
    for (uint32_t b = 0; b < blocks; ++b, group += kBytes) {
      PartBytes q = {};
      std::memset(group, 0, kPart);
      for (uint32_t r = 0; r < count; ++r) {
        const uint8_t* const from = rows + (size_t{r} * blocks + b) * kFileBytes;
        std::memcpy(group + 2 * r, from, 2);
        if constexpr (kStatesMinimum) std::memcpy(group + 16 + 2 * r, from + 2, 2);
        ReadWeights(from, q[r]);
      }
      PackPart<kBits>(q, group + kPart);
    }
  }

  static void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
    for (uint32_t b = 0; b < columns / kColumns; ++b, group += kBytes) {
      const float d = LoadF16(group + 2 * row);
      const float m = kStatesMinimum ? LoadF16(group + 16 + 2 * row) : 0;
      for (uint32_t c = 0; c < kColumns; ++c) {
        const int q = static_cast<int>(WeightAt<kBits>(group + kPart, row, c)) - kOffset;
        *to++ = d * static_cast<float>(q) + m;
      }
    }
  }

  static constexpr WeightKernel Kernel() {
    return {kBytes, Pack, Unpack, MultiplyGroups<Block32, kFastest>};
  }

 private:
  // The 32 weights of a block in the file, a byte each.
  static void ReadWeights(const uint8_t* block, uint8_t* q) {
    for (uint32_t c = 0; c < 16; ++c) {
      q[c] = block[kFileNibbles + c] & 15;
      q[16 + c] = block[kFileNibbles + c] >> 4;
    }
    if constexpr (kFiveBits) {
      for (uint32_t c = 0; c < 32; ++c) {
        q[c] = static_cast<uint8_t>(q[c] | (block[kFileBits + c / 8] >> c % 8 & 1) << 4);
      }
    }
  }
};

}  // namespace andon

#endif  // ANDON_KERNELS_BLOCK32_H_
