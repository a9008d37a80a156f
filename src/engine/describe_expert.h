// The description of an expert as JSON: ExpertDescription of docs/api.md.

#ifndef ANDON_ENGINE_DESCRIBE_EXPERT_H_
#define ANDON_ENGINE_DESCRIBE_EXPERT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/json.h"
#include "formats/expert_index.h"

namespace andon {

struct AttachmentFact {
  std::string path;  // empty: longer than the table of contents has room for
  uint32_t section_id = 0;
};

struct ExpertFacts {
  std::string format_version;  // "2.0"
  std::string name;
  std::string version;
  uint64_t release_counter = 0;
  Json manifest;  // in the form of version 2
  std::vector<AttachmentFact> attachments = {};
  std::vector<std::string> warnings = {};  // sentences for people
};

std::string DescribeExpert(const ExpertFacts& facts, const std::vector<ExpertSection>& sections);

}  // namespace andon

#endif  // ANDON_ENGINE_DESCRIBE_EXPERT_H_
