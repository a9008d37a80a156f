// The content of one section, as its type wants it.

#ifndef ANDON_ENGINE_EXPERT_CONTENT_H_
#define ANDON_ENGINE_EXPERT_CONTENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/status.h"
#include "formats/expert_index.h"
#include "formats/expert_params.h"

namespace andon {

class ExpertContent {
 public:
  // Errors: those of ParseParams, ParseSoftPrompt, ParseAttachment and ParseChain; Json...;
  // SectionMalformed where a text is not UTF-8.
  static Result<ExpertContent> Parse(const ExpertSection& section, Bytes raw);

  ByteView raw() const { return raw_; }
  // Of a PARAMS section, otherwise without modules.
  const AdapterLayer& layer() const { return layer_; }
  // What this takes in memory.
  uint64_t memory_bytes() const;

 private:
  Bytes raw_;  // where `layer_` points
  AdapterLayer layer_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_CONTENT_H_
