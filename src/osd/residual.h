// The entries of an update that its factors say worst.

#ifndef ANDON_OSD_RESIDUAL_H_
#define ANDON_OSD_RESIDUAL_H_

#include <functional>
#include <vector>

#include "osd/factors.h"

namespace andon {

struct ResidualEntry {
  Index row = 0, column = 0;
  double value = 0;  // of dW less that of the factors
};

// dW - U diag(S) Vt, some rows at a time.
void ForEachRemainder(const Update& update, const Factors& factors,
                      const std::function<void(Index first, const Matrix& rows)>& take);

// The `count` entries of the remainder that are largest, or, with a gradient [out, in], whose
// product with it is. Of equals the first; by row, or by column where `by_column`.
std::vector<ResidualEntry> LargestRemainders(const Update& update, const Factors& factors,
                                             const Matrix* gradient, size_t count, bool by_column);

}  // namespace andon

#endif  // ANDON_OSD_RESIDUAL_H_
