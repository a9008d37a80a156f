// Weights of 4, 5 and 6 bits of eight rows and 32 columns, in the order of the kernels: 8 steps of four columns. A step has
// 16 bytes u8 [8 rows][2]: columns 4 step and 4 step + 1 in the low halves, the next two in the high halves. Further bits
// lie apart: one a weight in 4 bytes a step, or two a weight in 16 bytes for two steps.

#ifndef ANDON_KERNELS_NIBBLES_H_
#define ANDON_KERNELS_NIBBLES_H_

#include <cstdint>

#include "kernels/simd.h"

namespace andon {

inline constexpr uint32_t kNibbleBytes = 128;   // 8 rows x 32 columns x 4 bits
inline constexpr uint32_t kFifthBitBytes = 32;  // x 1 bit
inline constexpr uint32_t kTopBitsBytes = 64;   // x 2 bits

struct NibblePlace {
  uint32_t byte;
  uint32_t shift;
};
inline NibblePlace NibblePlaceOf(uint32_t row, uint32_t column) {
  return {column / 4 * 16 + 2 * row + column % 2, column % 4 < 2 ? 0u : 4u};
}
inline void SetNibble(uint8_t* to, uint32_t row, uint32_t column, uint32_t value) {
  const NibblePlace place = NibblePlaceOf(row, column);
  to[place.byte] = static_cast<uint8_t>(to[place.byte] | value << place.shift);
}
inline uint32_t NibbleAt(const uint8_t* from, uint32_t row, uint32_t column) {
  const NibblePlace place = NibblePlaceOf(row, column);
  return from[place.byte] >> place.shift & 15u;
}

// Bit [pair of columns][8 rows][2] of a step's 32.
inline void SetFifthBit(uint8_t* to, uint32_t row, uint32_t column, uint32_t bit) {
  const uint32_t index = column / 2 * 16 + 2 * row + column % 2;
  to[index / 8] = static_cast<uint8_t>(to[index / 8] | bit << index % 8);
}
inline uint32_t FifthBitAt(const uint8_t* from, uint32_t row, uint32_t column) {
  const uint32_t index = column / 2 * 16 + 2 * row + column % 2;
  return from[index / 8] >> index % 8 & 1u;
}

// Two bits: byte [8 rows][2] of two steps, four pairs of columns from the lowest bits up.
inline void SetTopBits(uint8_t* to, uint32_t row, uint32_t column, uint32_t bits) {
  uint8_t& byte = to[column / 8 * 16 + 2 * row + column % 2];
  byte = static_cast<uint8_t>(byte | bits << column % 8 / 2 * 2);
}
inline uint32_t TopBitsAt(const uint8_t* from, uint32_t row, uint32_t column) {
  return from[column / 8 * 16 + 2 * row + column % 2] >> column % 8 / 2 * 2 & 3u;
}

struct NibblePair {
  v128_t low, high;  // u8 [8 rows][2]: the first two columns of the step, the next two
};
inline NibblePair LoadNibbles(const uint8_t* nibbles, uint32_t step) {
  const v128_t packed = wasm_v128_load(nibbles + 16 * step);
  return {wasm_v128_and(packed, wasm_i8x16_splat(15)), wasm_u8x16_shr(packed, 4)};
}

// 16 where the bit is set.
inline v128_t LoadFifthBits(const uint8_t* bits, uint32_t pair) {
  const v128_t both = wasm_v128_load16_splat(bits + 2 * pair);
  const v128_t spread = wasm_i8x16_shuffle(both, both, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  const v128_t masks = wasm_i64x2_splat(INT64_C(-0x7FBFDFEFF7FBFDFF));  // bytes 1, 2, 4, ..., 128
  return wasm_v128_and(wasm_i8x16_eq(wasm_v128_and(spread, masks), masks), wasm_i8x16_splat(16));
}
inline NibblePair LoadFiveBits(const uint8_t* nibbles, const uint8_t* bits, uint32_t step) {
  const NibblePair four = LoadNibbles(nibbles, step);
  return {wasm_v128_or(four.low, LoadFifthBits(bits, 2 * step)),
          wasm_v128_or(four.high, LoadFifthBits(bits, 2 * step + 1))};
}

inline NibblePair LoadSixBits(const uint8_t* nibbles, const uint8_t* bits, uint32_t step) {
  const NibblePair four = LoadNibbles(nibbles, step);
  const v128_t tops = wasm_u8x16_shr(wasm_v128_load(bits + step / 2 * 16), step % 2 * 4);
  const v128_t mask = wasm_i8x16_splat(0x30);
  return {wasm_v128_or(four.low, wasm_v128_and(wasm_i8x16_shl(tops, 4), mask)),
          wasm_v128_or(four.high, wasm_v128_and(wasm_i8x16_shl(tops, 2), mask))};
}

inline void Widen(const NibblePair& pair, v128_t w[4]) {
  w[0] = wasm_u16x8_extend_low_u8x16(pair.low);
  w[1] = wasm_u16x8_extend_high_u8x16(pair.low);
  w[2] = wasm_u16x8_extend_low_u8x16(pair.high);
  w[3] = wasm_u16x8_extend_high_u8x16(pair.high);
}

}  // namespace andon

#endif  // ANDON_KERNELS_NIBBLES_H_
