// The update dW [out, in] that fine-tuning made to a weight: whole, or as the product of two
// factors that is never formed as a whole.

#ifndef ANDON_OSD_UPDATE_H_
#define ANDON_OSD_UPDATE_H_

#include <functional>
#include <optional>

#include "osd/matrix.h"

namespace andon {

class Update {
 public:
  static Update Dense(Matrix change);
  // left [out, r], right [r, in]
  static Update Product(Matrix left, Matrix right);

  Index out() const { return left_.rows(); }
  Index in() const { return right_ ? right_->cols() : left_.cols(); }
  // The factors of a product; of a dense update the first is all of it.
  const Matrix& left() const { return left_; }
  const std::optional<Matrix>& right() const { return right_; }

  Matrix Times(const Matrix& x) const;           // dW x
  Matrix TransposeTimes(const Matrix& x) const;  // dWt x
  double SquaredNorm() const;                    // Frobenius

  // Calls with some rows at a time, from the first on: the whole need not exist at once.
  void ForEachBlock(const std::function<void(Index first, const Matrix& rows)>& take) const;

 private:
  Matrix left_;
  std::optional<Matrix> right_;
};

}  // namespace andon

#endif  // ANDON_OSD_UPDATE_H_
