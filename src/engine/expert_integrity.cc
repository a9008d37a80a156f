#include "engine/expert_integrity.h"

#include <algorithm>

#include "formats/expert_layout.h"

namespace andon {

ExpertIntegrity::ExpertIntegrity(const Expert& expert, const std::optional<BaseShapes>& base)
    : expert_(expert), base_(base), part_bytes_(expert.file().head_bytes) {}

Status ExpertIntegrity::Update(ByteView bytes) {
  Hash(bytes);
  while (!bytes.empty()) {
    const uint64_t missing = part_bytes_ - part_.size();
    const auto taken = static_cast<size_t>(std::min<uint64_t>(missing, bytes.size()));
    AppendBytes(part_, bytes.first(taken));
    bytes = bytes.subspan(taken);
    if (part_.size() == part_bytes_) ANDON_RETURN_IF_ERROR(TakePart());
  }
  return Status();
}

// The file with zeros in place of its hash and its signature.
void ExpertIntegrity::Hash(ByteView bytes) {
  constexpr uint64_t kFrom = ANDON_EXPERT_FILE_SHA256_OFFSET, kTo = ANDON_EXPERT_METADATA_OFFSET;
  static constexpr uint8_t kZeros[kTo - kFrom] = {};
  const auto until = [&](uint64_t offset) {
    const uint64_t count =
        std::min<uint64_t>(std::max(position_, offset) - position_, bytes.size());
    const ByteView front = bytes.first(static_cast<size_t>(count));
    bytes = bytes.subspan(front.size());
    position_ += front.size();
    return front;
  };
  file_hash_.Update(until(kFrom));
  file_hash_.Update(ByteView(kZeros).first(until(kTo).size()));
  file_hash_.Update(until(UINT64_MAX));
}

Status ExpertIntegrity::TakePart() {
  if (in_head_) {
    if (!DigestMatches(Sha256Of(part_), expert_.file().head_sha256)) {
      return Error(ErrorCode::kSourceChanged, "expert: its head is not the one that was verified");
    }
    in_head_ = false;
  } else {
    ANDON_RETURN_IF_ERROR(expert_.Check(expert_.sections()[next_section_++], part_, base_));
  }
  part_.clear();
  if (next_section_ < expert_.sections().size()) {
    const ExpertSection& next = expert_.sections()[next_section_];
    part_bytes_ = next.gap + next.stored_length;
  }
  return Status();
}

Status ExpertIntegrity::Finish() {
  if (expert_.file().file_bytes == 0) {
    for (const ExpertSection& section : expert_.sections()) {
      ANDON_RETURN_IF_ERROR(expert_.Check(section, {}, base_));
    }
    return Status();
  }
  if (DigestMatches(file_hash_.Finish(), expert_.file().file_sha256)) return Status();
  return Error(ErrorCode::kExpertFileHash,
               "expert: the file does not have the SHA-256 that its header states");
}

}  // namespace andon
