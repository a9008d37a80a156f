// manifest.json of an .aprender package: the root of integrity.
//
//   {"format": "aprender", "format_version": 2,
//    "files": {"metadata.pb": {"size": 123, "sha256": "<64 lowercase hex digits>"}, ...}}
//
// It lists every entry but itself and signature.bin (which signs the manifest).

#ifndef ANDON_FORMATS_APRENDER_MANIFEST_H_
#define ANDON_FORMATS_APRENDER_MANIFEST_H_

#include <map>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/sha256.h"

namespace andon {

inline constexpr uint32_t kAprenderFormatVersion = 2;
inline constexpr std::string_view kManifestEntry = "manifest.json";
inline constexpr std::string_view kSignatureEntry = "signature.bin";

struct FileRecord {
  uint64_t size = 0;  // bytes
  Sha256Digest sha256{};
};

using AprenderManifest = std::map<std::string, FileRecord, std::less<>>;

// Errors: ManifestMalformed (also unknown members), ManifestVersion, Json... .
Result<AprenderManifest> ParseAprenderManifest(ByteView text);
Bytes WriteAprenderManifest(const AprenderManifest& manifest);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_MANIFEST_H_
