// manifest.json of version 1 as its signer hashed it: with `integrity` null, or not there yet.

#ifndef ANDON_FORMATS_EXPERT_V1_MANIFEST_TEXT_H_
#define ANDON_FORMATS_EXPERT_V1_MANIFEST_TEXT_H_

#include <string>
#include <string_view>

#include "common/json.h"
#include "crypto/sha256.h"

namespace andon {

// Two spaces a level, as the tools of version 1 wrote it.
std::string PrettyManifest(const Json& manifest);

// Whether `stated` is the hash of one of the texts that a signer may have hashed: this one with
// null in place of `integrity` or without that member, or the same content compact or pretty.
// REQUIRES: `text` parses to `manifest`, an object with a member `integrity`.
bool IsManifestHash(const Sha256Digest& stated, std::string_view text, const Json& manifest);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_V1_MANIFEST_TEXT_H_
