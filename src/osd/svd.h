// Truncated singular value decomposition of an update.

#ifndef ANDON_OSD_SVD_H_
#define ANDON_OSD_SVD_H_

#include "osd/update.h"

namespace andon {

struct Svd {
  Matrix u;  // [out, k], columns of length 1
  Vector s;  // [k], descending, all positive
  Matrix v;  // [in, k], columns of length 1
  bool exact = true;

  Index rank() const { return s.size(); }
  // The first `rank` of them, or all where there are fewer.
  Svd Truncated(Index rank) const;
  // The sum of the first `rank` squared singular values: |dW_k|^2.
  double Energy(Index rank) const;
};

// The `rank` largest singular values and their vectors; fewer where dW has a lower numerical rank.
// The sign of a pair of vectors is that which makes the largest entry of u positive.
//
// A product of factors: QR of both, then the SVD of the small matrix between (exact). A dense
// update whose shorter side is at most kExactSide: divide and conquer (exact). A larger one: the
// randomised SVD of Halko, Martinsson and Tropp, "Finding structure with randomness" (SIAM Review
// 53, 2011), algorithms 4.4 and 5.1, with kOversampling further columns, kPowerIterations and a
// fixed seed. By corollary 10.10 there the expected error in the spectral norm is at most
// (1 + sqrt(k / 9) + e sqrt(k + 10) / 10 sqrt(min(out, in)))^(1 / 9) sigma_(k+1): for k = 48 and
// 4,096 features 1.8 sigma_(k+1). What it costs in a case at hand is part of the measured
// reconstruction error. The same input gives the same bytes.
Svd TruncatedSvd(const Update& update, Index rank);

inline constexpr Index kExactSide = 384;
inline constexpr Index kOversampling = 10;
inline constexpr int kPowerIterations = 4;

}  // namespace andon

#endif  // ANDON_OSD_SVD_H_
