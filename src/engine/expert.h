// Experts, opened: verified first, then read section by section as they are needed.
//
// No input or output happens here: the caller is asked for ranges of the file and hands their bytes
// over. So one core serves paths, Blobs, HTTP ranges and streams, in any thread.

#ifndef ANDON_ENGINE_EXPERT_H_
#define ANDON_ENGINE_EXPERT_H_

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "formats/expert_index.h"
#include "formats/expert_params.h"
#include "trust/policy.h"
#include "trust/verdict.h"

namespace andon {

struct ByteRange {
  uint64_t offset = 0;
  uint64_t length = 0;  // 0: nothing
};

// A verified expert of either version. Version 1 lies in memory whole and shows its content as the
// same sections.
class Expert {
 public:
  virtual ~Expert() = default;

  // JSON, see docs/api.md (ExpertDescription): format version, manifest, sections, layers,
  // attachments.
  const std::string& description() const { return description_; }
  const std::string& name() const { return name_; }
  const std::vector<ExpertSection>& sections() const { return sections_; }

  // What Feed() wants for this section; nothing where Content() can be asked already. Error:
  // SectionUnknown.
  Result<ByteRange> Needs(uint32_t section_id);
  // Verifies, expands, parses (PARAMS, GRAMMAR, METRICS, ...) and keeps the content within the
  // budget; the least recently used goes first. Errors: those of DecodeExpertSection, ParseParams,
  // BaseShapeMismatch, SectionMalformed.
  Status Feed(uint32_t section_id, ByteView gap_and_stored);
  // Decoded bytes, there until the next Feed or SetBudget. REQUIRES: Needs() is nothing.
  ByteView Content(uint32_t section_id);
  // JSON of a PARAMS section: modules with kind, rank, shapes, scale, norm, and where each tensor
  // lies in Content().
  std::string LayerJson(uint32_t section_id);

  // Bytes of decoded content to keep; a section that is larger is kept alone.
  void SetBudget(uint64_t bytes);
  uint64_t cached_bytes() const { return cached_bytes_; }

 protected:
  // (implementation detail of the two versions)
  std::string description_;
  std::string name_;
  std::vector<ExpertSection> sections_;
  uint64_t cached_bytes_ = 0;
};

struct ExpertOutcome {
  Status status;
  Verdict verdict;
  std::unique_ptr<Expert> expert;  // set exactly when status is ok
  std::optional<Remembered>
      remember;  // what a trust store should keep: set when signed, trusted and named
};

// Opening, step by step:
//   ExpertOpening opening(size, policy);
//   while (!opening.done()) opening.Feed(<bytes of opening.wanted()>);
//   opening.Take();
// Version 2 wants its head, then its SIGNING_CERT; version 1 wants the whole file.
class ExpertOpening {
 public:
  ExpertOpening(uint64_t file_bytes, Policy policy);
  ~ExpertOpening();
  bool done() const;
  ByteRange wanted() const;
  void Feed(ByteView bytes);  // REQUIRES: exactly the wanted range
  ExpertOutcome Take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Every byte of a version 2 file in one pass, in constant memory: FILE_SHA256, gaps, and each
// section's SHA-256. REQUIRES: fed from the start of the file, in order. Errors: FileHash,
// ExpertGap, ExpertSectionHash.
class ExpertIntegrity {
 public:
  explicit ExpertIntegrity(const Expert& expert);
  ~ExpertIntegrity();
  Status Update(ByteView bytes);
  Status Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_H_
