// The `integrity` of a manifest of version 1 against the files of its package.

#ifndef ANDON_FORMATS_EXPERT_V1_INTEGRITY_H_
#define ANDON_FORMATS_EXPERT_V1_INTEGRITY_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/expert_v1.h"

namespace andon {

// Checks hashes and the set of files. Nothing where the package is not signed: no `integrity`, one
// without `files`, or one without a key or a signature.
// Errors: ManifestV1, ExpertV1Integrity.
Result<std::optional<ExpertV1Signature>> CheckExpertV1Integrity(const std::vector<TarEntry>& files,
                                                                const ExpertMetadata& manifest);

// What the two entries of a signed package hold.
struct SignedManifestV1 {
  std::string manifest;
  Ed25519Signature signature = {};
};
// The manifest with an `integrity` for these files, whose signature is made with `seed`.
SignedManifestV1 SignManifestV1(const std::vector<TarEntry>& files, const ExpertMetadata& manifest,
                                const Ed25519Seed& seed, std::string_view created_at);

const TarEntry* FindEntry(const std::vector<TarEntry>& files, std::string_view name);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_V1_INTEGRITY_H_
