// An expert of version 2 written in memory.

#ifndef ANDON_TESTS_CORE_SUPPORT_WRITE_EXPERT_H_
#define ANDON_TESTS_CORE_SUPPORT_WRITE_EXPERT_H_

#include <algorithm>
#include <optional>
#include <vector>

#include "formats/expert_writer.h"

namespace andon {

inline Result<Bytes> WriteExpert(ByteView metadata, const std::vector<SectionContent>& sections,
                                 const ExpertWriterOptions& options,
                                 const std::optional<Ed25519Seed>& seed) {
  ANDON_ASSIGN_OR_RETURN(ExpertWriter writer,
                         ExpertWriter::Create(metadata, sections.size(), options));
  Bytes file(static_cast<size_t>(writer.head_bytes()));
  for (const SectionContent& section : sections) {
    ANDON_ASSIGN_OR_RETURN(const Bytes bytes, writer.Add(section));
    AppendBytes(file, bytes);
  }
  std::ranges::copy(writer.Head(), file.begin());
  std::ranges::copy(writer.Seal(Sha256Of(file), seed), file.begin());
  return file;
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_WRITE_EXPERT_H_
