// Key rotation: "from now on `to` speaks where `from` did", signed by both, so that nobody can pass
// on a key that is not theirs, or take over one that does not answer.
//
//   u16 version = 1, u16 0, u32 0, u8 from[32], u8 to[32], u64 since                       80 bytes
//   u8 signature_from[64], u8 signature_to[64]     both over "HLLMEXP-ROTATE-V1\0" and the 80 bytes

#ifndef ANDON_TRUST_KEY_ROTATION_H_
#define ANDON_TRUST_KEY_ROTATION_H_

#include <cstdint>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"

namespace andon {

inline constexpr size_t kKeyRotationBytes = 208;

struct KeyRotation {
  Ed25519PublicKey from = {};
  Ed25519PublicKey to = {};
  uint64_t since = 0;  // Unix seconds
};

// Errors: RotationMalformed (also where both keys are the same), RotationSignature.
Result<KeyRotation> ParseKeyRotation(ByteView bytes);
// Errors: RotationMalformed, where the result could not be parsed.
Result<Bytes> IssueKeyRotation(const Ed25519Seed& from, const Ed25519Seed& to, uint64_t since);

}  // namespace andon

#endif  // ANDON_TRUST_KEY_ROTATION_H_
