// What factors must compute, in the obvious way, to the bit: for tests and fuzzers.

#ifndef ANDON_KERNELS_FACTOR_ORACLE_H_
#define ANDON_KERNELS_FACTOR_ORACLE_H_

#include <cstring>

#include "common/half.h"
#include "kernels/factor.h"

namespace andon::oracle {

inline float FactorValue(const Factor& w, size_t index) {
  if (w.type == DType::kF32) {
    float value;
    std::memcpy(&value, w.values + 4 * index, sizeof(value));
    return value;
  }
  uint16_t half;
  std::memcpy(&half, w.values + 2 * index, sizeof(half));
  return w.type == DType::kF16 ? F16ToFloat(half) : BF16ToFloat(half);
}

inline uint32_t FactorIndex(const uint8_t* from, size_t index) {
  uint32_t value;
  std::memcpy(&value, from + 4 * index, sizeof(value));
  return value;
}

// W[row, column], and whether it is there.
inline bool FactorHas(const Factor& w, uint32_t row, uint32_t column, float* value) {
  if (!w.is_sparse()) {
    *value = FactorValue(w, size_t{row} * w.columns + column);
    return true;
  }
  const uint32_t line = w.is_by_column ? column : row, other = w.is_by_column ? row : column;
  for (size_t i = FactorIndex(w.starts, line); i < FactorIndex(w.starts, size_t{line} + 1); ++i) {
    if (FactorIndex(w.indices, i) != other) continue;
    *value = FactorValue(w, i);
    return true;
  }
  *value = 0;
  return false;
}

// Row `row` of W times x: sparse, one sum in order; dense, four, and then the columns left.
inline float FactorDot(const Factor& w, uint32_t row, const float* x) {
  float sums[4] = {}, value = 0;
  const uint32_t whole = w.is_sparse() ? 0 : w.columns / 4 * 4;
  for (uint32_t c = 0; c < whole; ++c) {
    FactorHas(w, row, c, &value);
    sums[c % 4] += value * x[c];
  }
  float total = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  for (uint32_t c = whole; c < w.columns; ++c) {
    if (FactorHas(w, row, c, &value)) total += value * x[c];
  }
  return total;
}

}  // namespace andon::oracle

#endif  // ANDON_KERNELS_FACTOR_ORACLE_H_
