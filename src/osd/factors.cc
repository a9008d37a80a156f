#include "osd/factors.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <numeric>
#include <vector>

namespace andon {
namespace {

constexpr int kSelections = 4;

// The `count` most important entries of both matrices together; of equals the first.
Factors KeepMostImportant(const Svd& svd, const Importance& importance, Index count) {
  const Index u_size = svd.u.size(), size = u_size + svd.v.size();
  const auto weight = [&](Index i) {
    return i < u_size ? importance.u.data()[i] : importance.v.data()[i - u_size];
  };
  std::vector<Index> order(static_cast<size_t>(size));
  std::iota(order.begin(), order.end(), Index{0});
  count = std::min(count, size);
  std::nth_element(order.begin(), order.begin() + count, order.end(), [&](Index a, Index b) {
    return weight(a) != weight(b) ? weight(a) > weight(b) : a < b;
  });
  Factors kept{Matrix::Zero(svd.u.rows(), svd.u.cols()), svd.s,
               Matrix::Zero(svd.v.rows(), svd.v.cols())};
  std::for_each(order.begin(), order.begin() + count, [&](Index i) {
    if (i < u_size) {
      kept.u.data()[i] = svd.u.data()[i];
    } else {
      kept.v.data()[i - u_size] = svd.v.data()[i - u_size];
    }
  });
  return kept;
}

// Energy of each column, of 1 at most.
Vector Energies(const Matrix& factor) { return factor.colwise().squaredNorm().transpose(); }

Matrix WeightColumns(const Matrix& factor, const Vector& weights) {
  return factor.cwiseAbs2() * weights.asDiagonal();
}

// Least squares for one factor while the other stays: the rows of `kept` are independent of each
// other. `partner` [in, k], `product` = dW partner [out, k].
Matrix FitRows(const Matrix& kept, const Matrix& partner, const Matrix& product) {
  const Matrix gram = partner.transpose() * partner;
  Matrix fitted = Matrix::Zero(kept.rows(), kept.cols());
  std::vector<Index> support;
  for (Index row = 0; row < kept.rows(); ++row) {
    support.clear();
    for (Index j = 0; j < kept.cols(); ++j) {
      if (kept(row, j) != 0 && gram(j, j) > 0) support.push_back(j);
    }
    if (support.empty()) continue;
    const Matrix normal = gram(support, support);
    const Vector right = product.row(row)(support).transpose();
    const Vector solved = normal.ldlt().solve(right);
    if (!solved.allFinite()) continue;
    for (size_t i = 0; i < support.size(); ++i) {
      fitted(row, support[i]) = solved[static_cast<Index>(i)];
    }
  }
  return fitted;
}

// U diag(S) Vt with columns of length 1, without those that are empty.
Factors Normalised(const Matrix& u, const Matrix& v) {
  const Vector u_lengths = u.colwise().norm(), v_lengths = v.colwise().norm();
  std::vector<Index> used;
  for (Index j = 0; j < u.cols(); ++j) {
    if (u_lengths[j] > 0 && v_lengths[j] > 0) used.push_back(j);
  }
  const Vector u_used = u_lengths(used), v_used = v_lengths(used);
  return {u(Eigen::all, used) * u_used.cwiseInverse().asDiagonal(), u_used.cwiseProduct(v_used),
          v(Eigen::all, used) * v_used.cwiseInverse().asDiagonal()};
}

}  // namespace

Factors SelectByMagnitude(const Svd& svd, Index count) {
  const Vector energy = svd.s.cwiseAbs2();
  Vector u_kept = Vector::Ones(svd.rank()), v_kept = u_kept;
  Factors kept;
  for (int i = 0; i < kSelections; ++i) {
    const Importance importance{WeightColumns(svd.u, energy.cwiseProduct(v_kept)),
                                WeightColumns(svd.v, energy.cwiseProduct(u_kept))};
    kept = KeepMostImportant(svd, importance, count);
    u_kept = Energies(kept.u);
    v_kept = Energies(kept.v);
  }
  return kept;
}

Factors SelectByGradient(const Svd& svd, const Matrix& gradient, Index count) {
  const Matrix u_gradient = gradient * svd.v * svd.s.asDiagonal();
  const Matrix v_gradient = gradient.transpose() * svd.u * svd.s.asDiagonal();
  const Importance importance{svd.u.cwiseProduct(u_gradient).cwiseAbs(),
                              svd.v.cwiseProduct(v_gradient).cwiseAbs()};
  return KeepMostImportant(svd, importance, count);
}

Factors Refit(const Update& update, const Factors& factors, int sweeps) {
  Matrix u = factors.u * factors.s.asDiagonal(), v = factors.v;
  for (int i = 0; i < sweeps; ++i) {
    v = FitRows(factors.v, u, update.TransposeTimes(u));
    u = FitRows(factors.u, v, update.Times(v));
  }
  return Normalised(u, v);
}

}  // namespace andon
