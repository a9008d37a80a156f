#include "engine/expert_pack.h"

#include <algorithm>
#include <utility>

#include "engine/expert_folder.h"
#include "engine/expert_output.h"
#include "engine/expert_pack_v1.h"
#include "formats/expert_metadata.h"

namespace andon {

Result<ExpertPackReport> WriteSections(const FolderPlan& plan, const ExpertPackOptions& options,
                                       bool signature_dropped, OutputFile& out) {
  ANDON_ASSIGN_OR_RETURN(ExpertOutput output,
                         ExpertOutput::Create(plan.metadata, plan.sections.size(), options.writer,
                                              options.signing, out));
  uint64_t done = 0, total = 0;
  for (const SectionSource& source : plan.sections) total += source.bytes;
  for (const SectionSource& source : plan.sections) {
    if (options.progress) ANDON_RETURN_IF_ERROR(options.progress(done, total));
    ANDON_ASSIGN_OR_RETURN(const Bytes content, source.load());
    SectionContent section = source.form;
    section.content = content;
    ANDON_RETURN_IF_ERROR(output.Add(section));
    done += source.bytes;
  }
  if (options.progress) ANDON_RETURN_IF_ERROR(options.progress(done, total));
  return output.Finish(signature_dropped);
}

namespace {

// The documented order of version 1; the rest by name, as it comes.
int PlaceInV1(std::string_view path) {
  if (path == kManifestFile) return 0;
  if (path == kAdapterFile) return 1;
  if (path == kAdapterConfigFile) return 2;
  const bool tokenizer =
      path.starts_with("tokenizer") || path == "special_tokens_map.json" || path == "vocab.json";
  return tokenizer ? 3 : 4;
}

// What the folder has, as it is: expert.json becomes the manifest, where there is none or where
// `options` have metadata. Everything that version 2 would refuse is refused here as well.
Result<ExpertPackReport> PackVersion1(const FolderFiles& listed, const FolderPlan& plan,
                                      const ExpertPackOptions& options, OutputFile& out) {
  if (options.dtype) {
    return Error(ErrorCode::kInvalidArgument, "pack: version 1 keeps the values as they are");
  }
  for (const SectionSource& source : plan.sections) {
    ANDON_RETURN_IF_ERROR(source.load().status());
  }
  OwnedFiles files;
  for (const auto& [path, file] : listed) {
    const bool replaced = path == kManifestFile && !options.metadata.empty();
    if (path == kExpertFile || replaced) continue;
    Bytes content(static_cast<size_t>(file->size()));
    ANDON_RETURN_IF_ERROR(file->Read(0, content));
    files.emplace_back(path, std::move(content));
  }
  if (std::ranges::find(files, kManifestFile, &OwnedFiles::value_type::first) == files.end()) {
    const std::string manifest = DowngradeMetadata(plan.metadata).dump(2) + "\n";
    files.emplace_back(kManifestFile, Bytes(manifest.begin(), manifest.end()));
  }
  std::ranges::stable_sort(files, {}, [](const auto& file) { return PlaceInV1(file.first); });
  return WriteV1(files, options.signing, false, out);
}

}  // namespace

Result<ExpertPackReport> PackExpert(const ExpertFiles& files, const ExpertPackOptions& options,
                                    OutputFile& out) {
  const FolderFiles listed(files.begin(), files.end());
  ANDON_ASSIGN_OR_RETURN(const FolderPlan plan, PlanFolder(listed, options, false));
  if (options.version == 1) return PackVersion1(listed, plan, options, out);
  if (options.version == 2) return WriteSections(plan, options, false, out);
  return Error(ErrorCode::kInvalidArgument, "pack: no version ", options.version);
}

}  // namespace andon
