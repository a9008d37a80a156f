// What the types made of parts (part.h) share: their loading into panels and their products with
// one token.
//
// Such a type W has kBits, kOffset and PartOf(block, part).

#ifndef ANDON_KERNELS_PART_DOTS_H_
#define ANDON_KERNELS_PART_DOTS_H_

#include <type_traits>

#include "kernels/panel.h"
#include "kernels/part.h"
#include "kernels/sums.h"

namespace andon {

// Columns 0 and 2, and 1 and 3, of a step, as 16 bits.
inline v128_t EvenColumns(v128_t bytes) { return wasm_v128_and(bytes, wasm_i16x8_splat(0xFF)); }
inline v128_t OddColumns(v128_t bytes) { return wasm_u16x8_shr(bytes, 8); }

// How many steps the loops below take at a time: as many as share a vector of further bits.
template <typename W>
inline constexpr uint32_t kStepsAtATime = W::kBits == 5 ? 4 : 2;

template <typename W>
void DotsOfWords(const uint8_t* part, const ActivationTile& x, v128_t dot[2]) {
  const int16_t* words = x.words;
  v128_t odd[2] = {wasm_i32x4_splat(0), wasm_i32x4_splat(0)};
  dot[0] = dot[1] = wasm_i32x4_splat(0);
#pragma clang loop unroll(disable)
  for (uint32_t first = 0; first < kSteps;
       first += kStepsAtATime<W>, words += 4 * kStepsAtATime<W>) {
    for (uint32_t i = 0; i < kStepsAtATime<W>; ++i) {
      const Step w = LoadStep<W::kBits>(part, first + i);
      const v128_t x_even = wasm_v128_load32_splat(words + 4 * i);
      const v128_t x_odd = wasm_v128_load32_splat(words + 4 * i + 2);
      for (int half = 0; half < 2; ++half) {
        dot[half] = AddDot(dot[half], EvenColumns(w.rows[half]), x_even);
        odd[half] = AddDot(odd[half], OddColumns(w.rows[half]), x_odd);
      }
    }
  }
  for (int half = 0; half < 2; ++half) dot[half] = wasm_i32x4_add(dot[half], odd[half]);
}

// Weights of four bits are not moved to the end of their 16 bits before they are multiplied; the
// sums are, after.
inline void DotsOfNibbles(const uint8_t* part, const ActivationTile& x, v128_t dot[2]) {
  const int16_t* words = x.words;
  v128_t odd_times_256 = wasm_i32x4_splat(0),
         even_times_16 = wasm_i32x4_splat(0);  // of rows 0-3, of rows 4-7
  dot[0] = dot[1] = wasm_i32x4_splat(0);
#pragma clang loop unroll(disable)
  for (uint32_t step = 0; step < kSteps; ++step, part += 16, words += 4) {
    const v128_t packed = wasm_v128_load(part);
    const v128_t x_even = wasm_v128_load32_splat(words), x_odd = wasm_v128_load32_splat(words + 2);
    dot[0] = AddDot(dot[0], wasm_v128_and(packed, wasm_i16x8_splat(0x000F)), x_even);
    odd_times_256 = AddDot(odd_times_256, wasm_v128_and(packed, wasm_i16x8_splat(0x0F00)), x_odd);
    even_times_16 = AddDot(even_times_16, wasm_v128_and(packed, wasm_i16x8_splat(0x00F0)), x_even);
    dot[1] = AddDot(dot[1], wasm_u16x8_shr(packed, 12), x_odd);
  }
  dot[0] = wasm_i32x4_add(dot[0], wasm_i32x4_shr(odd_times_256, 8));
  dot[1] = wasm_i32x4_add(dot[1], wasm_i32x4_shr(even_times_16, 4));
}

template <typename W>
void DotsOfBytes(const uint8_t* part, const ActivationTile& x, v128_t dot[2]) {
  constexpr uint32_t kTogether = kPairsInWord<W::kBits>;
  const int8_t* bytes = x.bytes;
  v128_t sums[2] = {wasm_i16x8_splat(0), wasm_i16x8_splat(0)};
  dot[0] = dot[1] = wasm_i32x4_splat(0);
#pragma clang loop unroll(disable)
  for (uint32_t first = 0; first < kSteps;
       first += kStepsAtATime<W>, bytes += 4 * kStepsAtATime<W>) {
    for (uint32_t i = 0; i < kStepsAtATime<W>; ++i) {
      const Step w = LoadStep<W::kBits>(part, first + i);
      const v128_t four = wasm_v128_load32_splat(bytes + 4 * i);
      for (int half = 0; half < 2; ++half) {
        sums[half] = wasm_i16x8_add(sums[half], PairDots(four, w.rows[half]));
      }
    }
    if constexpr (kTogether < kSteps) {
      static_assert(kStepsAtATime<W> == kTogether);
      for (int half = 0; half < 2; ++half) {
        dot[half] = wasm_i32x4_add(dot[half], wasm_i32x4_extadd_pairwise_i16x8(sums[half]));
        sums[half] = wasm_i16x8_splat(0);
      }
    }
  }
  if constexpr (kTogether >= kSteps) {
    for (int half = 0; half < 2; ++half) dot[half] = wasm_i32x4_extadd_pairwise_i16x8(sums[half]);
  }
}

template <typename W>
struct PartDots {
  template <Arithmetic kArithmetic, uint32_t kBits, int16_t kOffset>
  using PanelOf =
      std::conditional_t<kArithmetic == Arithmetic::kBytes, BytePanel<kBits, kOffset>, WordPanel>;

  template <Arithmetic kArithmetic>
  static void Dots(const uint8_t* block, uint32_t part, const ActivationTile& x, v128_t dot[2]) {
    if constexpr (kArithmetic == Arithmetic::kBytes) {
      DotsOfBytes<W>(W::PartOf(block, part), x, dot);
    } else if constexpr (W::kBits == 4) {
      DotsOfNibbles(W::PartOf(block, part), x, dot);
    } else {
      DotsOfWords<W>(W::PartOf(block, part), x, dot);
    }
    SubtractOffset<W::kOffset>(x.sums, dot);
  }

  static void Load(const uint8_t* block, uint32_t part, uint32_t step, v128_t (&w)[2]) {
    const Step loaded = LoadStep<W::kBits>(W::PartOf(block, part), step);
    w[0] = loaded.rows[0];
    w[1] = loaded.rows[1];
  }
  static void Load(const uint8_t* block, uint32_t part, uint32_t step, v128_t (&w)[4]) {
    const Step loaded = LoadStep<W::kBits>(W::PartOf(block, part), step);
    const v128_t offset = wasm_i16x8_splat(W::kOffset);
    for (int half = 0; half < 2; ++half) {
      w[half] = wasm_i16x8_sub(EvenColumns(loaded.rows[half]), offset);
      w[2 + half] = wasm_i16x8_sub(OddColumns(loaded.rows[half]), offset);
    }
  }
};

}  // namespace andon

#endif  // ANDON_KERNELS_PART_DOTS_H_
