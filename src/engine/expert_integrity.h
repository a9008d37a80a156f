// Every byte of an expert's file in one pass, and every section decoded, in the memory of one
// section.

#ifndef ANDON_ENGINE_EXPERT_INTEGRITY_H_
#define ANDON_ENGINE_EXPERT_INTEGRITY_H_

#include <cstdint>
#include <optional>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/sha256.h"
#include "engine/expert.h"

namespace andon {

class ExpertIntegrity {
 public:
  // `base`: shapes that the modules have to fit. REQUIRES: the expert outlives this.
  explicit ExpertIntegrity(const Expert& expert, const std::optional<BaseShapes>& base = {});

  // REQUIRES: expert.file().file_bytes bytes in all, in order, in pieces of any size. Errors:
  // SourceChanged where the head is not the one that was verified; those of Expert::Check.
  Status Update(ByteView bytes);
  // Error: ExpertFileHash. Sections that are in memory, as those of version 1, are checked here.
  Status Finish();

 private:
  void Hash(ByteView bytes);
  Status TakePart();

  const Expert& expert_;
  std::optional<BaseShapes> base_;
  Sha256 file_hash_;
  uint64_t position_ = 0;    // of the file
  size_t next_section_ = 0;  // whose bytes come after the part
  uint64_t part_bytes_;      // of the head, or of a section and its gap
  Bytes part_;               // as far as it has come
  bool in_head_ = true;
};

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_INTEGRITY_H_
