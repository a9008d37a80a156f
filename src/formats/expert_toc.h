// The entries of an expert's table of contents, and the rules they keep: what the reader checks,
// the writer keeps to by the same function.
//
//   u32 section_id, u16 type, u16 codec, u64 offset, u64 stored_length, u64 raw_length,
//   u8 sha256[32], u32 layer, u32 flags, char name[24]                              96 bytes

#ifndef ANDON_FORMATS_EXPERT_TOC_H_
#define ANDON_FORMATS_EXPERT_TOC_H_

#include <cstdint>
#include <set>

#include "formats/expert_index.h"

namespace andon {

// REQUIRES: 96 bytes. Error: ExpertSectionName, where bytes follow the zero that ends it.
Result<ExpertSection> ReadTocEntry(ByteView entry);
// REQUIRES: a name of at most 24 bytes.
void AppendTocEntry(Bytes& toc, const ExpertSection& section);

// Takes the sections of a file in order.
class TocRules {
 public:
  TocRules(uint16_t minor, uint64_t head_bytes, uint64_t file_bytes)
      : minor_(minor), file_bytes_(file_bytes), end_(head_bytes) {}

  // Where a section of this type belongs now.
  uint64_t NextOffset(uint16_t type) const;
  // Checks a section and sets its gap. Errors: ExpertSection... codes, one a rule.
  Status Take(ExpertSection& section);
  // Errors: ExpertTrailingData, ExpertRatio.
  Status Finish() const;

  uint64_t end() const { return end_; }
  uint64_t raw_bytes() const { return raw_bytes_; }

 private:
  Status CheckType(const ExpertSection& section);
  Status CheckCodec(const ExpertSection& section) const;
  Status CheckLayer(const ExpertSection& section);

  uint16_t minor_;
  uint64_t file_bytes_;
  uint64_t end_;  // of the section before
  uint64_t raw_bytes_ = 0;
  int64_t last_id_ = -1;
  std::set<uint16_t> types_;
  std::set<uint32_t> layers_;
};

// What all sections of a file of this size may expand to.
uint64_t MaxExpertExpansion(uint64_t file_bytes);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_TOC_H_
