// A part: the weights of eight rows and 32 columns, of up to six bits each, in the order of the
// kernels.
//
// Nibbles: 8 steps of four columns; a step has 16 bytes [4 rows][4 columns], rows 0 to 3 in the low
// halves, rows 4 to 7 in the high ones. Bits above the fourth lie apart, in the same order of bytes
// [4 rows][4 columns]:
//   one bit     2 vectors of four steps each: bit 2 (step % 4) for rows 0 to 3, the next for rows 4
//   to 7 two bits    4 vectors of two steps each: bits 4 (step % 2) for rows 0 to 3, the next two
//   for rows 4 to 7

#ifndef ANDON_KERNELS_PART_H_
#define ANDON_KERNELS_PART_H_

#include <cstdint>
#include <cstring>

#include "kernels/matrix.h"
#include "kernels/simd.h"

namespace andon {

inline constexpr uint32_t kPartColumns = 32;
inline constexpr uint32_t kSteps = 8;          // of a part
inline constexpr uint32_t kNibbleBytes = 128;  // of a part

template <uint32_t kBits>
inline constexpr uint32_t kPartBytes = kNibbleBytes + (kBits - 4) * 32;

// u8 [4 rows][4 columns] of rows 0-3 and of rows 4-7.
struct Step {
  v128_t rows[2];
};

inline Step LoadNibbles(const uint8_t* part, uint32_t step) {
  const v128_t packed = wasm_v128_load(part + 16 * step);
  const v128_t mask = wasm_i8x16_splat(15);
  return {{wasm_v128_and(packed, mask), wasm_v128_and(wasm_u16x8_shr(packed, 4), mask)}};
}

// Every byte of `from`, its bits from `bit` on moved to bit 4, what `mask` leaves of it. What
// 16-bit shifts carry over from the other byte is not in the mask.
template <uint8_t kMask>
v128_t MovedToBit4(v128_t from, uint32_t bit) {
  const v128_t moved = bit < 4 ? wasm_i16x8_shl(from, 4 - bit) : wasm_u16x8_shr(from, bit - 4);
  return wasm_v128_and(moved, wasm_i8x16_splat(kMask));
}

// The weights of a step of a part, a byte each.
template <uint32_t kBits>
Step LoadStep(const uint8_t* part, uint32_t step) {
  Step w = LoadNibbles(part, step);
  if constexpr (kBits > 4) {
    constexpr uint32_t kTopBits = kBits - 4, kVectorSteps = 4 / kTopBits;
    constexpr uint8_t kMask = kTopBits == 1 ? 0x10 : 0x30;
    const v128_t top = wasm_v128_load(part + kNibbleBytes + step / kVectorSteps * 16);
    const uint32_t bit = step % kVectorSteps * 2 * kTopBits;
    w.rows[0] = wasm_v128_or(w.rows[0], MovedToBit4<kMask>(top, bit));
    w.rows[1] = wasm_v128_or(w.rows[1], MovedToBit4<kMask>(top, bit + kTopBits));
  }
  return w;
}

// The weights of a part before packing: a byte each, row by row.
using PartBytes = uint8_t[kGroupRows][kPartColumns];

// REQUIRES: kPartBytes<kBits> bytes at `part`.
template <uint32_t kBits>
void PackPart(const PartBytes& q, uint8_t* part) {
  constexpr uint32_t kTopBits = kBits - 4;
  uint32_t tops[kGroupRows / 2][4] = {};  // [row][vector]
  for (uint32_t r = 0; r < kGroupRows / 2; ++r) {
    for (uint32_t step = 0; step < kSteps; ++step) {
      uint32_t low, high;  // four columns of row r, of row r + 4
      std::memcpy(&low, &q[r][4 * step], 4);
      std::memcpy(&high, &q[r + 4][4 * step], 4);
      const uint32_t both = (low & 0x0F0F0F0F) | (high & 0x0F0F0F0F) << 4;
      std::memcpy(part + 16 * step + 4 * r, &both, 4);
      if constexpr (kTopBits > 0) {
        constexpr uint32_t kMask = ((1u << kTopBits) - 1) * 0x01010101;
        constexpr uint32_t kVectorSteps = 4 / kTopBits;
        const uint32_t bits = (low >> 4 & kMask) | (high >> 4 & kMask) << kTopBits;
        tops[r][step / kVectorSteps] |= bits << 2 * kTopBits * (step % kVectorSteps);
      }
    }
    for (uint32_t i = 0; i < 2 * kTopBits; ++i) {
      std::memcpy(part + kNibbleBytes + 16 * i + 4 * r, &tops[r][i], 4);
    }
  }
}

// The weight of one row and column.
template <uint32_t kBits>
uint32_t WeightAt(const uint8_t* part, uint32_t row, uint32_t column) {
  constexpr uint32_t kTopBits = kBits - 4;
  const uint32_t step = column / 4, lane = row % 4 * 4 + column % 4, half = row / 4;
  const uint32_t low = part[16 * step + lane] >> 4 * half & 15u;
  if constexpr (kTopBits == 0) {
    return low;
  } else {
    constexpr uint32_t kVectorSteps = 4 / kTopBits;
    const uint32_t shift = (2 * (step % kVectorSteps) + half) * kTopBits;
    return low |
           (part[kNibbleBytes + step / kVectorSteps * 16 + lane] >> shift & ((1u << kTopBits) - 1))
               << 4;
  }
}

}  // namespace andon

#endif  // ANDON_KERNELS_PART_H_
