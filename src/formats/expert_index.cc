#include "formats/expert_index.h"

#include <algorithm>
#include <array>

#include "common/limits.h"
#include "common/little_endian.h"
#include "formats/expert_layout.h"
#include "formats/expert_toc.h"

// The fixed header, 0x74 bytes:
//
//   char magic[8] "HLLMEXP\0", u16 major, u16 minor, u32 header_size, u32 toc_count,
//   u8 file_sha256[32], u8 signature[64]
//
// then the metadata frame and its padding up to header_size, then toc_count entries of 96 bytes.

namespace andon {
namespace {

constexpr std::string_view kMagic("HLLMEXP\0", 8);
constexpr size_t kMajorOffset = 8, kMinorOffset = 10, kHeaderSizeOffset = 12, kTocCountOffset = 16;
constexpr uint16_t kMajor = 2;

// The least frame: its magic, its header with a content size, one block.
constexpr uint64_t kMinFrameBytes = 4 + 2 + 3;

constexpr std::array<std::string_view, 12> kTypeNames = {
    "unknown",     "params",  "router", "grammar", "soft-prompt",  "tokenizer-delta",
    "calibration", "license", "docs",   "metrics", "signing-cert", "attachment"};

uint64_t Field(ByteView head, size_t offset, unsigned size) {
  return andon_load_le(head.data() + offset, size);
}

template <size_t kSize>
std::array<uint8_t, kSize> ArrayAt(ByteView head, size_t offset) {
  std::array<uint8_t, kSize> array;
  std::copy_n(head.begin() + static_cast<ptrdiff_t>(offset), kSize, array.begin());
  return array;
}

}  // namespace

std::string_view SectionTypeName(uint16_t type) {
  if (type >= 0x8000) return "extension";
  return kTypeNames[type < kTypeNames.size() ? type : 0];
}

std::string_view SectionCodecName(SectionCodec codec) {
  switch (codec) {
    case SectionCodec::kNone:
      return "none";
    case SectionCodec::kZstd:
      return "zstd";
    case SectionCodec::kShuffledZstd:
      return "shuffle+zstd";
  }
  return "unknown";
}

bool LooksLikeExpert(ByteView head) { return AsText(head).starts_with(kMagic); }

Result<uint64_t> ExpertHeadBytes(ByteView start, uint64_t file_bytes) {
  if (file_bytes > limits::kMaxExpertBytes)
    return Error(ErrorCode::kFileTooLarge, "expert: a file of ", file_bytes, " bytes");
  if (!LooksLikeExpert(start)) return Error(ErrorCode::kUnknownFormat, "expert: no HLLMEXP mark");
  if (start.size() < ANDON_EXPERT_METADATA_OFFSET)
    return Error(ErrorCode::kExpertTruncated, "expert: a file that ends within its header");
  const uint64_t major = Field(start, kMajorOffset, 2);
  if (major != kMajor)
    return Error(ErrorCode::kExpertVersion, "expert: version ", major, ", known is ", kMajor);

  const uint64_t header_size = Field(start, kHeaderSizeOffset, 4);
  if (header_size % ANDON_EXPERT_ALIGNMENT != 0 || header_size > limits::kMaxExpertHeaderBytes ||
      header_size < ANDON_EXPERT_METADATA_OFFSET + kMinFrameBytes) {
    return Error(ErrorCode::kExpertHeaderSize, "expert: a header of ", header_size, " bytes");
  }
  const uint64_t toc_count = Field(start, kTocCountOffset, 4);
  if (toc_count == 0 || toc_count > limits::kMaxExpertSections)
    return Error(ErrorCode::kExpertTocCount, "expert: ", toc_count, " sections");
  const uint64_t head_bytes = header_size + toc_count * ANDON_EXPERT_TOC_ENTRY_BYTES;
  if (head_bytes > file_bytes)
    return Error(ErrorCode::kExpertTruncated, "expert: a head of ", head_bytes,
                 " bytes in a file of ", file_bytes);
  return head_bytes;
}

Result<ExpertIndex> ParseExpertIndex(ByteView head, uint64_t file_bytes) {
  ExpertIndex index;
  ANDON_ASSIGN_OR_RETURN(index.head_bytes, ExpertHeadBytes(head, file_bytes));
  if (head.size() != index.head_bytes)
    return Error(ErrorCode::kExpertTruncated, "expert: ", uint64_t{head.size()},
                 " bytes of a head of ", index.head_bytes);
  index.file_bytes = file_bytes;
  index.minor = static_cast<uint16_t>(Field(head, kMinorOffset, 2));
  index.file_sha256 = ArrayAt<32>(head, ANDON_EXPERT_FILE_SHA256_OFFSET);
  const auto signature = ArrayAt<64>(head, ANDON_EXPERT_SIGNATURE_OFFSET);
  if (signature != Ed25519Signature{}) index.signature = signature;

  const size_t header_size = static_cast<size_t>(Field(head, kHeaderSizeOffset, 4));
  index.metadata_frame.assign(head.begin() + ANDON_EXPERT_METADATA_OFFSET,
                              head.begin() + static_cast<ptrdiff_t>(header_size));

  TocRules rules(index.minor, index.head_bytes, file_bytes);
  for (ByteView toc = head.subspan(header_size); !toc.empty();
       toc = toc.subspan(ANDON_EXPERT_TOC_ENTRY_BYTES)) {
    ANDON_ASSIGN_OR_RETURN(ExpertSection section,
                           ReadTocEntry(toc.first(ANDON_EXPERT_TOC_ENTRY_BYTES)));
    ANDON_RETURN_IF_ERROR(rules.Take(section));
    index.sections.push_back(std::move(section));
  }
  ANDON_RETURN_IF_ERROR(rules.Finish());
  return index;
}

Bytes ExpertSignedMessage(ByteView head) {
  constexpr std::string_view kDomain("HLLMEXP-SIG-V1\0", 15);
  Bytes message(kDomain.begin(), kDomain.end());
  AppendU64(message, head.size());
  const auto start = static_cast<ptrdiff_t>(message.size());
  AppendBytes(message, head);
  const auto signature = message.begin() + start + ANDON_EXPERT_SIGNATURE_OFFSET;
  std::fill_n(signature, sizeof(Ed25519Signature), uint8_t{0});
  return message;
}

}  // namespace andon
