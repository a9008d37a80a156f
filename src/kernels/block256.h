// Q4_K and Q5_K: blocks of 256 columns in eight parts of 32, each with a scale and a minimum of 6
// bits.
//
// In a file: f16 d, f16 dmin, u8 s[12], u8 fifth bits[32] where there are some, u8 n[128]: of each
// 32 bytes the low halves are one part, the high halves the next. weight = d * scale * q - dmin *
// minimum. Packed: f16 d[8 rows], f16 dmin[8 rows], u8 scale[8 parts][8 rows], u8 minimum[8
// parts][8 rows], then the eight parts (part.h).

#ifndef ANDON_KERNELS_BLOCK256_H_
#define ANDON_KERNELS_BLOCK256_H_

#include <cstring>

#include "kernels/f16.h"
#include "kernels/group_kernel.h"
#include "kernels/part_dots.h"
#include "kernels/weight_types.h"

namespace andon {

// Four unsigned bytes as float.
inline v128_t LoadU8x4(const uint8_t* from) {
  const v128_t wide = wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(from));
  return wasm_f32x4_convert_i32x4(wasm_u32x4_extend_low_u16x8(wide));
}

// Part `i` of the 12 bytes of ggml's get_scale_min_k4.
struct ScaleAndMinimum {
  uint8_t scale, minimum;
};
inline ScaleAndMinimum UnpackScale(const uint8_t* s, uint32_t i) {
  if (i < 4) return {static_cast<uint8_t>(s[i] & 63), static_cast<uint8_t>(s[i + 4] & 63)};
  return {static_cast<uint8_t>((s[i + 4] & 15) | s[i - 4] >> 6 << 4),
          static_cast<uint8_t>(s[i + 4] >> 4 | s[i] >> 6 << 4)};
}

template <bool kFiveBits>
struct Block256 : PartDots<Block256<kFiveBits>> {
  static constexpr uint32_t kColumns = 256;
  static constexpr bool kHasMinimum = true;
  static constexpr uint32_t kBits = kFiveBits ? 5 : 4;
  static constexpr int16_t kOffset = 0;
  static constexpr uint32_t kScales = 32;  // offsets in a packed block
  static constexpr uint32_t kMinima = kScales + 64;
  static constexpr uint32_t kParts = kMinima + 64;
  static constexpr uint32_t kBytes = kParts + 8 * kPartBytes<kBits>;
  static constexpr uint32_t kFileBits = 16;  // offsets in the file's block
  static constexpr uint32_t kFileNibbles = kFileBits + (kFiveBits ? 32 : 0);
  static constexpr uint32_t kFileBytes = kFileNibbles + 128;
  template <Arithmetic kArithmetic>
  using Panel = typename PartDots<Block256>::template PanelOf<kArithmetic, kBits, kOffset>;

  static const uint8_t* PartOf(const uint8_t* block, uint32_t part) {
    return block + kParts + part * kPartBytes<kBits>;
  }

  static Scales ScalesOf(const uint8_t* block, uint32_t part) {
    Scales scales;
    for (uint32_t half = 0; half < 2; ++half) {
      const uint32_t rows = part * 8 + half * 4;
      scales.d[half] =
          wasm_f32x4_mul(LoadF16x4(block + 8 * half), LoadU8x4(block + kScales + rows));
      scales.m[half] = wasm_f32x4_neg(
          wasm_f32x4_mul(LoadF16x4(block + 16 + 8 * half), LoadU8x4(block + kMinima + rows)));
    }
    return scales;
  }

  static void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
    const uint32_t blocks = columns / kColumns;
    for (uint32_t b = 0; b < blocks; ++b, group += kBytes) {
      std::memset(group, 0, kParts);
      for (uint32_t r = 0; r < count; ++r)
        PackScales(rows + (size_t{r} * blocks + b) * kFileBytes, r, group);
      for (uint32_t part = 0; part < 8; ++part) {
        PartBytes q = {};
        for (uint32_t r = 0; r < count; ++r)
          ReadPart(rows + (size_t{r} * blocks + b) * kFileBytes, part, q[r]);
        PackPart<kBits>(q, group + kParts + part * kPartBytes<kBits>);
      }
    }
  }

  static void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
    for (uint32_t b = 0; b < columns / kColumns; ++b, group += kBytes) {
      const float d = LoadF16(group + 2 * row), dmin = LoadF16(group + 16 + 2 * row);
      for (uint32_t part = 0; part < 8; ++part) {
        const float scale = d * static_cast<float>(group[kScales + part * 8 + row]);
        const float minimum = dmin * static_cast<float>(group[kMinima + part * 8 + row]);
        for (uint32_t c = 0; c < kPartColumns; ++c) {
          *to++ =
              scale * static_cast<float>(WeightAt<kBits>(PartOf(group, part), row, c)) - minimum;
        }
      }
    }
  }

  static constexpr WeightKernel Kernel() {
    return {kBytes, Pack, Unpack, MultiplyGroups<Block256, kFastest>};
  }

 private:
  static void PackScales(const uint8_t* from, uint32_t row, uint8_t* to) {
    std::memcpy(to + 2 * row, from, 2);
    std::memcpy(to + 16 + 2 * row, from + 2, 2);
    for (uint32_t part = 0; part < 8; ++part) {
      const ScaleAndMinimum s = UnpackScale(from + 4, part);
      to[kScales + part * 8 + row] = s.scale;
      to[kMinima + part * 8 + row] = s.minimum;
    }
  }

  // The 32 weights of a part of a block in the file, a byte each.
  static void ReadPart(const uint8_t* block, uint32_t part, uint8_t* q) {
    const uint8_t* const nibbles = block + kFileNibbles + part / 2 * 32;
    const uint32_t shift = part % 2 * 4;
    for (uint32_t c = 0; c < kPartColumns; ++c) q[c] = nibbles[c] >> shift & 15;
    if constexpr (kFiveBits) {
      const uint8_t* const bits = block + kFileBits;
      for (uint32_t c = 0; c < kPartColumns; ++c)
        q[c] = static_cast<uint8_t>(q[c] | (bits[c] >> part & 1) << 4);
    }
  }
};

}  // namespace andon

#endif  // ANDON_KERNELS_BLOCK256_H_
