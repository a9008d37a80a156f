// Writes .expert version 2 piece by piece, so that a file of gigabytes needs the memory of a
// section. Deterministic: the same input gives the same bytes.
//
//   auto writer = ExpertWriter::Create(metadata, section_count, options);
//   append writer.head_bytes() zeros to the file;
//   for each section: append writer.Add(section);
//   hash writer.Head() and all that was appended after it;
//   put writer.Seal(hash, seed) in the place of the zeros.

#ifndef ANDON_FORMATS_EXPERT_WRITER_H_
#define ANDON_FORMATS_EXPERT_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/expert_index.h"
#include "formats/expert_toc.h"

namespace andon {

struct ExpertWriterOptions {
  int level = 9;  // of zstd, 1 to 19
  // Which codecs may be tried; without any the content is stored. The smallest result is kept,
  // measured.
  bool zstd = true;
  bool shuffle = true;
  uint16_t minor = 0;  // version; of the file whose sections are taken over
};

struct SectionContent {
  uint16_t type = 0;
  std::string name = {};  // at most 24 bytes
  uint32_t layer = kNoLayer;
  bool critical = false;
  uint64_t element_size = 0;  // 2, 4 or 8: byte shuffle is tried
  ByteView content = {};
};

class ExpertWriter {
 public:
  // Errors: ExpertMetadata (larger than its limit), ExpertTocCount, InvalidArgument (level).
  static Result<ExpertWriter> Create(ByteView metadata, uint64_t section_count,
                                     const ExpertWriterOptions& options);

  uint64_t head_bytes() const;
  // The gap and the stored bytes, to be appended to the file. Ids count from 1. Errors: those that
  // the index of the result would give; SectionUnknown beyond section_count.
  Result<Bytes> Add(const SectionContent& section);
  // The same for a section that is taken over as stored (sign, convert).
  Result<Bytes> AddStored(const ExpertSection& section, ByteView stored);
  // The head with zeros as file hash and signature. REQUIRES: all sections were added.
  Bytes Head() const;
  // The head, complete. `file_sha256`: over Head() and all that was appended after it.
  Bytes Seal(const Sha256Digest& file_sha256, const std::optional<Ed25519Seed>& seed) const;

  const std::vector<ExpertSection>& sections() const { return sections_; }

 private:
  ExpertWriter(const ExpertWriterOptions& options, Bytes fixed_head, uint64_t section_count);

  Bytes Encode(const SectionContent& content, ExpertSection& section) const;
  bool MayExpand(const ExpertSection& section, uint64_t stored_length) const;

  ExpertWriterOptions options_;
  Bytes head_;  // up to the TOC
  uint64_t section_count_;
  TocRules rules_;
  std::vector<ExpertSection> sections_;
};

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_WRITER_H_
