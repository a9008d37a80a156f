// Revocation lists: what no longer counts, signed by the key that once vouched for it.
//
//   u16 version = 1, u16 0, u32 count, u8 issuer[32], u64 number, u64 issued, u64 expires      64
//   bytes count x { u8 kind, u8 reason, u16 0, u32 0, u64 revoked_from, u8 id[32] } 48 bytes each,
//   ascending by
//                                                                                             kind,
//                                                                                             then
//                                                                                             id
//   u8 signature[64]     over "HLLMEXP-CRL-V1\0" and all before
//
// A list speaks for its issuer: it counts for a file whose chain has the issuer's key, its root
// included.

#ifndef ANDON_TRUST_REVOCATION_LIST_H_
#define ANDON_TRUST_REVOCATION_LIST_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"

namespace andon {

inline constexpr uint64_t kMaxListSeconds = 7 * 24 * 3600;  // from issued to expires
inline constexpr uint64_t kMaxRevocations = 65'536;

enum class RevocationKind : uint8_t { kSerial = 1, kKey = 2, kFile = 3 };
enum class RevocationReason : uint8_t {
  kUnspecified = 0,
  kKeyCompromise = 1,
  kSuperseded = 2,
  kWithdrawn = 3,
  kMalicious = 4
};
std::string_view RevocationKindName(RevocationKind kind);  // "serial", "key", "file"
std::string_view RevocationReasonName(
    RevocationReason reason);  // "unspecified", "key-compromise", ...

struct Revocation {
  RevocationKind kind = RevocationKind::kKey;
  RevocationReason reason = RevocationReason::kUnspecified;
  uint64_t revoked_from = 0;        // Unix seconds; counts from then on
  std::array<uint8_t, 32> id = {};  // a key, the FILE_SHA256 of a file, or a serial and 16 zeros
};

struct RevocationList {
  Ed25519PublicKey issuer = {};
  uint64_t number = 0;  // only ever grows
  uint64_t issued = 0, expires = 0;
  std::vector<Revocation> entries;
};

// Parses and checks the signature by the issuer that the list names; whether that issuer counts is
// the verdict's matter. Errors: RevocationListMalformed, RevocationListSignature.
Result<RevocationList> ParseRevocationList(ByteView bytes);
// Sets issuer, sorts. Errors: RevocationListMalformed, where the result could not be parsed.
Result<Bytes> IssueRevocationList(RevocationList list, const Ed25519Seed& issuer);

// Key rotation: "from now on `to` speaks where `from` did", signed by both.
//   u16 version = 1, u16 0, u32 0, u8 from[32], u8 to[32], u64 since      80 bytes
//   u8 signature_from[64], u8 signature_to[64]     both over "HLLMEXP-ROTATE-V1\0" and the 80 bytes
struct KeyRotation {
  Ed25519PublicKey from = {};
  Ed25519PublicKey to = {};
  uint64_t since = 0;  // Unix seconds
};
// Errors: RotationMalformed, RotationSignature.
Result<KeyRotation> ParseKeyRotation(ByteView bytes);
Bytes IssueKeyRotation(const Ed25519Seed& from, const Ed25519Seed& to, uint64_t since);

}  // namespace andon

#endif  // ANDON_TRUST_REVOCATION_LIST_H_
