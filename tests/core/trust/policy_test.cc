#include "trust/policy.h"

#include <gtest/gtest.h>

namespace andon {
namespace {

constexpr Ed25519Seed kSeed = {7, 7, 7};

struct Case {
  SignatureClaim claim;
  Bytes message;
  Policy strict;  // trusts the signer of the claim alone
};

Case Signed() {
  Case result;
  result.message = {1, 2, 3};
  result.claim = {Ed25519PublicKeyOf(kSeed), Ed25519Sign(kSeed, result.message)};
  result.strict = {.trusted = {{result.claim.key, "The lab"}},
                   .allow_unsigned = false,
                   .allow_unknown_signer = false};
  return result;
}

TEST(Policy, TrustsASignerItKnows) {
  const Case signed_case = Signed();
  Verdict verdict;
  EXPECT_TRUE(
      JudgeSignature(&signed_case.claim, signed_case.message, signed_case.strict, verdict).ok());
  EXPECT_EQ(verdict.signature, SignatureState::kValid);
  EXPECT_EQ(verdict.trust, TrustState::kTrusted);
  EXPECT_EQ(verdict.signer, signed_case.claim.key);
  EXPECT_EQ(verdict.signer_name, "The lab");
  EXPECT_EQ(verdict.reasons.size(), 1U);
}

TEST(Policy, FindsTheSignerAmongSeveralKeys) {
  Case signed_case = Signed();
  const TrustedKey other{Ed25519PublicKeyOf({9}), "Somebody else"};
  signed_case.strict.trusted.insert(signed_case.strict.trusted.begin(), other);
  Verdict verdict;
  EXPECT_TRUE(
      JudgeSignature(&signed_case.claim, signed_case.message, signed_case.strict, verdict).ok());
  EXPECT_EQ(verdict.signer_name, "The lab");
}

TEST(Policy, SignatureInvalidWhateverTheKey) {
  Case signed_case = Signed();
  signed_case.message.push_back(4);
  for (const Policy& policy : {signed_case.strict, Policy{}}) {
    Verdict verdict;
    EXPECT_EQ(JudgeSignature(&signed_case.claim, signed_case.message, policy, verdict).code(),
              ErrorCode::kSignatureInvalid);
    EXPECT_EQ(verdict.signature, SignatureState::kInvalid);
    EXPECT_EQ(verdict.trust, TrustState::kUnknown);
    EXPECT_EQ(verdict.signer, signed_case.claim.key);
    EXPECT_EQ(verdict.signer_name, "");
    EXPECT_EQ(verdict.reasons.size(), 1U);
  }
}

TEST(Policy, SignerUnknownUnlessAllowed) {
  Case signed_case = Signed();
  signed_case.strict.trusted[0].key = Ed25519PublicKeyOf({9});
  Verdict verdict;
  EXPECT_EQ(
      JudgeSignature(&signed_case.claim, signed_case.message, signed_case.strict, verdict).code(),
      ErrorCode::kSignerUnknown);
  EXPECT_EQ(verdict.signature, SignatureState::kValid);
  EXPECT_EQ(verdict.trust, TrustState::kUnknown);
  EXPECT_EQ(verdict.signer, signed_case.claim.key);

  signed_case.strict.allow_unknown_signer = true;
  Verdict lenient;
  EXPECT_TRUE(
      JudgeSignature(&signed_case.claim, signed_case.message, signed_case.strict, lenient).ok());
  EXPECT_EQ(lenient.trust, TrustState::kUnknown);
}

TEST(Policy, SignatureMissingUnlessAllowed) {
  Verdict verdict;
  EXPECT_EQ(JudgeSignature(nullptr, {}, Signed().strict, verdict).code(),
            ErrorCode::kSignatureMissing);
  EXPECT_EQ(verdict.signature, SignatureState::kNone);
  EXPECT_EQ(verdict.trust, TrustState::kUnknown);
  EXPECT_FALSE(verdict.signer.has_value());

  Verdict lenient;
  EXPECT_TRUE(JudgeSignature(nullptr, {}, Policy{}, lenient).ok());
  EXPECT_EQ(lenient.reasons, std::vector<std::string>{"The package is not signed."});
}

TEST(Policy, LeavesIntegrityAlone) {
  for (const Integrity integrity : {Integrity::kOk, Integrity::kCorrupt}) {
    Verdict verdict;
    verdict.integrity = integrity;
    EXPECT_EQ(JudgeSignature(nullptr, {}, Signed().strict, verdict).code(),
              ErrorCode::kSignatureMissing);
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
