#include "kernels/dense.h"

#include "kernels/simd.h"

namespace andon {
namespace {

// A tile of 4 rows x 1 or 2 outputs keeps 4 or 8 sums in flight, which hides the latency of the
// additions, and uses each vector of weights four times; all of it fits in 16 registers.
constexpr size_t kTileRows = 4;

// out[i][j] for the rows of the tile and j < kOutputs; weights [kOutputs, features].
template <size_t kOutputs, typename Row, typename Weight, typename Sum>
void Tile(const std::array<const Row*, kTileRows>& rows, size_t features, const Weight* weights,
          const Weight* bias, const std::array<Sum*, kTileRows>& out) {
  using V = Vector<Sum>;
  V sums[kTileRows][kOutputs];
  for (auto& row : sums) {
    for (V& sum : row) sum = V::Splat(0);
  }
  size_t c = 0;
  for (; features - c >= V::kLanes; c += V::kLanes) {
    V weight[kOutputs];
    for (size_t j = 0; j < kOutputs; ++j) weight[j] = V::Load(weights + j * features + c);
    for (size_t i = 0; i < kTileRows; ++i) {
      const V value = V::Load(rows[i] + c);
      for (size_t j = 0; j < kOutputs; ++j) sums[i][j] = sums[i][j] + value * weight[j];
    }
  }
  for (size_t i = 0; i < kTileRows; ++i) {
    for (size_t j = 0; j < kOutputs; ++j) {
      Sum total = sums[i][j].Total();
      for (size_t rest = c; rest < features; ++rest) {
        total += static_cast<Sum>(rows[i][rest]) * static_cast<Sum>(weights[j * features + rest]);
      }
      out[i][j] = total + static_cast<Sum>(bias[j]);
    }
  }
}

}  // namespace

template <typename Row, typename Weight>
void Dense(const DenseShape& shape, const Row* rows, const Weight* weights, const Weight* bias,
           SumOf<Row, Weight>* out) {
  const auto [row_count, features, outputs] = shape;
  for (size_t i = 0; i < row_count; i += kTileRows) {
    const auto in = RowsFrom<kTileRows>(i, row_count, rows, features);
    size_t j = 0;
    for (; outputs - j >= 2; j += 2) {
      Tile<2>(in, features, weights + j * features, bias + j,
              RowsFrom<kTileRows>(i, row_count, out + j, outputs));
    }
    if (j < outputs) {
      Tile<1>(in, features, weights + j * features, bias + j,
              RowsFrom<kTileRows>(i, row_count, out + j, outputs));
    }
  }
}

template void Dense(const DenseShape&, const float*, const float*, const float*, float*);
template void Dense(const DenseShape&, const float*, const double*, const double*, double*);
template void Dense(const DenseShape&, const double*, const float*, const float*, double*);
template void Dense(const DenseShape&, const double*, const double*, const double*, double*);

}  // namespace andon
