#include "kernels/rows.h"

#include <algorithm>
#include <cmath>

#include "kernels/exp.h"
#include "kernels/simd.h"

namespace andon {
namespace {

float Dot(const float* a, const float* b, size_t count) {
  F32x4 sums = F32x4::Splat(0);
  size_t i = 0;
  for (; count - i >= 4; i += 4) sums = sums + F32x4::Load(a + i) * F32x4::Load(b + i);
  float total = sums.Total();
  for (; i < count; ++i) total += a[i] * b[i];
  return total;
}

void Store(F32x4 x, float* to) { wasm_v128_store(to, x.bits); }

// Four at a time; the rest through a padded vector, so that every element goes through the same
// arithmetic.
template <typename Function>
void ForEach4(size_t count, const Function& function) {
  size_t i = 0;
  for (; count - i >= 4; i += 4) function(i, 4);
  if (i < count) function(i, count - i);
}

F32x4 LoadSome(const float* from, size_t count) {
  float padded[4] = {};
  std::copy_n(from, count, padded);
  return F32x4::Load(padded);
}

void StoreSome(F32x4 x, size_t count, float* to) {
  float padded[4];
  Store(x, padded);
  std::copy_n(padded, count, to);
}

}  // namespace

void RmsNorm(const float* x, const float* weight, float epsilon, size_t rows, size_t width,
             float* to) {
  for (size_t r = 0; r < rows; ++r, x += width, to += width) {
    const float mean = Dot(x, x, width) / static_cast<float>(width);
    const float scale = 1 / std::sqrt(mean + epsilon);
    for (size_t i = 0; i < width; ++i) to[i] = x[i] * scale * weight[i];
  }
}

void SwiGlu(float* gate, const float* up, size_t count) {
  const F32x4 one = F32x4::Splat(1);
  ForEach4(count, [&](size_t i, size_t n) {
    const F32x4 x = LoadSome(gate + i, n);
    const F32x4 e = ExpNonPositive(
        NegatedAbs(x));  // e^-|x|: sigmoid is e / (1 + e) below zero, 1 / (1 + e) above
    const F32x4 sigmoid = IfNegative(x, e, one) / (one + e);
    StoreSome(x * sigmoid * LoadSome(up + i, n), n, gate + i);
  });
}

void AddRows(const float* x, size_t count, float* to) {
  for (size_t i = 0; i < count; ++i) to[i] += x[i];
}

void AttentionScores(const float* query, const float* keys, size_t stride, size_t positions,
                     size_t width, float scale, float* scores) {
  size_t p = 0;
  for (; positions - p >= 4; p += 4) {  // four sums at a time, none of which waits for another
    const float* const k = keys + p * stride;
    F32x4 sums[4] = {F32x4::Splat(0), F32x4::Splat(0), F32x4::Splat(0), F32x4::Splat(0)};
    size_t i = 0;
    for (; width - i >= 4; i += 4) {
      const F32x4 q = F32x4::Load(query + i);
      for (size_t j = 0; j < 4; ++j) sums[j] = sums[j] + q * F32x4::Load(k + j * stride + i);
    }
    for (size_t j = 0; j < 4; ++j) {
      float total = sums[j].Total();
      for (size_t rest = i; rest < width; ++rest) total += query[rest] * k[j * stride + rest];
      scores[p + j] = scale * total;
    }
  }
  for (; p < positions; ++p) scores[p] = scale * Dot(query, keys + p * stride, width);
}

void WeightedSum(const float* weights, const float* values, size_t stride, size_t positions,
                 size_t width, float* to) {
  size_t i = 0;
  for (; width - i >= 16; i += 16) {  // sixteen sums stay in registers over all positions
    F32x4 sums[4] = {F32x4::Splat(0), F32x4::Splat(0), F32x4::Splat(0), F32x4::Splat(0)};
    for (size_t p = 0; p < positions; ++p) {
      const float* const v = values + p * stride + i;
      const F32x4 weight = F32x4::Splat(weights[p]);
      for (size_t j = 0; j < 4; ++j) sums[j] = sums[j] + weight * F32x4::Load(v + 4 * j);
    }
    for (size_t j = 0; j < 4; ++j) Store(sums[j], to + i + 4 * j);
  }
  for (; i < width; ++i) {
    to[i] = 0;
    for (size_t p = 0; p < positions; ++p) to[i] += weights[p] * values[p * stride + i];
  }
}

}  // namespace andon
