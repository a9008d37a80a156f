// What the kernels must compute, in the obvious way and in twice their precision: for tests,
// fuzzers and benchmarks.

#ifndef ANDON_KERNELS_ORACLE_H_
#define ANDON_KERNELS_ORACLE_H_

#include <algorithm>
#include <cmath>

#include "kernels/dense.h"

namespace andon::oracle {

template <typename T>
long double Wide(T x) {
  return static_cast<long double>(x);
}

template <typename Row, typename Weight>
void Dense(const DenseShape& shape, const Row* rows, const Weight* weights, const Weight* bias,
           SumOf<Row, Weight>* out) {
  for (size_t i = 0; i < shape.rows; ++i) {
    for (size_t j = 0; j < shape.outputs; ++j) {
      long double sum = Wide(bias[j]);
      for (size_t c = 0; c < shape.features; ++c) {
        sum += Wide(rows[i * shape.features + c]) * Wide(weights[j * shape.features + c]);
      }
      out[i * shape.outputs + j] = static_cast<SumOf<Row, Weight>>(sum);
    }
  }
}

template <typename T>
void SigmoidPairs(size_t rows, const T* scores, T* out) {
  for (size_t i = 0; i < rows; ++i) {
    const long double score = Wide(scores[i]);
    out[2 * i] = static_cast<T>(1 / (1 + std::exp(score)));
    out[2 * i + 1] = static_cast<T>(1 / (1 + std::exp(-score)));
  }
}

template <typename T>
void Softmax(size_t rows, size_t classes, T* scores) {
  for (T* row = scores; row < scores + rows * classes; row += classes) {
    const long double max = Wide(*std::max_element(row, row + classes));
    long double total = 0;
    for (size_t j = 0; j < classes; ++j) total += std::exp(Wide(row[j]) - max);
    for (size_t j = 0; j < classes; ++j)
      row[j] = static_cast<T>(std::exp(Wide(row[j]) - max) / total);
  }
}

}  // namespace andon::oracle

#endif  // ANDON_KERNELS_ORACLE_H_
