#include "osd/update.h"

#include <algorithm>
#include <utility>

namespace andon {
namespace {

constexpr Index kBlockEntries = 1 << 18;  // 2 MiB

}  // namespace

Update Update::Dense(Matrix change) {
  Update update;
  update.left_ = std::move(change);
  return update;
}

Update Update::Product(Matrix left, Matrix right) {
  Update update;
  update.left_ = std::move(left);
  update.right_ = std::move(right);
  return update;
}

Matrix Update::Times(const Matrix& x) const {
  if (!right_) return left_ * x;
  const Matrix inner = *right_ * x;
  return left_ * inner;
}

Matrix Update::TransposeTimes(const Matrix& x) const {
  const Matrix inner = left_.transpose() * x;
  if (!right_) return inner;
  return right_->transpose() * inner;
}

double Update::SquaredNorm() const {
  if (!right_) return left_.squaredNorm();
  // |L R|^2 is the sum of (LtL) o (R Rt): r x r numbers.
  const Matrix left_gram = left_.transpose() * left_;
  const Matrix right_gram = *right_ * right_->transpose();
  return std::max(left_gram.cwiseProduct(right_gram).sum(), 0.0);
}

void Update::ForEachBlock(const std::function<void(Index, const Matrix&)>& take) const {
  const Index rows = std::max<Index>(1, kBlockEntries / in());
  for (Index first = 0; first < out(); first += rows) {
    const Index count = std::min(rows, out() - first);
    Matrix block = left_.middleRows(first, count);
    if (right_) block = block * *right_;
    take(first, block);
  }
}

}  // namespace andon
