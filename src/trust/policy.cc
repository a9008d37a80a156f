#include "trust/policy.h"

#include <algorithm>

namespace andon {
namespace {

Status JudgeUnsigned(const Policy& policy, Verdict& verdict) {
  verdict.signature = SignatureState::kNone;
  verdict.trust = TrustState::kUnknown;
  verdict.reasons.push_back("The package is not signed.");
  if (policy.allow_unsigned) return Status();
  verdict.reasons.push_back("Only signed packages may load.");
  return Error(ErrorCode::kSignatureMissing, "signature: none, and the policy requires one");
}

Status JudgeSigner(const Ed25519PublicKey& key, const Policy& policy, Verdict& verdict) {
  const auto trusted =
      std::find_if(policy.trusted.begin(), policy.trusted.end(),
                   [&key](const TrustedKey& candidate) { return candidate.key == key; });
  if (trusted != policy.trusted.end()) {
    verdict.trust = TrustState::kTrusted;
    verdict.signer_name = trusted->name;
    verdict.reasons.push_back("The package is signed by a key that you trust.");
    return Status();
  }
  verdict.trust = TrustState::kUnknown;
  verdict.reasons.push_back("The signature is valid, but its key is not among those you trust.");
  if (policy.allow_unknown_signer) return Status();
  verdict.reasons.push_back("Only packages signed by trusted keys may load.");
  return Error(ErrorCode::kSignerUnknown, "signature: the key is not among the trusted ones");
}

}  // namespace

Status JudgeSignature(const SignatureClaim* claim, ByteView message, const Policy& policy,
                      Verdict& verdict) {
  if (claim == nullptr) return JudgeUnsigned(policy, verdict);
  verdict.signer = claim->key;
  if (!Ed25519Verify(claim->key, message, claim->signature)) {
    verdict.signature = SignatureState::kInvalid;
    verdict.reasons.push_back("The signature does not match the content of the package.");
    return Error(ErrorCode::kSignatureInvalid, "signature: does not match the content");
  }
  verdict.signature = SignatureState::kValid;
  return JudgeSigner(claim->key, policy, verdict);
}

}  // namespace andon
