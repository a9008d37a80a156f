// Dense layer: out[i, j] = bias[j] + sum over c of rows[i, c] * weights[j, c].
// SIMD (wasm SIMD128; natively the same source through SIMDe) with a scalar oracle.

#ifndef ANDON_KERNELS_DENSE_H_
#define ANDON_KERNELS_DENSE_H_

#include <cstddef>

namespace andon {

struct DenseShape {
  size_t rows;
  size_t features;
  size_t outputs;
};

// rows [rows, features], weights [outputs, features], bias [outputs], out [rows, outputs];
// row-major, any alignment. Sums in several lanes, so the rounding differs from left-to-right order.
void Dense(const DenseShape& shape, const float* rows, const float* weights, const float* bias, float* out);
void Dense(const DenseShape& shape, const double* rows, const double* weights, const double* bias,
           double* out);

// The oracles: three obvious loops, sums in double.
void DenseScalar(const DenseShape& shape, const float* rows, const float* weights, const float* bias,
                 float* out);
void DenseScalar(const DenseShape& shape, const double* rows, const double* weights, const double* bias,
                 double* out);

}  // namespace andon

#endif  // ANDON_KERNELS_DENSE_H_
