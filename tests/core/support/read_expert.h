// An expert of version 2 read from its first byte to its last, in the order in which Open does it.

#ifndef ANDON_TESTS_CORE_SUPPORT_READ_EXPERT_H_
#define ANDON_TESTS_CORE_SUPPORT_READ_EXPERT_H_

#include <optional>

#include "formats/expert_index.h"
#include "formats/expert_params.h"

namespace andon {

inline Result<ExpertIndex> ReadExpertIndex(ByteView file) {
  ANDON_ASSIGN_OR_RETURN(const uint64_t head_bytes, ExpertHeadBytes(file, file.size()));
  return ParseExpertIndex(file.first(static_cast<size_t>(head_bytes)), file.size());
}

// REQUIRES: a section of the file's index.
inline Result<Bytes> ReadExpertSection(ByteView file, const ExpertSection& section) {
  return DecodeExpertSection(
      section, *SubRange(file, section.offset - section.gap, section.gap + section.stored_length));
}

// The first error on the way; `key` is who must have signed it.
inline Status ReadExpert(ByteView file, const std::optional<Ed25519PublicKey>& key = std::nullopt) {
  ANDON_ASSIGN_OR_RETURN(const ExpertIndex index, ReadExpertIndex(file));
  const ByteView head = file.first(static_cast<size_t>(index.head_bytes));
  if (key && !(index.signature && Ed25519Verify(*key, ExpertSignedMessage(head), *index.signature)))
    return Error(ErrorCode::kSignatureInvalid, "signature");
  ANDON_RETURN_IF_ERROR(ReadExpertMetadata(index).status());
  for (const ExpertSection& section : index.sections) {
    ANDON_ASSIGN_OR_RETURN(const Bytes content, ReadExpertSection(file, section));
    if (section.type == static_cast<uint16_t>(SectionType::kParams))
      ANDON_RETURN_IF_ERROR(ParseParams(content, section.layer).status());
  }
  return {};
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_READ_EXPERT_H_
