// Packages made of packages: the other version, another signature.

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/expert_folder.h"
#include "engine/expert_output.h"
#include "engine/expert_pack.h"
#include "engine/expert_pack_v1.h"
#include "engine/expert_package.h"
#include "engine/expert_source.h"
#include "engine/expert_unpack.h"
#include "formats/expert_v1.h"

namespace andon {
namespace {

Result<ExpertPackReport> Upgrade(InputFile& package, const ExpertPackOptions& options,
                                 OutputFile& out) {
  ANDON_ASSIGN_OR_RETURN(const SourceV1 source, OpenV1(package));
  std::vector<std::unique_ptr<MemoryInput>> inputs;
  FolderFiles files;
  for (const TarEntry& entry : source.package.files) {
    inputs.push_back(std::make_unique<MemoryInput>(entry.content));
    files.emplace_back(entry.name, inputs.back().get());
  }
  ANDON_ASSIGN_OR_RETURN(const FolderPlan plan, PlanFolder(files, options, true));
  const bool dropped = source.package.signature.has_value() && !options.signing;
  return WriteSections(plan, options, dropped, out);
}

Result<ExpertPackReport> Downgrade(InputFile& package, const ExpertPackOptions& options,
                                   OutputFile& out) {
  if (options.dtype || !options.metadata.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "convert: version 1 takes metadata and values over as they are");
  }
  ANDON_ASSIGN_OR_RETURN(const ExpertPackage source, ExpertPackage::Open(package));
  ANDON_ASSIGN_OR_RETURN(const OwnedFiles files, UnpackFiles(source));
  const bool dropped = source.index().signature.has_value() && !options.signing;
  return WriteV1(files, options.signing, dropped, out);
}

Result<ExpertPackReport> SignV1(InputFile& package, const ExpertSigning& signing, OutputFile& out) {
  ANDON_ASSIGN_OR_RETURN(const SourceV1 source, OpenV1(package));
  OwnedFiles files;
  for (const TarEntry& entry : source.package.files) {
    files.emplace_back(entry.name, Bytes(entry.content.begin(), entry.content.end()));
  }
  return WriteV1(files, signing, false, out);
}

}  // namespace

Result<ExpertPackReport> ConvertExpert(InputFile& package, const ExpertPackOptions& options,
                                       OutputFile& out) {
  ANDON_ASSIGN_OR_RETURN(const bool is_version_2, IsVersion2(package));
  if (options.version == (is_version_2 ? 2 : 1)) {
    return Error(ErrorCode::kInvalidArgument, "convert: the package has version ", options.version,
                 " already");
  }
  return is_version_2 ? Downgrade(package, options, out) : Upgrade(package, options, out);
}

Result<ExpertPackReport> SignExpert(InputFile& package, const ExpertSigning& signing,
                                    OutputFile& out) {
  ANDON_ASSIGN_OR_RETURN(const bool is_version_2, IsVersion2(package));
  if (!is_version_2) return SignV1(package, signing, out);
  ANDON_ASSIGN_OR_RETURN(const ExpertPackage source, ExpertPackage::Open(package));
  std::vector<ExpertSection> sections = source.index().sections;
  std::erase_if(sections, [](const ExpertSection& section) {
    return section.type == static_cast<uint16_t>(SectionType::kSigningCert);
  });
  ANDON_ASSIGN_OR_RETURN(ExpertOutput output,
                         ExpertOutput::Create(source.metadata(), sections.size(),
                                              ExpertWriterOptions(), signing, out));
  for (const ExpertSection& section : sections) {
    ANDON_ASSIGN_OR_RETURN(const Bytes stored, source.Stored(section));
    ANDON_RETURN_IF_ERROR(output.AddStored(section, stored));
  }
  return output.Finish(false);
}

}  // namespace andon
