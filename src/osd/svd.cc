#include "osd/svd.h"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace andon {
namespace {

struct Qr {
  Matrix q;  // [rows, columns], orthonormal columns
  Matrix r;
};

// REQUIRES: no fewer rows than columns.
Qr ThinQr(const Matrix& matrix) {
  const Index columns = matrix.cols();
  const Eigen::HouseholderQR<Matrix> qr(matrix);
  const Matrix r = qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>();
  return {qr.householderQ() * Matrix::Identity(matrix.rows(), columns), r};
}

Matrix Orthonormal(const Matrix& matrix) { return ThinQr(matrix).q; }

Svd SmallSvd(const Matrix& matrix) {
  const Eigen::BDCSVD<Matrix> svd(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

// L R = Ql (Rl Rrt) Qrt
Svd SvdOfProduct(const Matrix& left, const Matrix& right) {
  const Qr of_left = ThinQr(left), of_right = ThinQr(right.transpose());
  const Matrix between = of_left.r * of_right.r.transpose();
  Svd svd = SmallSvd(between);
  svd.u = of_left.q * svd.u;
  svd.v = of_right.q * svd.v;
  return svd;
}

// Signs at random. SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), so that every machine draws the
// same.
Matrix RandomSigns(Index rows, Index columns) {
  uint64_t state = 0x05D;
  return Matrix::NullaryExpr(rows, columns, [&state](Index, Index) {
    state += 0x9E3779B97F4A7C15;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return ((z ^ (z >> 31)) & 1) != 0 ? 1.0 : -1.0;
  });
}

Svd RandomisedSvd(const Update& update, Index rank) {
  const Index columns = rank + kOversampling;
  Matrix basis = Orthonormal(update.Times(RandomSigns(update.in(), columns)));
  for (int i = 0; i < kPowerIterations; ++i) {
    basis = Orthonormal(update.Times(Orthonormal(update.TransposeTimes(basis))));
  }
  Svd svd = SmallSvd(update.TransposeTimes(basis));  // (Qt dW)t = V S Ut
  std::swap(svd.u, svd.v);
  svd.u = basis * svd.u;
  svd.exact = false;
  return svd;
}

Svd Decompose(const Update& update, Index rank) {
  const Index shorter = std::min(update.out(), update.in());
  if (update.right() && update.left().cols() <= shorter) {
    return SvdOfProduct(update.left(), *update.right());
  }
  if (!update.right() && shorter > kExactSide && rank + kOversampling < shorter) {
    return RandomisedSvd(update, rank);
  }
  // A product whose inner side is the longest is a small matrix that was written large.
  return SmallSvd(update.right() ? Matrix(update.left() * *update.right()) : update.left());
}

// Singular values that rounding leaves of a matrix of lower rank.
Index NumericalRank(const Vector& s, Index longer) {
  if (s.size() == 0) return 0;
  const double least = s[0] * static_cast<double>(longer) * std::numeric_limits<double>::epsilon();
  return (s.array() > least).count();
}

void FixSigns(Svd& svd) {
  for (Index j = 0; j < svd.rank(); ++j) {
    Index largest = 0;
    svd.u.col(j).cwiseAbs().maxCoeff(&largest);
    if (svd.u(largest, j) >= 0) continue;
    svd.u.col(j) *= -1;
    svd.v.col(j) *= -1;
  }
}

}  // namespace

Svd Svd::Truncated(Index most) const {
  const Index kept = std::min(most, rank());
  return {u.leftCols(kept), s.head(kept), v.leftCols(kept), exact};
}

double Svd::Energy(Index most) const { return s.head(std::min(most, rank())).squaredNorm(); }

Svd TruncatedSvd(const Update& update, Index rank) {
  const Svd svd = Decompose(update, rank);
  const Index whole = NumericalRank(svd.s, std::max(update.out(), update.in()));
  Svd truncated = svd.Truncated(std::min(rank, whole));
  FixSigns(truncated);
  return truncated;
}

}  // namespace andon
