#include "engine/expert_unpack.h"

#include <algorithm>
#include <string_view>

#include "engine/expert_files.h"
#include "engine/expert_peft.h"
#include "engine/expert_source.h"
#include "formats/attachment.h"
#include "formats/soft_prompt.h"

namespace andon {
namespace {

bool Is(const ExpertSection& section, SectionType type) {
  return section.type == static_cast<uint16_t>(type);
}

Status Malformed(std::string_view path, std::string_view what) {
  return Error(ErrorCode::kSectionMalformed, "files: ", Quoted(path), ": ", what);
}

class Unpacker {
 public:
  explicit Unpacker(const ExpertPackage& package) : package_(package) {
    for (const ExpertSection& section : package.index().sections) {
      if (!Is(section, SectionType::kSigningCert)) sections_.push_back(&section);
    }
  }

  Result<OwnedFiles> Unpack() {
    const auto listed = std::ranges::find(sections_, kFilesSection, &ExpertSection::type);
    if (listed != sections_.end()) {
      ANDON_RETURN_IF_ERROR(AddListed(**listed));
    } else {
      ANDON_RETURN_IF_ERROR(AddByType());
    }
    ANDON_RETURN_IF_ERROR(AddAdapter());
    if (Find(kManifestFile) == files_.end()) {
      const std::string manifest = DowngradeMetadata(package_.metadata()).dump(2) + "\n";
      files_.emplace(files_.begin(), kManifestFile, Bytes(manifest.begin(), manifest.end()));
    }
    return std::move(files_);
  }

 private:
  OwnedFiles::iterator Find(std::string_view path) {
    return std::ranges::find(files_, path, &OwnedFiles::value_type::first);
  }

  bool HasParams() const {
    return std::ranges::any_of(sections_, [](auto* s) { return Is(*s, SectionType::kParams); });
  }

  Status AddListed(const ExpertSection& list) {
    ANDON_ASSIGN_OR_RETURN(const Bytes text, package_.Content(list));
    ANDON_ASSIGN_OR_RETURN(const std::vector<FilePlace> places,
                           ParseFilePlaces(text, sections_.size()));
    for (const FilePlace& place : places) {
      ANDON_ASSIGN_OR_RETURN(Bytes content, Restore(place));
      files_.emplace_back(place.path, std::move(content));
    }
    return Status();
  }

  Result<Bytes> Restore(const FilePlace& place) {
    Bytes content;
    if (place.head) {
      const ExpertSection& head = *sections_[static_cast<size_t>(*place.head)];
      if (head.type != kTensorHeadSection) return Malformed(place.path, "no header");
      ANDON_ASSIGN_OR_RETURN(content, package_.Content(head));
      if (!place.section) return RestoreAdapter(package_, std::move(content));
    }
    const ExpertSection& section = *sections_[static_cast<size_t>(*place.section)];
    ANDON_ASSIGN_OR_RETURN(const Bytes raw, package_.Content(section));
    ANDON_ASSIGN_OR_RETURN(const ByteView body, Body(section, raw, place.path));
    AppendBytes(content, body);
    return content;
  }

  // What of the section is the file's.
  static Result<ByteView> Body(const ExpertSection& section, const Bytes& raw,
                               std::string_view path) {
    if (Is(section, SectionType::kAttachment)) {
      ANDON_ASSIGN_OR_RETURN(const Attachment attachment, ParseAttachment(raw, section.name));
      if (attachment.path != path) return Malformed(path, "an attachment of another path");
      return attachment.content;
    }
    if (Is(section, SectionType::kSoftPrompt)) {
      ANDON_ASSIGN_OR_RETURN(const SoftPrompt prompt, ParseSoftPrompt(raw));
      return prompt.values;
    }
    if (!FileOfSectionType(section.type).empty()) return ByteView(raw);
    return Malformed(path, "a section that holds no file");
  }

  Status AddByType() {
    for (const ExpertSection* section : sections_) {
      std::string path(FileOfSectionType(section->type));
      ANDON_ASSIGN_OR_RETURN(Bytes raw, package_.Content(*section));
      if (Is(*section, SectionType::kAttachment)) {
        ANDON_ASSIGN_OR_RETURN(const Attachment attachment, ParseAttachment(raw, section->name));
        path = attachment.path;
        raw = Bytes(attachment.content.begin(), attachment.content.end());
      } else if (Is(*section, SectionType::kSoftPrompt)) {
        path = "soft_prompt_" + std::to_string(section->id) + ".safetensors";
        ANDON_ASSIGN_OR_RETURN(raw, SoftPromptFile(raw));
      }
      if (!path.empty()) files_.emplace_back(std::move(path), std::move(raw));
    }
    return Status();
  }

  Status AddAdapter() {
    if (!HasParams() || Find(kAdapterFile) != files_.end()) return Status();
    const auto config = Find(kAdapterConfigFile);
    const Bytes before = config == files_.end() ? Bytes() : config->second;
    ANDON_ASSIGN_OR_RETURN(PeftFiles made, MakePeftFiles(package_, before));
    if (config != files_.end()) files_.erase(config);
    files_.emplace_back(kAdapterFile, std::move(made.tensors));
    files_.emplace_back(kAdapterConfigFile, std::move(made.config));
    return Status();
  }

  const ExpertPackage& package_;
  std::vector<const ExpertSection*> sections_;  // without the certificates
  OwnedFiles files_;
};

}  // namespace

Result<OwnedFiles> UnpackFiles(const ExpertPackage& package) { return Unpacker(package).Unpack(); }

Result<UnpackedPackage> UnpackPackage(InputFile& package) {
  UnpackedPackage unpacked;
  ANDON_ASSIGN_OR_RETURN(const bool is_version_2, IsVersion2(package));
  if (is_version_2) {
    ANDON_ASSIGN_OR_RETURN(const ExpertPackage source, ExpertPackage::Open(package));
    ANDON_ASSIGN_OR_RETURN(unpacked.files, UnpackFiles(source));
    unpacked.was_signed = source.index().signature.has_value();
    return unpacked;
  }
  ANDON_ASSIGN_OR_RETURN(const SourceV1 source, OpenV1(package));
  for (const TarEntry& entry : source.package.files) {
    unpacked.files.emplace_back(entry.name, Bytes(entry.content.begin(), entry.content.end()));
  }
  unpacked.was_signed = source.package.signature.has_value();
  return unpacked;
}

}  // namespace andon
