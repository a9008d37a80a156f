// Writes a package of version 2 to a file, section by section.

#ifndef ANDON_ENGINE_EXPERT_OUTPUT_H_
#define ANDON_ENGINE_EXPERT_OUTPUT_H_

#include <optional>

#include "engine/expert_pack.h"
#include "formats/expert_metadata.h"
#include "formats/expert_writer.h"

namespace andon {

class ExpertOutput {
 public:
  // `section_count`: without the certificates, which are added first where `signing` is given.
  // REQUIRES: the file outlives the output. Errors: those of ExpertWriter::Create and
  // SigningCertificates, OutputUnwritable.
  static Result<ExpertOutput> Create(const ExpertMetadata& metadata, uint64_t section_count,
                                     const ExpertWriterOptions& options,
                                     const std::optional<ExpertSigning>& signing, OutputFile& out);

  // Errors: those of ExpertWriter, OutputUnwritable.
  Status Add(const SectionContent& section);
  Status AddStored(const ExpertSection& section, ByteView stored);

  // REQUIRES: all sections were added. `signature_dropped` is reported. Errors: OutputUnwritable.
  Result<ExpertPackReport> Finish(bool signature_dropped);

 private:
  ExpertOutput(ExpertWriter writer, const ExpertMetadata& metadata, OutputFile& out);
  std::string Describe(const ExpertPackReport& report, bool signature_dropped) const;

  ExpertWriter writer_;
  std::string name_;
  std::string version_;
  uint64_t release_counter_;
  std::optional<Ed25519Seed> seed_;
  OutputFile* out_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_OUTPUT_H_
