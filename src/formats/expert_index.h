// The head of an .expert file of version 2: fixed header, metadata frame, table of contents (TOC).
// docs/BINARY_FORMAT_SPEC.md has every byte. Nothing here reads further than the end of the TOC, so
// a file of any size can be opened from its first kilobytes.

#ifndef ANDON_FORMATS_EXPERT_INDEX_H_
#define ANDON_FORMATS_EXPERT_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"

namespace andon {

enum class SectionType : uint16_t {
  kParams = 1,
  kRouter = 2,
  kGrammar = 3,
  kSoftPrompt = 4,
  kTokenizerDelta = 5,
  kCalibration = 6,
  kLicense = 7,
  kDocs = 8,
  kMetrics = 9,
  kSigningCert = 10,
  kAttachment = 11,
  // 0x8000 and above: extensions
};
// "params", "router", ..., "extension" from 0x8000 on, "unknown" for the rest.
std::string_view SectionTypeName(uint16_t type);

enum class SectionCodec : uint16_t { kNone = 0, kZstd = 1, kShuffledZstd = 2 };
std::string_view SectionCodecName(SectionCodec codec);  // "none", "zstd", "shuffle+zstd", "unknown"

inline constexpr uint32_t kNoLayer = 0xFFFFFFFF;

// TOC flags: bit 0 critical; bits 8-11 the element size of codec 2 (2, 4 or 8 bytes), otherwise
// zero; the rest is reserved and zero.
inline constexpr uint32_t kSectionCritical = 1;

struct ExpertSection {
  uint32_t id = 0;
  uint16_t type = 0;  // a SectionType, or an extension
  SectionCodec codec = SectionCodec::kNone;
  uint64_t offset = 0;         // absolute, of the stored bytes
  uint64_t gap = 0;            // zero bytes before it that belong to no other section
  uint64_t stored_length = 0;  // never zero
  uint64_t raw_length = 0;     // never zero
  Sha256Digest sha256 = {};    // of the stored bytes
  uint32_t layer = kNoLayer;
  uint32_t flags = 0;
  std::string name = {};

  bool critical() const { return (flags & kSectionCritical) != 0; }
  uint64_t element_size() const { return (flags >> 8) & 0xF; }  // of codec 2
};

struct ExpertIndex {
  uint16_t minor = 0;
  Sha256Digest file_sha256 = {};
  std::optional<Ed25519Signature> signature;  // nothing where the field is all zeros
  Bytes metadata_frame;                       // and its padding; not looked at before the signature
  std::vector<ExpertSection> sections;        // in file order
  uint64_t head_bytes = 0;                    // the end of the TOC
  uint64_t file_bytes = 0;
};

bool LooksLikeExpert(ByteView head);  // by the magic

// How many bytes the head has, from the first 0x74 of them (ANDON_EXPERT_METADATA_OFFSET) or more.
// Errors: UnknownFormat, ExpertTruncated, ExpertVersion, ExpertHeaderSize, ExpertTocCount,
// FileTooLarge.
Result<uint64_t> ExpertHeadBytes(ByteView start, uint64_t file_bytes);

// Checks every rule that needs no more than the head: bounds, order, alignment, limits, reserved
// bytes, names, types (formats/expert_toc.h). A section of an unknown type that is not critical is
// kept as it is; only in a file of a higher minor version may its codec and flags be unknown too.
// `head` has exactly ExpertHeadBytes() bytes. Errors: one Expert... code a rule (docs/errors.md).
Result<ExpertIndex> ParseExpertIndex(ByteView head, uint64_t file_bytes);

// What the signature is over: "HLLMEXP-SIG-V1\0", the length of the head as u64, the head with
// zeros in place of the signature.
Bytes ExpertSignedMessage(ByteView head);

// The metadata as JSON text. Errors: ExpertMetadata (frame, padding or size), Zstd....
Result<Bytes> ReadExpertMetadata(const ExpertIndex& index);

// Content of a section, exactly raw_length bytes, from `bytes`, its gap and then its stored bytes
// as they lie in the file. The order is: gap zero, SHA-256, only then the codec. Errors: ExpertGap,
// ExpertSectionHash, ExpertSectionLength, ExpertSectionCodec (of an unknown type in a newer file),
// Zstd.... `stored_sha256`: of the stored bytes, where the platform computed it, which takes a
// tenth of the time that WebAssembly needs.
Result<Bytes> DecodeExpertSection(const ExpertSection& section, ByteView bytes,
                                  const std::optional<Sha256Digest>& stored_sha256 = {});

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_INDEX_H_
