#include "formats/expert_toc.h"

#include <algorithm>
#include <string_view>

#include "codecs/byte_shuffle.h"
#include "common/limits.h"
#include "common/little_endian.h"
#include "common/utf8.h"
#include "formats/expert_layout.h"

namespace andon {
namespace {

// Of the fields in an entry.
constexpr size_t kTypeOffset = 4, kCodecOffset = 6, kOffsetOffset = 8, kStoredOffset = 16,
                 kRawOffset = 24, kSha256Offset = 32, kLayerOffset = 64, kFlagsOffset = 68,
                 kNameOffset = 72, kNameBytes = 24;

constexpr uint32_t kElementSizeFlags = 0xF00;

bool IsKnown(uint16_t type) {
  return type >= static_cast<uint16_t>(SectionType::kParams) &&
         type <= static_cast<uint16_t>(SectionType::kAttachment);
}

bool Is(const ExpertSection& section, SectionType type) {
  return section.type == static_cast<uint16_t>(type);
}

bool OccursOnce(const ExpertSection& section) {
  return Is(section, SectionType::kRouter) || Is(section, SectionType::kTokenizerDelta) ||
         Is(section, SectionType::kCalibration) || Is(section, SectionType::kMetrics) ||
         Is(section, SectionType::kSigningCert);
}

uint64_t AlignmentOf(uint16_t type) {
  return type == static_cast<uint16_t>(SectionType::kParams) ? ANDON_EXPERT_PARAMS_ALIGNMENT
                                                             : ANDON_EXPERT_ALIGNMENT;
}

template <typename... Parts>
Status Refuse(ErrorCode code, const ExpertSection& section, const Parts&... parts) {
  return Error(code, "expert: section ", section.id, ", ", parts...);
}

Status CheckName(const ExpertSection& section) {
  std::string_view rest = section.name;
  bool plain = rest.size() <= kNameBytes;
  while (plain && !rest.empty()) {
    const auto code_point = TakeCodePoint(rest);
    plain = code_point && !IsDeceptive(*code_point);
  }
  if (plain) return {};
  return Refuse(ErrorCode::kExpertSectionName, section, "a name that is no plain text of at most ",
                uint64_t{kNameBytes}, " bytes");
}

Status CheckLength(const ExpertSection& section) {
  const uint64_t most = Is(section, SectionType::kSigningCert) ? limits::kMaxSigningCertBytes
                                                               : limits::kMaxSectionBytes;
  const uint64_t larger = std::max(section.stored_length, section.raw_length);
  const bool is_empty = section.stored_length == 0 || section.raw_length == 0;
  if (is_empty || larger > most) {
    return Refuse(ErrorCode::kExpertSectionLength, section, "stored in ", section.stored_length,
                  " bytes, content of ", section.raw_length, ", neither may exceed ", most);
  }
  return {};
}

}  // namespace

Result<ExpertSection> ReadTocEntry(ByteView entry) {
  const auto field = [entry](size_t offset, unsigned size) {
    return andon_load_le(entry.data() + offset, size);
  };
  ExpertSection section;
  section.id = static_cast<uint32_t>(field(0, 4));
  section.type = static_cast<uint16_t>(field(kTypeOffset, 2));
  section.codec = static_cast<SectionCodec>(field(kCodecOffset, 2));
  section.offset = field(kOffsetOffset, 8);
  section.stored_length = field(kStoredOffset, 8);
  section.raw_length = field(kRawOffset, 8);
  std::copy_n(entry.begin() + kSha256Offset, section.sha256.size(), section.sha256.begin());
  section.layer = static_cast<uint32_t>(field(kLayerOffset, 4));
  section.flags = static_cast<uint32_t>(field(kFlagsOffset, 4));
  const std::string_view name = AsText(entry.subspan(kNameOffset, kNameBytes));
  section.name = name.substr(0, name.find('\0'));
  if (name.find_first_not_of('\0', section.name.size()) != std::string_view::npos)
    return Refuse(ErrorCode::kExpertSectionName, section, "bytes after the end of the name");
  return section;
}

void AppendTocEntry(Bytes& toc, const ExpertSection& section) {
  AppendU32(toc, section.id);
  AppendU16(toc, section.type);
  AppendU16(toc, static_cast<uint16_t>(section.codec));
  AppendU64(toc, section.offset);
  AppendU64(toc, section.stored_length);
  AppendU64(toc, section.raw_length);
  AppendBytes(toc, section.sha256);
  AppendU32(toc, section.layer);
  AppendU32(toc, section.flags);
  AppendBytes(toc, AsBytes(section.name));
  toc.resize(toc.size() + kNameBytes - section.name.size());
}

uint64_t MaxExpertExpansion(uint64_t file_bytes) {
  return limits::kExpertFreeExpansionBytes + limits::kMaxExpertRatio * file_bytes;
}

uint64_t TocRules::NextOffset(uint16_t type) const {
  const uint64_t alignment = AlignmentOf(type);
  return (end_ + (alignment - 1)) & ~(alignment - 1);  // files end far below 2^64
}

// Of a section that Andon does not know, what frames it is checked and no more: it may not be
// critical, and a file of a higher minor version may give it a codec and flags that are not known
// either.
Status TocRules::Take(ExpertSection& section) {
  if (section.id <= last_id_)
    return Refuse(ErrorCode::kExpertSectionId, section, "not after the one before it");
  ANDON_RETURN_IF_ERROR(CheckName(section));
  ANDON_RETURN_IF_ERROR(CheckType(section));
  ANDON_RETURN_IF_ERROR(CheckLength(section));
  if (IsKnown(section.type) || minor_ == 0) ANDON_RETURN_IF_ERROR(CheckCodec(section));
  if (IsKnown(section.type)) ANDON_RETURN_IF_ERROR(CheckLayer(section));

  const uint64_t previous_end = end_;
  if (!andon_expert_section_follows(previous_end, AlignmentOf(section.type), section.offset,
                                    section.stored_length, file_bytes_, &end_)) {
    return Refuse(ErrorCode::kExpertSectionPlace, section, section.stored_length, " bytes at ",
                  section.offset, ", which is not where the one before it ends, at ", previous_end,
                  ", or not inside the file");
  }
  section.gap = section.offset - previous_end;
  raw_bytes_ += section.raw_length;  // 4,096 of 1 GiB at most
  last_id_ = section.id;
  return {};
}

Status TocRules::CheckType(const ExpertSection& section) {
  if (!IsKnown(section.type) && section.critical())
    return Refuse(ErrorCode::kExpertSectionType, section, "critical and of the unknown type ",
                  section.type);
  if (!types_.insert(section.type).second && OccursOnce(section))
    return Refuse(ErrorCode::kExpertSectionType, section, "the second of its type, ",
                  SectionTypeName(section.type));
  return {};
}

Status TocRules::CheckCodec(const ExpertSection& section) const {
  const uint64_t size = section.element_size();
  const bool is_shuffled = section.codec == SectionCodec::kShuffledZstd;
  const bool has_size = is_shuffled ? IsShuffleElementSize(size) : size == 0;
  if (!has_size || (section.flags & ~(kSectionCritical | kElementSizeFlags)) != 0)
    return Refuse(ErrorCode::kExpertSectionFlags, section, "flags of ", section.flags);
  if (section.codec > SectionCodec::kShuffledZstd)
    return Refuse(ErrorCode::kExpertSectionCodec, section, "the unknown codec ",
                  static_cast<uint16_t>(section.codec));
  // Read before the signature was judged, so nothing of it may need expanding.
  if (Is(section, SectionType::kSigningCert) && section.codec != SectionCodec::kNone)
    return Refuse(ErrorCode::kExpertSectionCodec, section, "certificates that are compressed");

  const bool is_whole = section.codec == SectionCodec::kNone
                            ? section.raw_length == section.stored_length
                        : is_shuffled ? section.raw_length % size == 0
                                      : true;
  if (!is_whole)
    return Refuse(ErrorCode::kExpertSectionLength, section, "content of ", section.raw_length,
                  " bytes, which its codec cannot give");
  return {};
}

Status TocRules::CheckLayer(const ExpertSection& section) {
  if (!Is(section, SectionType::kParams)) {
    if (section.layer == kNoLayer) return {};
    return Refuse(ErrorCode::kExpertSectionFlags, section, "a layer, which ",
                  SectionTypeName(section.type), " sections do not have");
  }
  if (layers_.insert(section.layer).second) return {};
  return Refuse(ErrorCode::kExpertSectionFlags, section, "the second of layer ", section.layer);
}

Status TocRules::Finish() const {
  if (end_ != file_bytes_)
    return Error(ErrorCode::kExpertTrailingData, "expert: ", file_bytes_ - end_,
                 " bytes after the last section");
  if (raw_bytes_ > MaxExpertExpansion(file_bytes_))
    return Error(ErrorCode::kExpertRatio, "expert: sections that expand to ", raw_bytes_,
                 " bytes, a file of ", file_bytes_);
  return {};
}

}  // namespace andon
