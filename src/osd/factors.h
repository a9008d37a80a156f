// U diag(S) Vt with entries of U and V left out: which ones to keep, and their values.
//
// Alipour and Amiri, "Optimal Singular Damage: Efficient LLM Inference in Low Storage Regimes"
// (arXiv 2511.02681): in the same bytes a sparsified approximation of rank k = r + c can say more
// than a dense one of rank r, when the entries of both factors compete for the room by what they
// contribute.

#ifndef ANDON_OSD_FACTORS_H_
#define ANDON_OSD_FACTORS_H_

#include "osd/svd.h"

namespace andon {

// An entry that is zero is not stored.
struct Factors {
  Matrix u;  // [out, k]
  Vector s;  // [k]
  Matrix v;  // [in, k]

  Index rank() const { return s.size(); }
  Index entries() const { return (u.array() != 0).count() + (v.array() != 0).count(); }
};

// What each entry of U and of V contributes: shapes as theirs, not negative.
struct Importance {
  Matrix u, v;
};

// Without data. Leaving an entry out changes dW by s_j u_ij v_j: by (s_j u_ij)^2 in the squared
// norm while v_j is whole, and by less once it is not: times the share of v_j's energy that is
// kept. So the factors are weighed against each other, a few times over.
// Keeps `count` entries.
Factors SelectByMagnitude(const Svd& svd, Index count);

// With the gradient G [out, in] of a loss by the weight: |u_ij dL/du_ij| with dL/dU = G V S,
// likewise for V (Molchanov et al., "Importance estimation for neural network pruning", CVPR 2019,
// the first-order criterion). Keeps `count` entries.
Factors SelectByGradient(const Svd& svd, const Matrix& gradient, Index count);

// The same entries with the values that bring U diag(S) Vt closest to dW (least squares, one factor
// after the other, `sweeps` times), columns of length 1.
Factors Refit(const Update& update, const Factors& factors, int sweeps);

}  // namespace andon

#endif  // ANDON_OSD_FACTORS_H_
