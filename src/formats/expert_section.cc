// The two places where an expert's bytes are expanded: its metadata, and a section.

#include <algorithm>

#include "codecs/byte_shuffle.h"
#include "codecs/zstd.h"
#include "common/limits.h"
#include "formats/expert_index.h"
#include "formats/expert_layout.h"

namespace andon {
namespace {

bool AllZero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

Status WrongLength(const ExpertSection& section, uint64_t length, uint64_t stated) {
  return Error(ErrorCode::kExpertSectionLength, "expert: section ", section.id, ", ", length,
               " bytes, stated are ", stated);
}

}  // namespace

Result<Bytes> ReadExpertMetadata(const ExpertIndex& index) {
  const ByteView field(index.metadata_frame);
  ANDON_ASSIGN_OR_RETURN(const uint64_t frame_bytes, ZstdFrameBytes(field));
  const ByteView padding = field.subspan(static_cast<size_t>(frame_bytes));
  if (padding.size() >= ANDON_EXPERT_ALIGNMENT || !AllZero(padding))
    return Error(ErrorCode::kExpertMetadata, "expert: metadata followed by ",
                 uint64_t{padding.size()}, " bytes that are no padding");
  return ZstdDecompress(field.first(static_cast<size_t>(frame_bytes)), limits::kMaxManifestBytes);
}

Result<Bytes> DecodeExpertSection(const ExpertSection& section, ByteView bytes,
                                  const std::optional<Sha256Digest>& stored_sha256) {
  if (bytes.size() != section.gap + section.stored_length)
    return WrongLength(section, bytes.size(), section.gap + section.stored_length);
  const ByteView gap = bytes.first(static_cast<size_t>(section.gap));
  const ByteView stored = bytes.subspan(gap.size());
  if (!AllZero(gap))
    return Error(ErrorCode::kExpertGap, "expert: bytes that are not zero before section ",
                 section.id);
  if (!DigestMatches(stored_sha256 ? *stored_sha256 : Sha256Of(stored), section.sha256))
    return Error(ErrorCode::kExpertSectionHash, "expert: section ", section.id);

  // The index has checked these, save of a section of an unknown type in a newer minor version.
  const bool is_shuffled = section.codec == SectionCodec::kShuffledZstd;
  if (section.codec > SectionCodec::kShuffledZstd ||
      (is_shuffled && !IsShuffleElementSize(section.element_size())))
    return Error(ErrorCode::kExpertSectionCodec, "expert: section ", section.id,
                 ", the unknown codec ", static_cast<uint16_t>(section.codec));
  Bytes content;
  if (section.codec == SectionCodec::kNone) {
    content.assign(stored.begin(), stored.end());
  } else {
    ANDON_ASSIGN_OR_RETURN(content, ZstdDecompress(stored, section.raw_length));
  }
  if (content.size() != section.raw_length ||
      (is_shuffled && content.size() % section.element_size() != 0))
    return WrongLength(section, content.size(), section.raw_length);
  return is_shuffled ? ByteUnshuffle(content, section.element_size()) : content;
}

}  // namespace andon
