// Keys, certificates and lists for the tests: a publisher's root, a CA below it, a signer below
// that.

#ifndef ANDON_TESTS_CORE_TRUST_PEOPLE_H_
#define ANDON_TESTS_CORE_TRUST_PEOPLE_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "trust/certificate.h"
#include "trust/policy.h"
#include "trust/revocation_list.h"

namespace andon {

inline constexpr Ed25519Seed kRootSeed = {1}, kCaSeed = {2}, kSecondCaSeed = {3}, kSignerSeed = {4},
                             kStrangerSeed = {5};
inline constexpr uint64_t kNow = 1'800'000'000;  // 2027
inline constexpr uint64_t kYear = 365 * 24 * 3600;

inline Certificate RequestFor(CertificateRole role, const Ed25519Seed& subject, std::string name) {
  return {.role = role,
          .max_path = static_cast<uint8_t>(role == CertificateRole::kSigner ? 0 : 2),
          .serial = {subject[0], 0xAB},
          .subject = Ed25519PublicKeyOf(subject),
          .not_before = kNow - kYear,
          .not_after = kNow + kYear,
          .name = std::move(name),
          .scope = "expert-acme-*"};
}

inline Certificate Issued(const Certificate& request, const Ed25519Seed& issuer) {
  const auto bytes = IssueCertificate(request, issuer);
  EXPECT_TRUE(bytes.ok()) << bytes.status().message();
  const auto certificate = ParseCertificate(*bytes);
  EXPECT_TRUE(certificate.ok());
  return *certificate;
}

inline Certificate RootRequest() {
  return RequestFor(CertificateRole::kRoot, kRootSeed, "Acme root");
}
inline Certificate CaRequest() { return RequestFor(CertificateRole::kCa, kCaSeed, "Acme CA"); }
inline Certificate SecondCaRequest() {
  return RequestFor(CertificateRole::kCa, kSecondCaSeed, "Acme experts");
}
inline Certificate SignerRequest() {
  return RequestFor(CertificateRole::kSigner, kSignerSeed, "Ada");
}

// Signer, CA, root.
inline std::vector<Certificate> GoodChain() {
  return {Issued(SignerRequest(), kCaSeed), Issued(CaRequest(), kRootSeed),
          Issued(RootRequest(), kRootSeed)};
}

// Signer, CA, CA, root: the longest.
inline std::vector<Certificate> LongestChain() {
  return {Issued(SignerRequest(), kSecondCaSeed), Issued(SecondCaRequest(), kCaSeed),
          Issued(CaRequest(), kRootSeed), Issued(RootRequest(), kRootSeed)};
}

inline const Bytes kSignedContent = {1, 2, 3};
inline const Sha256Digest kFileHash = Sha256Of(kSignedContent);

// Of a file named expert-acme-sql, signed by `seed`.
inline Evidence SignedFile(std::vector<Certificate> chain, const Ed25519Seed& seed = kSignerSeed) {
  return {.key = Ed25519PublicKeyOf(seed),
          .signature = Ed25519Sign(seed, kSignedContent),
          .message = kSignedContent,
          .chain = std::move(chain),
          .name = "expert-acme-sql",
          .release_counter = 5,
          .file_sha256 = kFileHash};
}

// Strict, at kNow.
inline Policy Trusting(const Ed25519Seed& seed, std::string scope = "*") {
  return {.trusted = {{Ed25519PublicKeyOf(seed), "Acme", std::move(scope)}},
          .allow_unsigned = false,
          .allow_unknown_signer = false,
          .now = kNow};
}

inline RevocationList ListOf(std::vector<Revocation> entries, const Ed25519Seed& issuer = kRootSeed,
                             uint64_t number = 1) {
  return {.issuer = Ed25519PublicKeyOf(issuer),
          .number = number,
          .issued = kNow - 3600,
          .expires = kNow + 3600,
          .entries = std::move(entries)};
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_TRUST_PEOPLE_H_
