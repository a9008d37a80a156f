// Certificates: who may sign which experts, and until when. docs/BINARY_FORMAT_SPEC.md has the
// bytes.
//
//   u16 version = 1, u8 role, u8 max_path, u8 serial[16], u8 issuer[32], u8 subject[32],
//   u64 not_before, u64 not_after, char name[128], char scope[128]      356 bytes: the body
//   u8 signature[64]     the issuer's, over "HLLMEXP-CERT-V1\0" and the body
//
// Integers are little-endian, times are Unix seconds up to the year 9999, texts UTF-8 padded with
// zeros. A key's id is the public key itself: nothing is looked up by a shortened hash that could
// collide.

#ifndef ANDON_TRUST_CERTIFICATE_H_
#define ANDON_TRUST_CERTIFICATE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"

namespace andon {

inline constexpr size_t kCertificateBytes = 420;
inline constexpr size_t kMaxChain = 4;  // certificates, the root's own included

// Files are signed by signers. A root is issued by itself; a signer may be, to carry its key.
enum class CertificateRole : uint8_t { kRoot = 1, kCa = 2, kSigner = 3 };
std::string_view CertificateRoleName(CertificateRole role);  // "root", "ca", "signer"
std::optional<CertificateRole> CertificateRoleOf(std::string_view name);

using CertificateSerial = std::array<uint8_t, 16>;

struct Certificate {
  CertificateRole role = CertificateRole::kSigner;
  uint8_t max_path = 0;  // certificates of CAs that may follow below this one; 0 for a signer
  CertificateSerial serial = {};
  Ed25519PublicKey issuer = {};
  Ed25519PublicKey subject = {};
  uint64_t not_before = 0, not_after = 0;  // the first and the last second it holds
  std::string name;                        // of the subject, 1 to 128 bytes, nothing invisible
  std::string scope;  // expert names (trust/scope.h), 1 to 128 bytes: "expert-acme-*"
  Ed25519Signature signature = {};
};

// Errors: CertificateMalformed (size, version, role, padding, text, times, path of a signer).
Result<Certificate> ParseCertificate(ByteView bytes);
// 1 to kMaxChain certificates, leaf first. Errors: ChainLength, those of ParseCertificate.
Result<std::vector<Certificate>> ParseChain(ByteView bytes);

// REQUIRES: name and scope have at most 128 bytes.
Bytes SerializeCertificate(const Certificate& certificate);
// Sets issuer and signature. Errors: CertificateMalformed, where the result could not be parsed.
Result<Bytes> IssueCertificate(Certificate certificate, const Ed25519Seed& issuer);
bool CertificateSignatureHolds(const Certificate& certificate);

}  // namespace andon

#endif  // ANDON_TRUST_CERTIFICATE_H_
