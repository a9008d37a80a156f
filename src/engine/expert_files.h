// Which file of a folder is which section of a package of version 2, and back.
//
// Two extension sections make the way back exact. "files" (JSON) lists the files in their order,
// each with where its bytes are:
//
//   {"files": [{"path": "README.md", "section": 4}, {"path": "prompt.safetensors", "section": 5,
//              "head": 6}, {"path": "adapter_model.safetensors", "head": 0}]}
//
// Sections are counted from 0 without the certificates, so that signing again changes nothing.
// `head` is a section with the first bytes of a safetensors file, its length and header as they
// were: the data follow from the section, or, without one, from PARAMS.

#ifndef ANDON_ENGINE_EXPERT_FILES_H_
#define ANDON_ENGINE_EXPERT_FILES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/json.h"
#include "common/status.h"
#include "formats/expert_index.h"

namespace andon {

inline constexpr uint16_t kFilesSection = 0x8000;
inline constexpr uint16_t kTensorHeadSection = 0x8001;

inline constexpr std::string_view kAdapterFile = "adapter_model.safetensors";
inline constexpr std::string_view kAdapterConfigFile = "adapter_config.json";
inline constexpr std::string_view kManifestFile = "manifest.json";
inline constexpr std::string_view kExpertFile = "expert.json";  // metadata of version 2

// The type of section that a file of this path has one of; nothing: an attachment.
std::optional<SectionType> SectionTypeOfFile(std::string_view path);
// Its inverse; empty where the type has no file of its own.
std::string_view FileOfSectionType(uint16_t type);

// The path, the last part of it, or nothing: whatever first has room in a section's name.
std::string_view SectionNameOfFile(std::string_view path);

struct FilePlace {
  std::string path;
  std::optional<uint64_t> section = {};
  std::optional<uint64_t> head = {};
};
Bytes WriteFilePlaces(const std::vector<FilePlace>& places);
// `section_count`: without certificates. Errors: Json..., SectionMalformed.
Result<std::vector<FilePlace>> ParseFilePlaces(ByteView json, uint64_t section_count);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_FILES_H_
