// Makes an .aprender package from a JSON description and weights.

#ifndef ANDON_ENGINE_PACK_H_
#define ANDON_ENGINE_PACK_H_

#include <map>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"

namespace andon {

struct PackRequest {
  ByteView description = {};  // JSON, see docs/api.md (PackDescription)
  ByteView weights = {};      // safetensors; empty when the description holds the weights
  std::map<std::string, Bytes, std::less<>> attachments = {};
  std::optional<Ed25519Seed> signing_seed = {};
};

// Errors: DescriptionMalformed naming the member, and every error that opening the result would
// give: what this returns, Open() loads.
Result<Bytes> Pack(const PackRequest& request);

}  // namespace andon

#endif  // ANDON_ENGINE_PACK_H_
