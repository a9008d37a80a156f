#include "engine/expert_files.h"

#include <algorithm>
#include <set>
#include <utility>

#include "archive/entry_name.h"

namespace andon {
namespace {

constexpr size_t kNameBytes = 24;  // of an entry of the table of contents

constexpr std::pair<std::string_view, SectionType> kTypes[] = {
    {"grammar.gbnf", SectionType::kGrammar},
    {"README.md", SectionType::kDocs},
    {"LICENSE", SectionType::kLicense},
    {"metrics.json", SectionType::kMetrics},
    {"router.json", SectionType::kRouter},
    {"tokenizer_delta.json", SectionType::kTokenizerDelta},
    {"calibration.json", SectionType::kCalibration},
};

Status Malformed(std::string_view what) {
  return Error(ErrorCode::kSectionMalformed, "files: ", what);
}

Status ReadIndex(const Json& place, const char* key, uint64_t section_count,
                 std::optional<uint64_t>* out) {
  const auto member = place.find(key);
  if (member == place.end()) return Status();
  if (!member->is_number_unsigned() || member->get<uint64_t>() >= section_count) {
    return Malformed("a section that the package does not have");
  }
  *out = member->get<uint64_t>();
  return Status();
}

Result<FilePlace> ParsePlace(const Json& place, uint64_t section_count) {
  const bool has_path = place.is_object() && place.contains("path") && place["path"].is_string();
  if (!has_path) return Malformed("a file without a path");
  FilePlace result{.path = place["path"].get<std::string>()};
  if (!IsSafeEntryName(result.path)) return Malformed("a path that is not safe");
  ANDON_RETURN_IF_ERROR(ReadIndex(place, "section", section_count, &result.section));
  ANDON_RETURN_IF_ERROR(ReadIndex(place, "head", section_count, &result.head));
  if (!result.section && !result.head) return Malformed("a file without a section");
  return result;
}

}  // namespace

std::optional<SectionType> SectionTypeOfFile(std::string_view path) {
  for (const auto& [file, type] : kTypes) {
    if (file == path) return type;
  }
  return std::nullopt;
}

std::string_view FileOfSectionType(uint16_t type) {
  for (const auto& [file, candidate] : kTypes) {
    if (static_cast<uint16_t>(candidate) == type) return file;
  }
  return {};
}

std::string_view SectionNameOfFile(std::string_view path) {
  if (path.size() <= kNameBytes) return path;
  const std::string_view last = path.substr(path.rfind('/') + 1);
  return last.size() <= kNameBytes ? last : std::string_view();
}

Bytes WriteFilePlaces(const std::vector<FilePlace>& places) {
  Json files = Json::array();
  for (const FilePlace& place : places) {
    Json file = {{"path", place.path}};
    if (place.section) file["section"] = *place.section;
    if (place.head) file["head"] = *place.head;
    files.push_back(std::move(file));
  }
  const std::string text = DumpJson({{"files", std::move(files)}});
  return Bytes(text.begin(), text.end());
}

Result<std::vector<FilePlace>> ParseFilePlaces(ByteView json, uint64_t section_count) {
  ANDON_ASSIGN_OR_RETURN(const Json root, ParseJson(json, "files"));
  if (!root.is_object() || !root.contains("files") || !root["files"].is_array()) {
    return Malformed("no list of files");
  }
  std::vector<FilePlace> places;
  std::set<std::string> paths;
  for (const Json& file : root["files"]) {
    ANDON_ASSIGN_OR_RETURN(FilePlace place, ParsePlace(file, section_count));
    if (!paths.insert(place.path).second) return Malformed("a path twice");
    places.push_back(std::move(place));
  }
  return places;
}

}  // namespace andon
