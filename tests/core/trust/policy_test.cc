#include "trust/policy.h"

#include <gtest/gtest.h>

namespace andon {
namespace {

constexpr Ed25519Seed kSeed = {7, 7, 7};

const Bytes kMessage = {1, 2, 3};
const Ed25519PublicKey kKey = Ed25519PublicKeyOf(kSeed);

Evidence Signed() {
  return {.key = kKey, .signature = Ed25519Sign(kSeed, kMessage), .message = kMessage};
}

// Trusts the signer alone.
Policy Strict() {
  return {.trusted = {{kKey, "The lab"}}, .allow_unsigned = false, .allow_unknown_signer = false};
}

TEST(Policy, TrustsASignerItKnows) {
  Verdict verdict;
  EXPECT_TRUE(Judge(Signed(), Strict(), verdict).ok());
  EXPECT_EQ(verdict.signature, SignatureState::kValid);
  EXPECT_EQ(verdict.trust, TrustState::kTrusted);
  EXPECT_EQ(verdict.signer, kKey);
  EXPECT_EQ(verdict.signer_name, "The lab");
  EXPECT_EQ(verdict.reasons.size(), 1U);
}

TEST(Policy, FindsTheSignerAmongSeveralKeys) {
  Policy policy = Strict();
  policy.trusted.insert(policy.trusted.begin(), {Ed25519PublicKeyOf({9}), "Somebody else"});
  Verdict verdict;
  EXPECT_TRUE(Judge(Signed(), policy, verdict).ok());
  EXPECT_EQ(verdict.signer_name, "The lab");
}

TEST(Policy, SignatureInvalidWhateverTheKey) {
  const Bytes other = {1, 2, 3, 4};
  Evidence evidence = Signed();
  evidence.message = other;
  for (const Policy& policy : {Strict(), Policy{}}) {
    Verdict verdict;
    EXPECT_EQ(Judge(evidence, policy, verdict).code(), ErrorCode::kSignatureInvalid);
    EXPECT_EQ(verdict.signature, SignatureState::kInvalid);
    EXPECT_EQ(verdict.trust, TrustState::kUnknown);
    EXPECT_EQ(verdict.signer, kKey);
    EXPECT_EQ(verdict.signer_name, "");
    EXPECT_EQ(verdict.reasons.size(), 1U);
  }
}

TEST(Policy, SignerUnknownUnlessAllowed) {
  Policy policy = Strict();
  policy.trusted[0].key = Ed25519PublicKeyOf({9});
  Verdict verdict;
  EXPECT_EQ(Judge(Signed(), policy, verdict).code(), ErrorCode::kSignerUnknown);
  EXPECT_EQ(verdict.signature, SignatureState::kValid);
  EXPECT_EQ(verdict.trust, TrustState::kUnknown);
  EXPECT_EQ(verdict.signer, kKey);
  EXPECT_EQ(verdict.signer_name, "");

  policy.allow_unknown_signer = true;
  Verdict lenient;
  EXPECT_TRUE(Judge(Signed(), policy, lenient).ok());
  EXPECT_EQ(lenient.trust, TrustState::kUnknown);
}

TEST(Policy, SignatureMissingUnlessAllowed) {
  Verdict verdict;
  EXPECT_EQ(Judge({}, Strict(), verdict).code(), ErrorCode::kSignatureMissing);
  EXPECT_EQ(verdict.signature, SignatureState::kNone);
  EXPECT_EQ(verdict.trust, TrustState::kUnknown);
  EXPECT_FALSE(verdict.signer.has_value());

  Verdict lenient;
  EXPECT_TRUE(Judge({}, Policy{}, lenient).ok());
  EXPECT_EQ(lenient.reasons, std::vector<std::string>{"The package is not signed."});

  Verdict without;
  EXPECT_TRUE(Judge({.unsigned_reason = "Such files have none."}, Policy{}, without).ok());
  EXPECT_EQ(without.reasons, std::vector<std::string>{"Such files have none."});
}

TEST(Policy, LeavesIntegrityAlone) {
  for (const Integrity integrity : {Integrity::kOk, Integrity::kCorrupt}) {
    Verdict verdict;
    verdict.integrity = integrity;
    EXPECT_EQ(Judge({}, Strict(), verdict).code(), ErrorCode::kSignatureMissing);
    EXPECT_EQ(verdict.integrity, integrity);
  }
}

TEST(Verdict, StatesHaveTheNamesOfTheApi) {
  EXPECT_EQ(IntegrityName(Integrity::kOk), "ok");
  EXPECT_EQ(IntegrityName(Integrity::kCorrupt), "corrupt");
  EXPECT_EQ(SignatureStateName(SignatureState::kNone), "none");
  EXPECT_EQ(SignatureStateName(SignatureState::kValid), "valid");
  EXPECT_EQ(SignatureStateName(SignatureState::kInvalid), "invalid");
  EXPECT_EQ(TrustStateName(TrustState::kTrusted), "trusted");
  EXPECT_EQ(TrustStateName(TrustState::kUnknown), "unknown");
  EXPECT_EQ(TrustStateName(TrustState::kExpired), "expired");
  EXPECT_EQ(TrustStateName(TrustState::kRevoked), "revoked");
  EXPECT_EQ(TrustStateName(TrustState::kRollback), "rollback");
}

}  // namespace
}  // namespace andon
