// Certificates, revocation lists and key rotations: what parses is written again to the same bytes,
// and what loads as trusted is within every scope above it. Signatures are made anew, for no input
// would get past them.

#include <algorithm>

#include "fuzz/require.h"
#include "trust/certificate.h"
#include "trust/describe.h"
#include "trust/key_rotation.h"
#include "trust/policy.h"
#include "trust/scope.h"

namespace {

using andon::Bytes;
using andon::ByteView;
using andon::Require;

constexpr andon::Ed25519Seed kSeeds[] = {{1}, {2}, {3}, {4}, {5}};
const andon::Ed25519PublicKey kFirstKey = andon::Ed25519PublicKeyOf(kSeeds[0]);

// Each issued by the key of the next one; a root by itself.
std::vector<andon::Certificate> IssuedAnew(std::vector<andon::Certificate> chain) {
  for (size_t i = 0; i < chain.size(); ++i) {
    chain[i].subject = andon::Ed25519PublicKeyOf(kSeeds[i]);
    const bool self = chain[i].role == andon::CertificateRole::kRoot;
    const auto bytes = andon::IssueCertificate(chain[i], kSeeds[self ? i : i + 1]);
    Require(bytes.ok());
    chain[i] = *andon::ParseCertificate(*bytes);
  }
  return chain;
}

void CheckTrusted(const andon::Evidence& evidence, const andon::Ed25519Seed& trusted) {
  const andon::Policy policy = {.trusted = {{andon::Ed25519PublicKeyOf(trusted), "trusted"}},
                                .now = evidence.chain.front().not_before + 1};
  andon::Verdict verdict;
  const bool loads = Judge(evidence, policy, verdict).ok();
  if (!loads || verdict.trust != andon::TrustState::kTrusted) return;
  for (const andon::Certificate& certificate : evidence.chain) {
    Require(andon::ScopeMatches(certificate.scope, evidence.name));
    Require(certificate.not_before < policy.now && policy.now <= certificate.not_after);
  }
}

void CheckChain(ByteView input) {
  const auto parsed = andon::ParseChain(input);
  if (!parsed.ok()) return;
  Bytes again;
  for (const auto& certificate : *parsed) {
    andon::AppendBytes(again, andon::SerializeCertificate(certificate));
  }
  Require(std::ranges::equal(again, input));
  andon::CertificatesJson(*parsed);

  const andon::Evidence evidence = {.key = kFirstKey,
                                    .signature = andon::Ed25519Sign(kSeeds[0], {}),
                                    .chain = IssuedAnew(*parsed),
                                    .name = parsed->front().name};
  for (const auto& seed : kSeeds) CheckTrusted(evidence, seed);
}

void CheckList(ByteView input) {
  constexpr size_t kIssuerAt = 8, kSignatureBytes = 64;
  if (input.size() < kIssuerAt + kFirstKey.size() + kSignatureBytes) return;
  Bytes bytes(input.begin(), input.end() - kSignatureBytes);
  std::ranges::copy(kFirstKey, bytes.begin() + kIssuerAt);
  const std::string_view domain("HLLMEXP-CRL-V1\0", 15);
  Bytes message(domain.begin(), domain.end());
  andon::AppendBytes(message, bytes);
  andon::AppendBytes(bytes, andon::Ed25519Sign(kSeeds[0], message));

  const auto list = andon::ParseRevocationList(bytes);
  if (!list.ok()) return;
  andon::RevocationListJson(*list);
  const auto again = andon::IssueRevocationList(*list, kSeeds[0]);
  Require(again.ok() && *again == bytes);
}

void CheckRotation(ByteView input) {
  const auto rotation = andon::ParseKeyRotation(input);
  if (!rotation.ok()) return;
  andon::KeyRotationJson(*rotation);
  const auto again = andon::IssueKeyRotation(kSeeds[0], kSeeds[1], rotation->since);
  Require(again.ok() && andon::ParseKeyRotation(*again)->since == rotation->since);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView input(data, size);
  CheckChain(input);
  CheckList(input);
  CheckRotation(input);
  return 0;
}
