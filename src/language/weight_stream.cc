#include "language/weight_stream.h"

#include <algorithm>

#include "kernels/matrix.h"
#include "tensor/quantize.h"

namespace andon {
namespace {

Status RequireFinite(const StoredTensor& tensor, WeightType type, ByteView blocks) {
  if (AreFinite(type, blocks)) return Status();
  return Error(ErrorCode::kWeightNotFinite, "model: a weight or a scale of ", Quoted(tensor.name),
               " as ", WeightBlockOf(type).name);
}

}  // namespace

Status WeightStream::Push(ByteView piece) {
  while (!piece.empty()) {
    const bool after_last = current_ == tensors_.size();
    if (after_last || position_ < tensors_[current_].offset) {
      const uint64_t gap = after_last ? piece.size() : tensors_[current_].offset - position_;
      const ByteView padding =
          piece.first(static_cast<size_t>(std::min<uint64_t>(gap, piece.size())));
      ANDON_RETURN_IF_ERROR(CheckPadding(padding));
      position_ += padding.size();
      piece = piece.subspan(padding.size());
    } else {
      ANDON_RETURN_IF_ERROR(PushTensor(piece));
    }
  }
  return Status();
}

Status WeightStream::CheckPadding(ByteView bytes) const {
  const bool zero = std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
  return zero ? Status()
              : Error(ErrorCode::kGgufPadding, "gguf: bytes near ", position_,
                      " belong to no tensor");
}

// Takes what it can of the current tensor from the front of `piece`.
Status WeightStream::PushTensor(ByteView& piece) {
  const StoredTensor& tensor = tensors_[current_];
  const uint64_t part_bytes = PartBytes();
  const ByteView fresh =
      piece.first(static_cast<size_t>(std::min<uint64_t>(part_bytes - part_.size(), piece.size())));
  piece = piece.subspan(fresh.size());
  position_ += fresh.size();
  if (targets_[current_] == nullptr) {
    taken_ += fresh.size();
  } else if (fresh.size() == part_bytes) {  // whole within the piece: no copy
    ANDON_RETURN_IF_ERROR(TakePart(fresh));
  } else {
    AppendBytes(part_, fresh);
    if (part_.size() < part_bytes) return Status();
    ANDON_RETURN_IF_ERROR(TakePart(part_));
    part_.clear();
  }
  if (taken_ == tensor.bytes) {
    ++current_;
    taken_ = 0;
  }
  return Status();
}

// What is taken at once: a group of rows, or all of a vector; of a tensor that is skipped, all that
// comes.
uint64_t WeightStream::PartBytes() const {
  const StoredTensor& tensor = tensors_[current_];
  const uint64_t rest = tensor.bytes - taken_;
  return targets_[current_] == nullptr ? rest : std::min(rest, tensor.row_bytes() * kGroupRows);
}

Status WeightStream::TakePart(ByteView part) {
  const StoredTensor& tensor = tensors_[current_];
  const WeightTarget& target = *targets_[current_];
  ANDON_RETURN_IF_ERROR(RequireFinite(tensor, tensor.type, part));
  if (target.vector != nullptr) {
    target.vector->resize(static_cast<size_t>(tensor.columns));
    WidenWeights(tensor.type, part, target.vector->data());
  } else {
    ANDON_RETURN_IF_ERROR(PackRows(tensor, part, target));
  }
  taken_ += part.size();
  return Status();
}

Status WeightStream::PackRows(const StoredTensor& tensor, ByteView rows,
                              const WeightTarget& target) {
  const Matrix& matrix = *target.matrix;
  const uint64_t first_row = taken_ / tensor.row_bytes();
  const auto count = static_cast<uint32_t>(rows.size() / tensor.row_bytes());
  uint8_t* const group =
      target.memory + first_row / kGroupRows * MatrixBytes(matrix.type, kGroupRows, matrix.columns);
  if (tensor.type != matrix.type) {
    widened_.resize(size_t{count} * matrix.columns);
    WidenWeights(tensor.type, rows, widened_.data());
    NarrowWeights(matrix.type, widened_, narrowed_);
    rows = narrowed_;
    ANDON_RETURN_IF_ERROR(RequireFinite(tensor, matrix.type, rows));  // F16 ends at 65,504
  }
  PackGroup(matrix.type, rows.data(), count, matrix.columns, group);
  return Status();
}

}  // namespace andon
