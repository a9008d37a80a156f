#include "engine/expert_output.h"

#include <utility>

#include "common/json.h"
#include "crypto/sha256.h"
#include "engine/expert_package.h"
#include "engine/expert_signing.h"

namespace andon {

Result<ExpertOutput> ExpertOutput::Create(const ExpertMetadata& metadata, uint64_t section_count,
                                          const ExpertWriterOptions& options,
                                          const std::optional<ExpertSigning>& signing,
                                          OutputFile& out) {
  const std::string text = DumpJson(metadata.json);
  ANDON_ASSIGN_OR_RETURN(
      ExpertWriter writer,
      ExpertWriter::Create(AsBytes(text), section_count + (signing ? 1 : 0), options));
  ANDON_RETURN_IF_ERROR(out.Append(Bytes(static_cast<size_t>(writer.head_bytes()))));
  ExpertOutput output(std::move(writer), metadata, out);
  if (!signing) return output;
  output.seed_ = signing->seed;
  ANDON_ASSIGN_OR_RETURN(const Bytes certificates, SigningCertificates(*signing, metadata.name));
  ANDON_RETURN_IF_ERROR(output.Add({.type = static_cast<uint16_t>(SectionType::kSigningCert),
                                    .name = "certificates",
                                    .content = certificates}));
  return output;
}

ExpertOutput::ExpertOutput(ExpertWriter writer, const ExpertMetadata& metadata, OutputFile& out)
    : writer_(std::move(writer)),
      name_(metadata.name),
      version_(metadata.version),
      release_counter_(metadata.release_counter),
      out_(&out) {}

Status ExpertOutput::Add(const SectionContent& section) {
  ANDON_ASSIGN_OR_RETURN(const Bytes bytes, writer_.Add(section));
  return out_->Append(bytes);
}

Status ExpertOutput::AddStored(const ExpertSection& section, ByteView stored) {
  ANDON_ASSIGN_OR_RETURN(const Bytes bytes, writer_.AddStored(section, stored));
  return out_->Append(bytes);
}

Result<ExpertPackReport> ExpertOutput::Finish(bool signature_dropped) {
  Sha256 hash;
  hash.Update(writer_.Head());
  ANDON_RETURN_IF_ERROR(HashRest(*out_, writer_.head_bytes(), hash));
  ANDON_RETURN_IF_ERROR(out_->Replace(0, writer_.Seal(hash.Finish(), seed_)));

  Sha256 whole;
  ANDON_RETURN_IF_ERROR(HashRest(*out_, 0, whole));
  ExpertPackReport report{.stored_bytes = out_->size(), .sha256 = whole.Finish()};
  for (const ExpertSection& section : writer_.sections()) report.raw_bytes += section.raw_length;
  report.description = Describe(report, signature_dropped);
  return report;
}

std::string ExpertOutput::Describe(const ExpertPackReport& report, bool signature_dropped) const {
  Json sections = Json::array();
  for (const ExpertSection& section : writer_.sections()) {
    sections.push_back({{"id", section.id},
                        {"type", SectionTypeName(section.type)},
                        {"name", section.name},
                        {"codec", SectionCodecName(section.codec)},
                        {"layer", section.layer == kNoLayer ? Json() : Json(section.layer)},
                        {"storedLength", section.stored_length},
                        {"rawLength", section.raw_length}});
  }
  return DumpJson({{"format", "expert"},
                   {"formatVersion", "2.0"},
                   {"name", name_},
                   {"version", version_},
                   {"releaseCounter", release_counter_},
                   {"rawBytes", report.raw_bytes},
                   {"storedBytes", report.stored_bytes},
                   {"sha256", ToHex(report.sha256)},
                   {"signed", seed_.has_value()},
                   {"signatureDropped", signature_dropped},
                   {"sections", std::move(sections)}});
}

}  // namespace andon
