#include <algorithm>
#include <cmath>

#include "kernels/matrix.h"

namespace andon {
namespace {

// Rounds to the nearest integer, ties to even, as every engine does.
int16_t Quantized(float x, float inverse_scale) {
  return static_cast<int16_t>(std::nearbyint(x * inverse_scale));
}

}  // namespace

void Activations::Quantize(const float* x, uint32_t tokens, uint32_t columns) {
  floats_ = x;
  tokens_ = tokens;
  columns_ = columns;
  values_.assign(size_t{tokens} * stride(), 0);
  scales_.resize(size_t{tokens} * blocks());
  sums_.resize(size_t{tokens} * blocks());
  for (uint32_t token = 0; token < tokens; ++token) {
    const uint32_t in_tiles = tokens / kTileTokens * kTileTokens;
    const bool tiled = token < in_tiles;
    const uint32_t width = tiled ? kTileTokens : 1;
    const uint32_t first = tiled ? token / kTileTokens * kTileTokens : token;
    const uint32_t lane = token - first;
    int16_t* const values = values_.data() + size_t{first} * stride();
    float* const scales = scales_.data() + size_t{first} * blocks();
    float* const sums = sums_.data() + size_t{first} * blocks();
    const float* const row = x + size_t{token} * columns;
    for (uint32_t b = 0; b < blocks(); ++b) {
      const uint32_t begin = b * kActivationBlock;
      const uint32_t count = std::min(kActivationBlock, columns - begin);
      float largest = 0;
      for (uint32_t i = 0; i < count; ++i) largest = std::max(largest, std::fabs(row[begin + i]));
      const float scale = largest / 127;
      const float inverse = largest > 0 ? 127 / largest : 0;
      int32_t sum = 0;
      for (uint32_t i = 0; i < count; ++i) {
        const int16_t value = Quantized(row[begin + i], inverse);
        values[((size_t{b} * 16 + i / 2) * width + lane) * 2 + i % 2] = value;
        sum += value;
      }
      scales[size_t{b} * width + lane] = scale;
      sums[size_t{b} * width + lane] = scale * static_cast<float>(sum);
    }
  }
}

}  // namespace andon
