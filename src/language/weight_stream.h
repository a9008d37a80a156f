// Takes the bytes of a file of weights as they arrive and puts each tensor where the plan wants it.

#ifndef ANDON_LANGUAGE_WEIGHT_STREAM_H_
#define ANDON_LANGUAGE_WEIGHT_STREAM_H_

#include <cstdint>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "language/weight_plan.h"

namespace andon {

class WeightStream {
 public:
  // `tensors` in the order of their offsets, none overlapping; `targets` as WeightPlan::Bind gave
  // them; `position`: of the first byte to come.
  WeightStream(std::vector<StoredTensor> tensors, std::vector<WeightTarget*> targets,
               uint64_t position)
      : tensors_(std::move(tensors)), targets_(std::move(targets)), position_(position) {}

  // The next bytes, any number. A group of rows is packed as soon as it is whole: what is held back
  // is less than eight rows. Errors: WeightNotFinite; GgufPadding where bytes between tensors are
  // not zero.
  Status Push(ByteView piece);

 private:
  Status CheckPadding(ByteView bytes) const;
  Status PushTensor(ByteView& piece);
  uint64_t PartBytes() const;
  Status TakePart(ByteView part);
  Status PackRows(const StoredTensor& tensor, ByteView rows, const WeightTarget& target);

  std::vector<StoredTensor> tensors_;
  std::vector<WeightTarget*> targets_;
  uint64_t position_;           // in the file
  size_t current_ = 0;          // tensor
  uint64_t taken_ = 0;          // bytes of it
  Bytes part_;                  // rows that are not whole yet
  std::vector<float> widened_;  // of a group
  Bytes narrowed_;              // likewise, as the matrix has them
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_WEIGHT_STREAM_H_
