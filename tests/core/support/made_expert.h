// Experts made in memory, and opened by whoever trusts nobody in particular.

#ifndef ANDON_TESTS_CORE_SUPPORT_MADE_EXPERT_H_
#define ANDON_TESTS_CORE_SUPPORT_MADE_EXPERT_H_

#include "engine/expert_opening.h"
#include "engine/expert_pack.h"
#include "engine/expert_package.h"
#include "tests/core/support/sample_peft.h"

namespace andon {

struct Made {
  Status status;
  Bytes file;
  Json report;
};

inline Made MadeBy(const Result<ExpertPackReport>& result, const MemoryOutput& out) {
  if (!result.ok()) return {result.status(), {}, {}};
  return {{}, out.bytes(), *ParseJson(AsBytes(result->description), "report")};
}

inline Made PackFolder(SampleFolder folder, const ExpertPackOptions& options = {}) {
  MemoryOutput out;
  const auto result = PackExpert(folder.listed(), options, out);
  return MadeBy(result, out);
}

inline Made ConvertFile(ByteView file, int version, ExpertPackOptions options = {}) {
  options.version = version;
  MemoryInput input(file);
  MemoryOutput out;
  const auto result = ConvertExpert(input, options, out);
  return MadeBy(result, out);
}

inline Made SignFile(ByteView file, const ExpertSigning& signing) {
  MemoryInput input(file);
  MemoryOutput out;
  const auto result = SignExpert(input, signing, out);
  return MadeBy(result, out);
}

inline ExpertOutcome OpenFile(ByteView file, const Policy& policy = {}) {
  ExpertOpening opening(file.size(), policy);
  while (!opening.done()) {
    const ByteRange wanted = opening.wanted();
    opening.Feed(*SubRange(file, wanted.offset, wanted.length));
  }
  return opening.Take();
}

// The content of the first section of this type; empty where there is none.
inline Bytes ContentOf(ByteView file, uint16_t type) {
  MemoryInput input(file);
  const auto package = ExpertPackage::Open(input);
  if (!package.ok()) return {};
  for (const ExpertSection& section : package->index().sections) {
    if (section.type == type) return *package->Content(section);
  }
  return {};
}
inline Bytes ContentOf(ByteView file, SectionType type) {
  return ContentOf(file, static_cast<uint16_t>(type));
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_MADE_EXPERT_H_
