#include "kernels/activation.h"

#include <limits>
#include <vector>

#include "kernels/exp.h"
#include "kernels/simd.h"

namespace andon {
namespace {

// As many rows at a time as a vector has lanes, whatever the number of classes.
template <typename V, typename T = typename V::Scalar>
class LaneRows {
 public:
  LaneRows(size_t first, size_t row_count, T* rows, size_t stride)
      : rows_(RowsFrom<V::kLanes>(first, row_count, rows, stride)) {}

  V Get(size_t column) const {
    std::array<const T*, V::kLanes> from;
    for (size_t i = 0; i < V::kLanes; ++i) from[i] = rows_[i] + column;
    return V::Gather(from);
  }
  void Set(size_t column, V values) const {
    std::array<T*, V::kLanes> to;
    for (size_t i = 0; i < V::kLanes; ++i) to[i] = rows_[i] + column;
    values.Scatter(to);
  }

 private:
  std::array<T*, V::kLanes> rows_;
};

}  // namespace

template <typename T>
void SigmoidPairs(size_t rows, const T* scores, T* out) {
  using V = Vector<T>;
  const V one = V::Splat(1);
  for (size_t row = 0; row < rows; row += V::kLanes) {
    const V score = V::Gather(RowsFrom<V::kLanes>(row, rows, scores, 1));
    const V e = ExpNonPositive(NegatedAbs(score));
    const V smaller = e / (one + e);
    const V larger = one / (one + e);
    const LaneRows<V> pairs(row, rows, out, 2);
    pairs.Set(0, IfNegative(score, larger, smaller));
    pairs.Set(1, IfNegative(score, smaller, larger));
  }
}

template <typename T>
void Softmax(size_t rows, size_t classes, T* scores) {
  using V = Vector<T>;
  std::vector<V> e(classes);  // of the rows in the lanes; spares moving them there twice
  for (size_t row = 0; row < rows; row += V::kLanes) {
    const LaneRows<V> lanes(row, rows, scores, classes);
    V max = V::Splat(-std::numeric_limits<T>::infinity());
    for (size_t j = 0; j < classes; ++j) {
      e[j] = lanes.Get(j);
      max = Max(max, e[j]);
    }
    V total = V::Splat(0);
    for (size_t j = 0; j < classes; ++j) {
      e[j] = ExpNonPositive(e[j] - max);
      total = total + e[j];
    }
    for (size_t j = 0; j < classes; ++j) lanes.Set(j, e[j] / total);
  }
}

template void SigmoidPairs(size_t, const float*, float*);
template void SigmoidPairs(size_t, const double*, double*);
template void Softmax(size_t, size_t, float*);
template void Softmax(size_t, size_t, double*);

}  // namespace andon
