// What a transformer does with rows of float32 between its matrices.

#ifndef ANDON_KERNELS_ROWS_H_
#define ANDON_KERNELS_ROWS_H_

#include <cstddef>
#include <cstdint>

namespace andon {

// to = x / sqrt(mean(x^2) + epsilon) * weight, row by row; x and to [rows, width], weight [width].
// May work in place.
void RmsNorm(const float* x, const float* weight, float epsilon, size_t rows, size_t width,
             float* to);

// gate = gate * sigmoid(gate) * up.
void SwiGlu(float* gate, const float* up, size_t count);

// to += x.
void AddRows(const float* x, size_t count, float* to);

// scores[p] = scale * query . keys[p]; keys [positions] of `width` floats, `stride` apart.
void AttentionScores(const float* query, const float* keys, size_t stride, size_t positions,
                     size_t width, float scale, float* scores);

// to = sum over p of weights[p] * values[p]; values as keys above, to [width].
void WeightedSum(const float* weights, const float* values, size_t stride, size_t positions,
                 size_t width, float* to);

}  // namespace andon

#endif  // ANDON_KERNELS_ROWS_H_
