// Dense layer: out[i, j] = bias[j] + sum over c of rows[i, c] * weights[j, c].
// SIMD (wasm SIMD128; natively the same source through SIMDe); the oracle is in oracle.h.

#ifndef ANDON_KERNELS_DENSE_H_
#define ANDON_KERNELS_DENSE_H_

#include <cstddef>

namespace andon {

struct DenseShape {
  size_t rows;
  size_t features;
  size_t outputs;
};

// The type in which products of the two are summed: float32 where both are, otherwise float64.
template <typename Row, typename Weight>
using SumOf = decltype(Row{} * Weight{});

// rows [rows, features], weights [outputs, features], bias [outputs], out [rows, outputs];
// row-major, each aligned to its elements. Row and Weight are float or double. Sums in several
// lanes, so the rounding differs from left-to-right order; it does not depend on the other rows.
template <typename Row, typename Weight>
void Dense(const DenseShape& shape, const Row* rows, const Weight* weights, const Weight* bias,
           SumOf<Row, Weight>* out);

}  // namespace andon

#endif  // ANDON_KERNELS_DENSE_H_
