// Q6_K in a file: u8 low[128], u8 top[64], i8 scale[16], f16 d; columns in two halves of 128
// (ggml's dequantize_row_q6_K). weight = d * scale of its 16 columns * (q - 32). Packed: f16 d[8
// rows], i8 scale[16][8 rows], then the eight parts (part.h).

#ifndef ANDON_KERNELS_Q6_K_H_
#define ANDON_KERNELS_Q6_K_H_

#include <cstring>

#include "kernels/f16.h"
#include "kernels/group_kernel.h"
#include "kernels/part_dots.h"
#include "kernels/weight_types.h"

namespace andon {

// The sums of a part are of (q - 32) * scale: whole numbers, below 2^25.
struct Q6_K {
  static constexpr uint32_t kColumns = 256;
  static constexpr bool kHasMinimum = false;
  static constexpr uint32_t kScales = 16;  // offsets in a packed block
  static constexpr uint32_t kParts = kScales + 128;
  static constexpr uint32_t kBytes = kParts + 8 * kPartBytes<6>;
  static constexpr uint32_t kFileTop = 128, kFileScales = 192,
                            kFileD = 208;  // offsets in the file's block
  static constexpr uint32_t kFileBytes = 210;
  // Prompts multiply words: with two pairs in 16 bits and two scales a part, bytes gain little.
  template <Arithmetic>
  using Panel = WordPanel;

  static const uint8_t* PartOf(const uint8_t* block, uint32_t part) {
    return block + kParts + part * kPartBytes<6>;
  }

  // The scales of 16 columns of a part: i16 [8 rows].
  static v128_t ScalesOf16(const uint8_t* block, uint32_t part, uint32_t half) {
    return wasm_i16x8_load8x8(block + kScales + (2 * part + half) * 8);
  }

  static void Load(const uint8_t* block, uint32_t part, uint32_t step, v128_t (&w)[4]) {
    const Step six = LoadStep<6>(PartOf(block, part), step);
    const Rows scales = Twice(ScalesOf16(block, part, step / 4));
    for (int i = 0; i < 2; ++i) {
      w[i] = wasm_i16x8_mul(wasm_i16x8_sub(EvenColumns(six.rows[i]), wasm_i16x8_splat(32)),
                            scales.four[i]);
      w[2 + i] = wasm_i16x8_mul(wasm_i16x8_sub(OddColumns(six.rows[i]), wasm_i16x8_splat(32)),
                                scales.four[i]);
    }
  }

  template <Arithmetic kArithmetic>
  static void Dots(const uint8_t* block, uint32_t part, const ActivationTile& x, v128_t dot[2]) {
    const v128_t scales[2] = {ScalesOf16(block, part, 0), ScalesOf16(block, part, 1)};
    // 32 times what the offsets add up to: the scales of a row beside each other meet the sums of
    // the activations.
    const v128_t sums = wasm_v128_load32_splat(x.sums);
    const Rows both = Interleaved(scales[0], scales[1]);
    for (int i = 0; i < 2; ++i) {
      dot[i] = wasm_i32x4_neg(wasm_i32x4_shl(wasm_i32x4_dot_i16x8(both.four[i], sums), 5));
    }
    for (uint32_t half = 0; half < 2; ++half) {
      const Rows twice = Twice(scales[half]);
      if constexpr (kArithmetic == Arithmetic::kBytes) {
        AddBytes(block, part, 4 * half, twice, x, dot);
      } else {
        AddWords(block, part, 4 * half, twice, x, dot);
      }
    }
  }

  static Scales ScalesOf(const uint8_t* block, uint32_t /*part*/) {
    return {{LoadF16x4(block), LoadF16x4(block + 8)}, {}};
  }

  static void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group);
  static void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to);

 private:
  // i16 [4 rows][2], of rows 0-3 and 4-7.
  struct Rows {
    v128_t four[2];
  };
  static Rows Interleaved(v128_t a, v128_t b) {
    return {{wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11),
             wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)}};
  }
  static Rows Twice(v128_t a) { return Interleaved(a, a); }

  // dot += scale * (the products of 16 columns from `first` on, a step).
  static void AddBytes(const uint8_t* block, uint32_t part, uint32_t first, const Rows& scales,
                       const ActivationTile& x, v128_t dot[2]) {
    static_assert(kPairsInWord<6> == 2);
#pragma clang loop unroll(disable)
    for (uint32_t step = first; step < first + 4; step += 2) {
      const Step w0 = LoadStep<6>(PartOf(block, part), step),
                 w1 = LoadStep<6>(PartOf(block, part), step + 1);
      const v128_t x0 = wasm_v128_load32_splat(x.bytes + 4 * step),
                   x1 = wasm_v128_load32_splat(x.bytes + 4 * step + 4);
      for (int i = 0; i < 2; ++i) {
        const v128_t pairs = wasm_i16x8_add(PairDots(x0, w0.rows[i]), PairDots(x1, w1.rows[i]));
        dot[i] = AddDot(dot[i], pairs, scales.four[i]);
      }
    }
  }
  static void AddWords(const uint8_t* block, uint32_t part, uint32_t first, const Rows& scales,
                       const ActivationTile& x, v128_t dot[2]) {
    v128_t sums[2] = {wasm_i32x4_splat(0), wasm_i32x4_splat(0)};
    const int16_t* words = x.words + 4 * first;
#pragma clang loop unroll(disable)
    for (uint32_t step = first; step < first + 4; step += 2, words += 8) {
      for (uint32_t k = 0; k < 2; ++k) {
        const Step w = LoadStep<6>(PartOf(block, part), step + k);
        const v128_t even = wasm_v128_load32_splat(words + 4 * k);
        const v128_t odd = wasm_v128_load32_splat(words + 4 * k + 2);
        for (int i = 0; i < 2; ++i) {
          sums[i] = AddDot(sums[i], EvenColumns(w.rows[i]), even);
          sums[i] = AddDot(sums[i], OddColumns(w.rows[i]), odd);
        }
      }
    }
    for (int i = 0; i < 2; ++i) {
      const v128_t scale = wasm_i32x4_shr(scales.four[i], 16);  // of two i16 that are the same
      dot[i] = wasm_i32x4_add(dot[i], wasm_i32x4_mul(sums[i], scale));
    }
  }
};

}  // namespace andon

#endif  // ANDON_KERNELS_Q6_K_H_
