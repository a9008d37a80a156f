#include <algorithm>

#include "kernels/matrix.h"
#include "kernels/simd.h"

namespace andon {
namespace {

constexpr uint32_t kVectors = kActivationBlock / 4;  // of floats in a block

// The largest magnitude of a block; NaN where there is one.
float Largest(const float* x) {
  v128_t largest = wasm_f32x4_splat(0);
  for (uint32_t i = 0; i < kVectors; ++i)
    largest = wasm_f32x4_max(largest, wasm_f32x4_abs(wasm_v128_load(x + 4 * i)));
  largest = wasm_f32x4_max(largest, wasm_i32x4_shuffle(largest, largest, 2, 3, 0, 1));
  largest = wasm_f32x4_max(largest, wasm_i32x4_shuffle(largest, largest, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(largest, 0);
}

// Four whole numbers nearest to x * inverse, ties to even: adding 1.5 * 2^23 leaves them in the low
// bits. Any bits where x is not finite.
v128_t Nearest(const float* x, v128_t inverse) {
  const v128_t sum =
      wasm_f32x4_add(wasm_f32x4_mul(wasm_v128_load(x), inverse), wasm_f32x4_splat(0x1.8p23F));
  return wasm_i32x4_sub(sum, wasm_f32x4_splat(0x1.8p23F));
}

// The same of 16 floats, as int8.
v128_t Nearest16(const float* x, v128_t inverse) {
  const v128_t first = wasm_i16x8_narrow_i32x4(Nearest(x, inverse), Nearest(x + 4, inverse));
  const v128_t last = wasm_i16x8_narrow_i32x4(Nearest(x + 8, inverse), Nearest(x + 12, inverse));
  return wasm_i8x16_narrow_i16x8(first, last);
}

int16_t Sum(v128_t bytes) {
  const v128_t sums = wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extadd_pairwise_i8x16(bytes));
  return static_cast<int16_t>(wasm_i32x4_extract_lane(sums, 0) + wasm_i32x4_extract_lane(sums, 1) +
                              wasm_i32x4_extract_lane(sums, 2) + wasm_i32x4_extract_lane(sums, 3));
}

// Lane i goes to 4-byte place i * width of `to`.
template <typename T>
void Spread(v128_t lanes, uint32_t width, T* to) {
  const size_t apart = size_t{width} * (4 / sizeof(T));
  wasm_v128_store32_lane(to, lanes, 0);
  wasm_v128_store32_lane(to + apart, lanes, 1);
  wasm_v128_store32_lane(to + 2 * apart, lanes, 2);
  wasm_v128_store32_lane(to + 3 * apart, lanes, 3);
}

}  // namespace

void Activations::Quantize(const float* x, uint32_t tokens, uint32_t columns) {
  floats_ = x;
  tokens_ = tokens;
  columns_ = columns;
  const size_t all = size_t{tokens} * blocks();
  bytes_.resize(all * kActivationBlock);
  words_.resize(all * kActivationBlock);
  sums_.resize(all * 2);
  scales_.resize(all);
  scaled_sums_.resize(all);
  const uint32_t in_tiles = tokens / kTileTokens * kTileTokens;
  for (uint32_t token = 0; token < tokens; ++token, x += columns) {
    const uint32_t width = token < in_tiles ? kTileTokens : 1;
    const uint32_t lane = token < in_tiles ? token % kTileTokens : 0;
    const size_t first = size_t{token - lane} * blocks();
    for (uint32_t b = 0; b < blocks(); ++b) {
      const uint32_t begin = b * kActivationBlock;
      float padded[kActivationBlock] = {};
      const float* from = x + begin;
      if (columns - begin < kActivationBlock) {
        std::copy_n(from, columns - begin, padded);
        from = padded;
      }
      QuantizeBlock(from, first + size_t{b} * width, width, lane);
    }
  }
}

void Activations::QuantizeBlock(const float* x, size_t block, uint32_t width, uint32_t lane) {
  const float largest = Largest(x);
  const float scale = largest / 127;
  const v128_t inverse = wasm_f32x4_splat(largest > 0 ? 127 / largest : 0);
  int8_t* bytes = &bytes_[block * kActivationBlock + lane * 4];
  int16_t* words = &words_[block * kActivationBlock + lane * 2];
  int16_t* const sums = &sums_[(block + lane) * 2];
  for (uint32_t half = 0; half < 2; ++half) {
    const v128_t values = Nearest16(x + half * 16, inverse);
    Spread(values, width, bytes);
    const v128_t order =
        wasm_i8x16_shuffle(values, values, 0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15);
    Spread(wasm_i16x8_extend_low_i8x16(order), width, words);
    Spread(wasm_i16x8_extend_high_i8x16(order), width, words + 8 * width);
    sums[half] = Sum(values);
    bytes += 16 * width;
    words += 16 * width;
  }
  scales_[block + lane] = scale;
  scaled_sums_[block + lane] = scale * static_cast<float>(sums[0] + sums[1]);
}

ActivationTile Activations::tile(uint32_t token) const {
  const size_t block = size_t{token} * blocks();
  return {&bytes_[block * kActivationBlock], &words_[block * kActivationBlock], &sums_[block * 2],
          &scales_[block], &scaled_sums_[block]};
}

}  // namespace andon
