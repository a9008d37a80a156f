// Where kernels put the sums of a group of rows.

#ifndef ANDON_KERNELS_GROUP_SUMS_H_
#define ANDON_KERNELS_GROUP_SUMS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/matrix.h"

namespace andon {

// Where the sums of a group go: y [tokens, rows], of which the last group may have fewer than
// eight.
class GroupSums {
 public:
  GroupSums(const Matrix& w, uint32_t group, float* y)
      : stride_(w.rows),
        count_(std::min(kGroupRows, w.rows - group * kGroupRows)),
        y_(y + group * kGroupRows) {}

  // sums [8]
  void Get(uint32_t token, float* sums) const { std::copy_n(y_ + token * stride_, count_, sums); }
  void Set(uint32_t token, const float* sums) const {
    std::copy_n(sums, count_, y_ + token * stride_);
  }

 private:
  size_t stride_;
  uint32_t count_;
  float* y_;
};

}  // namespace andon

#endif  // ANDON_KERNELS_GROUP_SUMS_H_
