#include "experts/peft_folder.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "engine/expert_files.h"
#include "engine/expert_v1_view.h"
#include "formats/peft.h"

namespace andon {
namespace {

ByteView Find(const PeftFiles& files, std::string_view name) {
  const auto file = files.find(name);
  return file == files.end() ? ByteView() : ByteView(file->second);
}

// Where there is no manifest: what adapter_config.json says, as far as it can be read.
Json ManifestOf(const PeftFiles& files) {
  Json manifest = {{"name", "peft-adapter"}, {"version", "0.0.0"}};
  const auto config = ParsePeftConfig(Find(files, kAdapterConfigFile));
  if (!config.ok()) return manifest;
  manifest["base_models"] = {{{"name", config->base_model},
                              {"adapters",
                               {{{"type", AdapterKindName(config->kind)},
                                 {"r", config->rank},
                                 {"alpha", config->alpha}}}}}};
  return manifest;
}

Result<ExpertV1> FolderOf(const PeftFiles& files, uint64_t max_bytes) {
  uint64_t bytes = 0;
  for (const auto& [name, content] : files) bytes += content.size();
  if (bytes > std::min(max_bytes, limits::kMaxExpertV1Bytes)) {
    return Error(ErrorCode::kFileTooLarge, "adapter: ", bytes, " bytes");
  }
  ExpertV1 folder;
  folder.archive.reserve(static_cast<size_t>(bytes));
  for (const auto& [name, content] : files) {
    const size_t start = folder.archive.size();
    AppendBytes(folder.archive, content);
    folder.files.push_back({name, ByteView(folder.archive.data() + start, content.size())});
  }
  const ByteView manifest = Find(files, kManifestV1Entry);
  if (!manifest.empty()) {
    ANDON_ASSIGN_OR_RETURN(folder.manifest, ParseManifestV1(manifest));
    return folder;
  }
  ANDON_ASSIGN_OR_RETURN(folder.manifest, ParseManifestV1(AsBytes(DumpJson(ManifestOf(files)))));
  return folder;
}

}  // namespace

ExpertOutcome OpenPeftFolder(const PeftFiles& files, const Policy& policy, uint64_t max_bytes) {
  ExpertOutcome outcome;
  auto folder = FolderOf(files, max_bytes);
  outcome.status = folder.status();
  if (folder.ok()) {
    outcome.verdict.integrity = Integrity::kOk;
    outcome.status = Judge({.name = folder->manifest.name,
                            .file_sha256 = Sha256Of(Find(files, kAdapterFile)),
                            .unsigned_reason = "Files of a PEFT folder carry no signature."},
                           policy, outcome.verdict);
  }
  if (outcome.status.ok()) {
    outcome.expert = ViewPeftFolder(std::move(*folder));
  } else if (outcome.verdict.reasons.empty()) {
    outcome.verdict.reasons.push_back(outcome.status.message());
  }
  return outcome;
}

}  // namespace andon
