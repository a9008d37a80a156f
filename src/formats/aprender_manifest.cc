#include "formats/aprender_manifest.h"

#include "common/json.h"

namespace andon {
namespace {

Status Malformed(std::string_view what) {
  return Error(ErrorCode::kManifestMalformed, "manifest.json: ", what);
}

Result<FileRecord> ParseFileRecord(const std::string& name, const Json& value) {
  if (value.is_object() && value.size() == 2) {
    const auto size = value.find("size");
    const auto sha256 = value.find("sha256");
    if (size != value.end() && size->is_number_unsigned() && sha256 != value.end() &&
        sha256->is_string()) {
      const auto digest = Sha256FromHex(sha256->get_ref<const std::string&>());
      if (digest) return FileRecord{size->get<uint64_t>(), *digest};
    }
  }
  return Error(ErrorCode::kManifestMalformed, "manifest.json: the record of ", Quoted(name),
               " is not {size, sha256}");
}

Result<AprenderManifest> ParseFiles(const Json& files) {
  AprenderManifest manifest;
  for (const auto& [name, value] : files.items()) {
    if (name == kManifestEntry || name == kSignatureEntry) {
      return Malformed("lists manifest.json or signature.bin, which it cannot vouch for");
    }
    ANDON_ASSIGN_OR_RETURN(manifest[name], ParseFileRecord(name, value));
  }
  return manifest;
}

}  // namespace

Result<AprenderManifest> ParseAprenderManifest(ByteView text) {
  ANDON_ASSIGN_OR_RETURN(const Json root, ParseJson(text, "manifest.json"));
  if (!root.is_object()) return Malformed("not an object");
  const auto format = root.find("format");
  const auto version = root.find("format_version");
  const auto files = root.find("files");
  if (format == root.end() || *format != "aprender") return Malformed("format is not \"aprender\"");
  if (version == root.end() || !version->is_number_unsigned()) {
    return Malformed("format_version is not a whole number");
  }
  // Before the rest: another version may well have other members.
  if (const auto number = version->get<uint64_t>(); number != kAprenderFormatVersion) {
    return Error(ErrorCode::kManifestVersion, "manifest.json: format_version ", number,
                 ", and Andon reads ", kAprenderFormatVersion);
  }
  if (files == root.end() || !files->is_object()) return Malformed("files is not an object");
  if (root.size() != 3) return Malformed("has a member that the format does not know");
  return ParseFiles(*files);
}

Bytes WriteAprenderManifest(const AprenderManifest& manifest) {
  Json files = Json::object();
  for (const auto& [name, record] : manifest) {
    files[name] = {{"size", record.size}, {"sha256", ToHex(record.sha256)}};
  }
  const std::string text = DumpJson({{"format", "aprender"},
                                     {"format_version", kAprenderFormatVersion},
                                     {"files", std::move(files)}});
  return Bytes(text.begin(), text.end());
}

}  // namespace andon
