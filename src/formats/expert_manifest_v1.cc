// manifest.json of version 1, as its tools wrote it.

#include <algorithm>
#include <utility>

#include "formats/expert_metadata.h"
#include "formats/expert_metadata_rules.h"
#include "formats/semantic_version.h"

namespace andon {
namespace {

constexpr size_t kMaxNameBytes = 128;
constexpr double kMaxReleaseCounter = 9007199254740991;  // 2^53 - 1

Status Malformed(std::string_view member, std::string_view what) {
  return Error(ErrorCode::kManifestV1, "manifest.json: ", member, ": ", what);
}

// Letters, digits and "._-": it becomes part of file names and of messages.
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// The text of a member; empty where it is none.
std::string_view TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return found->get_ref<const std::string&>();
}

bool AreObjects(const Json& list) {
  return list.is_array() && std::ranges::all_of(list, [](const Json& e) { return e.is_object(); });
}

// Members that Andon looks into have the types that they had in every published version; null is as
// good as absent.
Status CheckTypes(const Json& root) {
  for (const auto& [key, value] : root.items()) {
    if (value.is_null()) continue;
    if ((key == "base_model" || key == "integrity" || key == "training" || key == "routing" ||
         key == "constraints") &&
        !value.is_object()) {
      return Malformed(key, "not an object");
    }
    if ((key == "base_models" || key == "adapters" || key == "soft_prompts") &&
        !AreObjects(value)) {
      return Malformed(key, "not a list of objects");
    }
    if ((key == "capabilities" || key == "tags" || key == "limitations") && !value.is_array()) {
      return Malformed(key, "not a list");
    }
  }
  return Status();
}

Status CheckSchemaVersion(const Json& root) {
  const auto schema = root.find("schema_version");
  if (schema == root.end() || *schema == "1.0" || *schema == "2.0") return Status();
  return Malformed("schema_version", "neither \"1.0\" nor \"2.0\"");
}

}  // namespace

Result<ExpertMetadata> ParseManifestV1(ByteView json) {
  ANDON_ASSIGN_OR_RETURN(Json root, ParseJson(json, "manifest.json"));
  if (!root.is_object()) return Error(ErrorCode::kManifestV1, "manifest.json: not an object");
  ANDON_RETURN_IF_ERROR(CheckSchemaVersion(root));
  ExpertMetadata manifest;
  manifest.name = TextOf(root, "name");
  manifest.version = TextOf(root, "version");
  if (!IsName(manifest.name)) {
    return Malformed("name", "not a text of letters, digits, '.', '_' and '-'");
  }
  if (!IsSemanticVersion(manifest.version)) return Malformed("version", "not a semantic version");
  ANDON_RETURN_IF_ERROR(CheckTypes(root));
  if (const auto counter = root.find("release_counter"); counter != root.end()) {
    const bool fits = IsWhole(*counter) && counter->get<double>() >= 0 &&
                      counter->get<double>() <= kMaxReleaseCounter;
    if (!fits) return Malformed("release_counter", "not a whole number from 0 to 2^53 - 1");
    manifest.release_counter = counter->get<uint64_t>();
  }
  manifest.json = std::move(root);
  return manifest;
}

}  // namespace andon
