// Sigmoid and softmax over rows, SIMD; the oracles are in oracle.h. NaN in, NaN out: one NaN, or
// +infinity, among the scores of a row makes all that is computed from it NaN in softmax.
//
// T is float or double.

#ifndef ANDON_KERNELS_ACTIVATION_H_
#define ANDON_KERNELS_ACTIVATION_H_

#include <cstddef>

namespace andon {

// scores [rows] -> out [rows, 2]: {1 - p, p} with p = 1 / (1 + exp(-score)). Both are computed from
// exp(-|score|), so the smaller one keeps its relative precision. out may not overlap scores.
template <typename T>
void SigmoidPairs(size_t rows, const T* scores, T* out);

// In place over scores [rows, classes]; the row maximum is subtracted first, so nothing overflows.
// REQUIRES: classes > 0.
template <typename T>
void Softmax(size_t rows, size_t classes, T* scores);

}  // namespace andon

#endif  // ANDON_KERNELS_ACTIVATION_H_
