#include "formats/expert_writer.h"

#include <algorithm>
#include <string_view>

#include "codecs/byte_shuffle.h"
#include "codecs/zstd.h"
#include "common/limits.h"
#include "formats/expert_layout.h"

namespace andon {
namespace {

constexpr int kMinLevel = 1, kMaxLevel = 19;

// The fixed header with zeros as hash and signature, the metadata frame, its padding.
Bytes FixedHead(ByteView metadata_frame, uint16_t minor, uint64_t section_count) {
  const uint64_t end = ANDON_EXPERT_METADATA_OFFSET + metadata_frame.size();
  const uint64_t header_size =
      (end + ANDON_EXPERT_ALIGNMENT - 1) / ANDON_EXPERT_ALIGNMENT * ANDON_EXPERT_ALIGNMENT;
  constexpr std::string_view kMagic("HLLMEXP\0", 8);
  Bytes head(kMagic.begin(), kMagic.end());
  AppendU16(head, 2);
  AppendU16(head, minor);
  AppendU32(head, static_cast<uint32_t>(header_size));
  AppendU32(head, static_cast<uint32_t>(section_count));
  head.resize(ANDON_EXPERT_METADATA_OFFSET);
  AppendBytes(head, metadata_frame);
  head.resize(static_cast<size_t>(header_size));
  return head;
}

// Bytes, of which the first are zeros and the rest are `stored`.
Bytes WithGap(uint64_t gap, ByteView stored) {
  Bytes bytes;
  bytes.reserve(static_cast<size_t>(gap) + stored.size());
  bytes.resize(static_cast<size_t>(gap));
  AppendBytes(bytes, stored);
  return bytes;
}

}  // namespace

ExpertWriter::ExpertWriter(const ExpertWriterOptions& options, Bytes fixed_head,
                           uint64_t section_count)
    : options_(options),
      head_(std::move(fixed_head)),
      section_count_(section_count),
      rules_(options.minor, head_bytes(), limits::kMaxExpertBytes) {}

Result<ExpertWriter> ExpertWriter::Create(ByteView metadata, uint64_t section_count,
                                          const ExpertWriterOptions& options) {
  if (options.level < kMinLevel || options.level > kMaxLevel)
    return Error(ErrorCode::kInvalidArgument, "expert: compression level ", options.level,
                 ", not 1 to 19");
  if (metadata.size() > limits::kMaxManifestBytes)
    return Error(ErrorCode::kExpertMetadata, "expert: metadata of ", uint64_t{metadata.size()},
                 " bytes");
  if (section_count == 0 || section_count > limits::kMaxExpertSections)
    return Error(ErrorCode::kExpertTocCount, "expert: ", section_count, " sections");
  const Bytes frame = ZstdCompress(metadata, options.level);
  return ExpertWriter(options, FixedHead(frame, options.minor, section_count), section_count);
}

uint64_t ExpertWriter::head_bytes() const {
  return head_.size() + section_count_ * ANDON_EXPERT_TOC_ENTRY_BYTES;
}

Result<Bytes> ExpertWriter::Add(const SectionContent& content) {
  ExpertSection section;
  section.type = content.type;
  section.layer = content.layer;
  section.flags = content.critical ? kSectionCritical : 0;
  section.name = content.name;
  section.raw_length = content.content.size();
  if (section.raw_length > limits::kMaxSectionBytes)
    return Error(ErrorCode::kExpertSectionLength, "expert: content of ", section.raw_length,
                 " bytes");
  const Bytes encoded = Encode(content, section);
  return AddStored(section,
                   section.codec == SectionCodec::kNone ? content.content : ByteView(encoded));
}

Result<Bytes> ExpertWriter::AddStored(const ExpertSection& source, ByteView stored) {
  if (sections_.size() == section_count_)
    return Error(ErrorCode::kSectionUnknown, "expert: more than ", section_count_, " sections");
  ExpertSection section = source;
  section.id = static_cast<uint32_t>(sections_.size() + 1);
  section.offset = rules_.NextOffset(section.type);
  section.stored_length = stored.size();
  section.sha256 = Sha256Of(stored);
  ANDON_RETURN_IF_ERROR(rules_.Take(section));
  sections_.push_back(section);
  // Sections that were taken over can expand more than what Add() would make, and only together
  // with what follows them within the limit.
  if (sections_.size() == section_count_ && rules_.raw_bytes() > MaxExpertExpansion(rules_.end()))
    return Error(ErrorCode::kExpertRatio, "expert: sections that expand to ", rules_.raw_bytes(),
                 " bytes, a file of ", rules_.end());
  return WithGap(section.gap, stored);
}

// The smallest of the codecs that may be tried; nothing where the content is stored as it is.
Bytes ExpertWriter::Encode(const SectionContent& content, ExpertSection& section) const {
  const bool is_certificate = content.type == static_cast<uint16_t>(SectionType::kSigningCert);
  if (!options_.zstd || is_certificate) return {};
  Bytes best;
  uint64_t least = content.content.size();
  const auto keep = [&](Bytes frame, SectionCodec codec) {
    if (frame.size() >= least || !MayExpand(section, frame.size())) return;
    least = frame.size();
    section.codec = codec;
    best = std::move(frame);
  };
  keep(ZstdCompress(content.content, options_.level), SectionCodec::kZstd);
  if (options_.shuffle && IsShuffleElementSize(content.element_size) &&
      content.content.size() % content.element_size == 0) {
    keep(ZstdCompress(ByteShuffle(content.content, content.element_size), options_.level),
         SectionCodec::kShuffledZstd);
  }
  if (section.codec == SectionCodec::kShuffledZstd)
    section.flags |= static_cast<uint32_t>(content.element_size << 8);
  return best;
}

// Whether all that was added and this section stay within what a file may expand to. Stored as it
// is, a section always does: one byte more then allows for twenty.
bool ExpertWriter::MayExpand(const ExpertSection& section, uint64_t stored_length) const {
  const uint64_t end = rules_.NextOffset(section.type) + stored_length;
  return rules_.raw_bytes() + section.raw_length <= MaxExpertExpansion(end);
}

Bytes ExpertWriter::Head() const {
  Bytes head = head_;
  for (const ExpertSection& section : sections_) AppendTocEntry(head, section);
  return head;
}

Bytes ExpertWriter::Seal(const Sha256Digest& file_sha256,
                         const std::optional<Ed25519Seed>& seed) const {
  Bytes head = Head();
  std::ranges::copy(file_sha256, head.begin() + ANDON_EXPERT_FILE_SHA256_OFFSET);
  if (seed) {
    const Ed25519Signature signature = Ed25519Sign(*seed, ExpertSignedMessage(head));
    std::ranges::copy(signature, head.begin() + ANDON_EXPERT_SIGNATURE_OFFSET);
  }
  return head;
}

}  // namespace andon
