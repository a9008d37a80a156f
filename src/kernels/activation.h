// Sigmoid and softmax over rows, SIMD with scalar oracles. NaN in, NaN out.

#ifndef ANDON_KERNELS_ACTIVATION_H_
#define ANDON_KERNELS_ACTIVATION_H_

#include <cstddef>

namespace andon {

// scores [rows] -> out [rows, 2]: {1 - p, p} with p = 1 / (1 + exp(-score)). out may not overlap scores.
void SigmoidPairs(size_t rows, const float* scores, float* out);
void SigmoidPairs(size_t rows, const double* scores, double* out);

// In place over scores [rows, classes]; the row maximum is subtracted first, so nothing overflows.
void Softmax(size_t rows, size_t classes, float* scores);
void Softmax(size_t rows, size_t classes, double* scores);

void SigmoidPairsScalar(size_t rows, const float* scores, float* out);
void SigmoidPairsScalar(size_t rows, const double* scores, double* out);
void SoftmaxScalar(size_t rows, size_t classes, float* scores);
void SoftmaxScalar(size_t rows, size_t classes, double* scores);

}  // namespace andon

#endif  // ANDON_KERNELS_ACTIVATION_H_
