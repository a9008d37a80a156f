#include "engine/expert.h"

#include <algorithm>
#include <utility>

namespace andon {

Expert::Expert(ExpertFileFacts file, const Sha256Digest& identity, const ExpertMetadata& metadata,
               std::vector<ExpertSection> sections, std::string description, Status adapter_status)
    : file_(std::move(file)),
      identity_(identity),
      adapter_status_(std::move(adapter_status)),
      name_(metadata.name),
      description_(std::move(description)),
      shapes_(metadata.shapes),
      sections_(std::move(sections)) {}

const ExpertSection* Expert::Find(uint32_t section_id) const {
  const auto found =
      std::lower_bound(sections_.begin(), sections_.end(), section_id,
                       [](const ExpertSection& section, uint32_t id) { return section.id < id; });
  return found != sections_.end() && found->id == section_id ? &*found : nullptr;
}

Result<ByteRange> Expert::Needs(uint32_t section_id) const {
  const ExpertSection* section = Find(section_id);
  if (section == nullptr) {
    return Error(ErrorCode::kSectionUnknown, "expert: no section ", section_id);
  }
  if (file_.file_bytes == 0 || cache_.Contains(section_id)) return ByteRange{};
  return ByteRange{section->offset - section->gap, section->gap + section->stored_length};
}

Result<const ExpertContent*> Expert::Read(uint32_t section_id, ByteView bytes,
                                          const std::optional<Sha256Digest>& stored_sha256) {
  const ExpertSection* section = Find(section_id);
  if (section == nullptr) {
    return Error(ErrorCode::kSectionUnknown, "expert: no section ", section_id);
  }
  if (const ExpertContent* kept = cache_.Find(section_id)) return kept;
  cache_.MakeRoom(section->raw_length);
  ANDON_ASSIGN_OR_RETURN(ExpertContent content, Decode(*section, bytes, stored_sha256));
  return cache_.Keep(section_id, std::move(content));
}

Result<ExpertContent> Expert::Take(uint32_t section_id, ByteView bytes,
                                   const std::optional<Sha256Digest>& stored_sha256) const {
  const ExpertSection* section = Find(section_id);
  if (section == nullptr) {
    return Error(ErrorCode::kSectionUnknown, "expert: no section ", section_id);
  }
  return Decode(*section, bytes, stored_sha256);
}

Status Expert::Check(const ExpertSection& section, ByteView bytes,
                     const std::optional<BaseShapes>& base) const {
  const auto content = Decode(section, bytes, {});
  // Of a newer file: its hash was compared, and there is nothing else that is known of it.
  if (content.code() == ErrorCode::kExpertSectionCodec) return Status();
  if (!content.ok()) return content.status();
  return base ? CheckAgainstBase(content->layer(), *base) : Status();
}

Result<ExpertContent> Expert::Decode(const ExpertSection& section, ByteView bytes,
                                     const std::optional<Sha256Digest>& stored_sha256) const {
  ANDON_ASSIGN_OR_RETURN(Bytes raw, Expand(section, bytes, stored_sha256));
  ANDON_ASSIGN_OR_RETURN(ExpertContent content, ExpertContent::Parse(section, std::move(raw)));
  if (shapes_) ANDON_RETURN_IF_ERROR(CheckAgainstBase(content.layer(), *shapes_));
  return content;
}

}  // namespace andon
