#include "engine/expert_folder_metadata.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/limits.h"

namespace andon {
namespace {

Result<Bytes> ReadText(InputFile& file, std::string_view path) {
  if (file.size() > limits::kMaxManifestBytes) {
    return Error(ErrorCode::kJsonTooLarge, path, ": ", file.size(), " bytes, limit ",
                 limits::kMaxManifestBytes);
  }
  Bytes text(static_cast<size_t>(file.size()));
  ANDON_RETURN_IF_ERROR(file.Read(0, text));
  return text;
}

Result<Json> StatedMetadata(const FolderFiles& files) {
  for (const std::string_view path : {kExpertFile, kManifestFile}) {
    const auto file = std::ranges::find(files, path, &FolderFiles::value_type::first);
    if (file == files.end()) continue;
    ANDON_ASSIGN_OR_RETURN(const Bytes text, ReadText(*file->second, path));
    if (path == kExpertFile) return ParseJson(text, path);
    ANDON_ASSIGN_OR_RETURN(const ExpertMetadata manifest, ParseManifestV1(text));
    return UpgradeManifest(manifest);
  }
  return Json::object();
}

// What is packed counts, whatever the publisher wrote of it; the base model's name is his to say.
void AddWhatConfigSays(Json& metadata, const PeftConfig& config) {
  Json& adapter = metadata["adapter"];
  if (!adapter.is_object()) adapter = Json::object();
  adapter["kind"] = AdapterKindName(config.kind);
  if (config.kind != AdapterKind::kIa3) {
    adapter["rank"] = config.rank;
    if (config.alpha >= 0) adapter["alpha"] = config.alpha;  // the schema knows no other
    if (config.rank_stabilized) adapter["rank_stabilized"] = true;
  }
  if (metadata.contains("base_model") || config.base_model.empty()) return;
  // As in manifests: of a local path the last part is the name.
  const ExpertMetadata stated = {.json = {{"base_model", {{"name", config.base_model}}}}};
  metadata["base_model"] = UpgradeManifest(stated)["base_model"];
}

}  // namespace

Result<ExpertMetadata> FolderMetadata(const FolderFiles& files, const PeftConfig* config,
                                      std::string_view overrides) {
  ANDON_ASSIGN_OR_RETURN(Json metadata, StatedMetadata(files));
  if (metadata.is_object() && config != nullptr) AddWhatConfigSays(metadata, *config);
  if (!overrides.empty()) {
    ANDON_ASSIGN_OR_RETURN(const Json members, ParseJson(AsBytes(overrides), "metadata"));
    if (!members.is_object() || !metadata.is_object()) {
      return Error(ErrorCode::kInvalidArgument, "metadata: not an object");
    }
    metadata.merge_patch(members);
  }
  return ParseExpertMetadata(AsBytes(DumpJson(metadata)));
}

}  // namespace andon
