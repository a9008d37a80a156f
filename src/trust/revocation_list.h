// Revocation lists: what no longer counts, signed by the key that once vouched for it.
//
//   u16 version = 1, u16 0, u32 count, u8 issuer[32], u64 number, u64 issued, u64 expires  64 bytes
//   count x { u8 kind, u8 reason, u16 0, u32 0, u64 revoked_from, u8 id[32] }         48 bytes each
//   u8 signature[64]     over "HLLMEXP-CRL-V1\0" and all before
//
// Entries ascend by kind, then id; each occurs once. A list speaks for its issuer: it counts for a
// file whose chain has the issuer's key, its root included.

#ifndef ANDON_TRUST_REVOCATION_LIST_H_
#define ANDON_TRUST_REVOCATION_LIST_H_

#include <array>
#include <cstdint>
#include <optional>
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
// "serial", "key", "file"
std::string_view RevocationKindName(RevocationKind kind);
// "unspecified", "key-compromise", "superseded", "withdrawn", "malicious"
std::string_view RevocationReasonName(RevocationReason reason);
std::optional<RevocationKind> RevocationKindOf(std::string_view name);
std::optional<RevocationReason> RevocationReasonOf(std::string_view name);

struct Revocation {
  RevocationKind kind = RevocationKind::kKey;
  RevocationReason reason = RevocationReason::kUnspecified;
  uint64_t revoked_from = 0;        // Unix seconds; counts from then on
  std::array<uint8_t, 32> id = {};  // a key, the FILE_SHA256 of a file, or a serial and 16 zeros
};

struct RevocationList {
  Ed25519PublicKey issuer = {};
  uint64_t number = 0;  // only ever grows; at most limits::kMaxCounter
  uint64_t issued = 0, expires = 0;
  std::vector<Revocation> entries;
};

// Parses and checks the signature by the issuer that the list names; whether that issuer counts is
// the verdict's matter. Errors: RevocationListMalformed, RevocationListSignature.
Result<RevocationList> ParseRevocationList(ByteView bytes);
// Sets issuer, sorts. Errors: RevocationListMalformed, where the result could not be parsed.
Result<Bytes> IssueRevocationList(RevocationList list, const Ed25519Seed& issuer);

}  // namespace andon

#endif  // ANDON_TRUST_REVOCATION_LIST_H_
