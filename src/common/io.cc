#include "common/io.h"

#include <algorithm>

namespace andon {

Status MemoryInput::Read(uint64_t offset, std::span<uint8_t> to) {
  const auto range = SubRange(bytes_, offset, to.size());
  if (!range) return Error(ErrorCode::kSourceUnreadable, "source: a range outside of it");
  std::copy(range->begin(), range->end(), to.begin());
  return Status();
}

Status MemoryOutput::Read(uint64_t offset, std::span<uint8_t> to) {
  return MemoryInput(bytes_).Read(offset, to);
}

Status MemoryOutput::Append(ByteView bytes) {
  AppendBytes(bytes_, bytes);
  return Status();
}

Status MemoryOutput::Replace(uint64_t offset, ByteView bytes) {
  if (!SubRange(bytes_, offset, bytes.size())) {
    return Error(ErrorCode::kOutputUnwritable, "output: a range outside of it");
  }
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<ptrdiff_t>(offset));
  return Status();
}

}  // namespace andon
