// An expert, opened: its head is verified, its sections are read as they are needed.
//
// No input or output happens here: the caller is asked for ranges of the file and hands their bytes
// over. So one core serves paths, Blobs, HTTP ranges and streams, in any thread.

#ifndef ANDON_ENGINE_EXPERT_H_
#define ANDON_ENGINE_EXPERT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "engine/expert_cache.h"
#include "engine/expert_content.h"
#include "formats/expert_index.h"
#include "formats/expert_metadata.h"
#include "formats/expert_params.h"

namespace andon {

struct ByteRange {
  uint64_t offset = 0;
  uint64_t length = 0;  // 0: nothing

  bool operator==(const ByteRange&) const = default;
};

// The file of an expert of version 2, as far as its head states it.
struct ExpertFileFacts {
  uint64_t file_bytes = 0;
  uint64_t head_bytes = 0;
  Sha256Digest head_sha256 = {};  // of the head that was verified
  Sha256Digest file_sha256 = {};  // FILE_SHA256
};

// A verified expert of either version. Version 1 lies in memory whole and shows its files as the
// same sections.
class Expert {
 public:
  virtual ~Expert() = default;

  const std::string& name() const { return name_; }
  // JSON, see docs/api.md (ExpertDescription).
  const std::string& description() const { return description_; }
  const std::vector<ExpertSection>& sections() const { return sections_; }
  // Of all content: experts that share it are the same. Of version 2 the SHA-256 of the head, which
  // has those of all sections; otherwise that of the files' names and their SHA-256s.
  const Sha256Digest& identity() const { return identity_; }
  // Why its adapter cannot be read by layers; ok also where it has none.
  const Status& adapter_status() const { return adapter_status_; }

  // The bytes that Read() wants for a section: its gap and its stored bytes; nothing where its
  // content is at hand. Error: SectionUnknown.
  Result<ByteRange> Needs(uint32_t section_id) const;

  // The content of a section: verified, expanded, checked by its type, and kept within the budget.
  // It is there until the next Read or SetBudget. REQUIRES: `bytes` are those of Needs(). Errors:
  // SectionUnknown, those of DecodeExpertSection and ExpertContent::Parse.
  Result<const ExpertContent*> Read(uint32_t section_id, ByteView bytes,
                                    const std::optional<Sha256Digest>& stored_sha256 = {});

  // The same for the caller alone: nothing is looked up or kept.
  Result<ExpertContent> Take(uint32_t section_id, ByteView bytes,
                             const std::optional<Sha256Digest>& stored_sha256 = {}) const;

  // The same checks, and nothing is kept; a codec that a newer minor version has is no error where
  // the hash is right. `base` are shapes to compare with beside those that the
  // metadata states.
  Status Check(const ExpertSection& section, ByteView bytes,
               const std::optional<BaseShapes>& base) const;

  // Bytes of content to keep; a section that is larger is kept alone.
  void SetBudget(uint64_t bytes) { cache_.SetBudget(bytes); }
  uint64_t cached_bytes() const { return cache_.bytes(); }

  // The file that sections are read from; all zeros where everything is in memory already.
  const ExpertFileFacts& file() const { return file_; }

 protected:
  Expert(ExpertFileFacts file, const Sha256Digest& identity, const ExpertMetadata& metadata,
         std::vector<ExpertSection> sections, std::string description,
         Status adapter_status = Status());

  // Content as it is expanded, not yet checked by its type.
  virtual Result<Bytes> Expand(const ExpertSection& section, ByteView bytes,
                               const std::optional<Sha256Digest>& stored_sha256) const = 0;

 private:
  const ExpertSection* Find(uint32_t section_id) const;
  Result<ExpertContent> Decode(const ExpertSection& section, ByteView bytes,
                               const std::optional<Sha256Digest>& stored_sha256) const;

  ExpertFileFacts file_;
  Sha256Digest identity_;
  Status adapter_status_;
  std::string name_;
  std::string description_;
  std::optional<BaseShapes> shapes_;
  std::vector<ExpertSection> sections_;  // ids ascend
  ExpertCache cache_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_H_
