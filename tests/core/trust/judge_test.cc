// Judge() over certificates, revocation lists, time and remembered releases.

#include <gtest/gtest.h>

#include "tests/core/trust/people.h"
#include "trust/policy.h"

namespace andon {
namespace {

struct Judged {
  ErrorCode code;
  Verdict verdict;
};

Judged JudgeFile(const Evidence& evidence, const Policy& policy) {
  Verdict verdict;
  const ErrorCode code = Judge(evidence, policy, verdict).code();
  EXPECT_FALSE(verdict.reasons.empty());
  return {code, verdict};
}

// Refused with a code and a state, whether or not unknown signers and unsigned files may load.
void ExpectRefused(const Evidence& evidence, Policy policy, ErrorCode code, TrustState trust) {
  for (const bool lenient : {false, true}) {
    policy.allow_unsigned = policy.allow_unknown_signer = lenient;
    const Judged judged = JudgeFile(evidence, policy);
    EXPECT_EQ(ErrorCodeName(judged.code), ErrorCodeName(code));
    EXPECT_EQ(TrustStateName(judged.verdict.trust), TrustStateName(trust));
  }
}

void ExpectTrusted(const Evidence& evidence, const Policy& policy) {
  const Judged judged = JudgeFile(evidence, policy);
  EXPECT_EQ(ErrorCodeName(judged.code), "Ok");
  EXPECT_EQ(judged.verdict.trust, TrustState::kTrusted);
}

TEST(Judge, TrustsAChainToARootOfTheCaller) {
  const Judged judged = JudgeFile(SignedFile(GoodChain()), Trusting(kRootSeed));
  EXPECT_EQ(judged.code, ErrorCode::kOk);
  EXPECT_EQ(judged.verdict.signature, SignatureState::kValid);
  EXPECT_EQ(judged.verdict.trust, TrustState::kTrusted);
  EXPECT_EQ(judged.verdict.signer, Ed25519PublicKeyOf(kSignerSeed));
  EXPECT_EQ(judged.verdict.signer_name, "Ada");
  EXPECT_EQ(judged.verdict.reasons,
            std::vector<std::string>{"The package is signed by 'Ada', certified by 'Acme CA', "
                                     "certified by 'Acme', whom you trust."});
}

TEST(Judge, TrustsWhateverKeyOfTheChainTheCallerTrusts) {
  for (const Ed25519Seed& seed : {kSignerSeed, kCaSeed, kRootSeed}) {
    ExpectTrusted(SignedFile(GoodChain()), Trusting(seed));
  }
  for (const Ed25519Seed& seed : {kSignerSeed, kSecondCaSeed, kCaSeed, kRootSeed}) {
    ExpectTrusted(SignedFile(LongestChain()), Trusting(seed));
  }
}

TEST(Judge, TrustsAnIssuerWhoseCertificateDoesNotComeAlong) {
  const std::vector<Certificate> chain = {Issued(SignerRequest(), kCaSeed)};
  Policy policy = Trusting(kCaSeed);
  ExpectTrusted(SignedFile(chain), policy);
  policy.trusted[0].name = "";
  EXPECT_EQ(JudgeFile(SignedFile(chain), policy).verdict.reasons[0],
            "The package is signed by 'Ada', certified by a key without a name, whom you trust.");
}

TEST(Judge, TrustsAKeyThatItsOwnCertificateCarries) {
  const Evidence evidence = SignedFile({Issued(SignerRequest(), kSignerSeed)});
  const Judged judged = JudgeFile(evidence, Trusting(kSignerSeed));
  EXPECT_EQ(judged.code, ErrorCode::kOk);
  EXPECT_EQ(judged.verdict.signer_name, "Acme");
  EXPECT_EQ(judged.verdict.reasons,
            std::vector<std::string>{"The package is signed by a key that you trust."});
}

// -- attacks

TEST(Judge, SelfSignedKeyOfAnAttackerIsUnknown) {
  Certificate request = SignerRequest();
  request.subject = Ed25519PublicKeyOf(kStrangerSeed);
  const Evidence evidence = SignedFile({Issued(request, kStrangerSeed)}, kStrangerSeed);
  EXPECT_EQ(JudgeFile(evidence, Trusting(kRootSeed)).code, ErrorCode::kSignerUnknown);
}

TEST(Judge, RootOfAnAttackerWithTheSameNameIsUnknown) {
  Certificate root = RootRequest();
  root.subject = Ed25519PublicKeyOf(kStrangerSeed);
  const std::vector<Certificate> chain = {Issued(SignerRequest(), kStrangerSeed),
                                          Issued(root, kStrangerSeed)};
  const Judged judged = JudgeFile(SignedFile(chain), Trusting(kRootSeed));
  EXPECT_EQ(judged.code, ErrorCode::kSignerUnknown);
  EXPECT_EQ(judged.verdict.trust, TrustState::kUnknown);
  EXPECT_EQ(judged.verdict.signer_name, "");

  Policy lenient = Trusting(kRootSeed);
  lenient.allow_unknown_signer = true;
  EXPECT_EQ(JudgeFile(SignedFile(chain), lenient).code, ErrorCode::kOk);
  EXPECT_EQ(JudgeFile(SignedFile(chain), lenient).verdict.trust, TrustState::kUnknown);
}

TEST(Judge, ForgedSignatureOfTheFileIsRefusedBeforeTheChain) {
  Evidence evidence = SignedFile(GoodChain());
  evidence.signature[0] ^= 1;
  ExpectRefused(evidence, Trusting(kRootSeed), ErrorCode::kSignatureInvalid, TrustState::kUnknown);
}

TEST(Judge, ForgedChainIsRefusedWhomeverTheCallerTrusts) {
  auto chain = GoodChain();
  chain[1].signature[0] ^= 1;
  for (const Ed25519Seed& seed : {kSignerSeed, kRootSeed, kStrangerSeed}) {
    ExpectRefused(SignedFile(chain), Trusting(seed), ErrorCode::kChainBroken, TrustState::kUnknown);
  }
}

TEST(Judge, KeyThatTheLeafIsNotForIsChainBroken) {
  ExpectRefused(SignedFile(GoodChain(), kStrangerSeed), Trusting(kRootSeed),
                ErrorCode::kChainBroken, TrustState::kUnknown);
}

TEST(Judge, EachRuleOfChainsIsAsked) {
  std::vector<Certificate> five = LongestChain();
  five.push_back(five.back());
  ExpectRefused(SignedFile(five), Trusting(kRootSeed), ErrorCode::kChainLength,
                TrustState::kUnknown);

  Certificate issuing_signer = CaRequest();
  issuing_signer.role = CertificateRole::kSigner;
  issuing_signer.max_path = 0;
  ExpectRefused(SignedFile({Issued(SignerRequest(), kCaSeed), Issued(issuing_signer, kRootSeed)}),
                Trusting(kRootSeed), ErrorCode::kChainRole, TrustState::kUnknown);

  Certificate short_ca = CaRequest();
  short_ca.max_path = 0;
  ExpectRefused(SignedFile({Issued(SignerRequest(), kSecondCaSeed),
                            Issued(SecondCaRequest(), kCaSeed), Issued(short_ca, kRootSeed)}),
                Trusting(kRootSeed), ErrorCode::kChainPath, TrustState::kUnknown);

  Certificate wide = SignerRequest();
  wide.scope = "*";
  ExpectRefused(SignedFile({Issued(wide, kCaSeed), Issued(CaRequest(), kRootSeed)}),
                Trusting(kRootSeed), ErrorCode::kChainScope, TrustState::kUnknown);

  Certificate durable = SignerRequest();
  durable.not_after += kYear;
  ExpectRefused(SignedFile({Issued(durable, kCaSeed), Issued(CaRequest(), kRootSeed)}),
                Trusting(kRootSeed), ErrorCode::kChainValidity, TrustState::kUnknown);
}

// -- scope over the name

TEST(Judge, NameOutsideTheCertificateIsScopeMismatch) {
  Evidence evidence = SignedFile(GoodChain());
  evidence.name = "expert-other-sql";
  ExpectRefused(evidence, Trusting(kRootSeed), ErrorCode::kScopeMismatch, TrustState::kUnknown);
}

TEST(Judge, NameOutsideTheTrustInTheKeyIsScopeMismatch) {
  for (const Ed25519Seed& seed : {kSignerSeed, kCaSeed, kRootSeed}) {
    ExpectRefused(SignedFile(GoodChain()), Trusting(seed, "expert-other-*"),
                  ErrorCode::kScopeMismatch, TrustState::kUnknown);
  }
}

TEST(Judge, UnknownSignerOutsideItsOwnScopeIsScopeMismatch) {
  Evidence evidence = SignedFile(GoodChain());
  evidence.name = "expert-other-sql";
  Policy policy = Trusting(kStrangerSeed);
  policy.allow_unknown_signer = true;
  EXPECT_EQ(JudgeFile(evidence, policy).code, ErrorCode::kScopeMismatch);
}

TEST(Judge, BareKeyOutsideItsScopeIsScopeMismatch) {
  ExpectTrusted(SignedFile({}), Trusting(kSignerSeed, "expert-acme-*"));
  ExpectRefused(SignedFile({}), Trusting(kSignerSeed, "expert-other-*"), ErrorCode::kScopeMismatch,
                TrustState::kUnknown);
}

TEST(Judge, FileWithoutANameNeedsTrustInAllNames) {
  Evidence evidence = SignedFile({});
  evidence.name = "";
  ExpectTrusted(evidence, Trusting(kSignerSeed));
  ExpectRefused(evidence, Trusting(kSignerSeed, "expert-acme-*"), ErrorCode::kScopeMismatch,
                TrustState::kUnknown);
}

TEST(Judge, AnyTrustedKeyWhoseScopeCoversTheNameVouches) {
  Policy policy = Trusting(kSignerSeed, "expert-other-*");
  policy.trusted.push_back({Ed25519PublicKeyOf(kCaSeed), "Acme CA", "expert-third-*"});
  policy.trusted.push_back({Ed25519PublicKeyOf(kRootSeed), "Acme", "expert-acme-*"});
  ExpectTrusted(SignedFile(GoodChain()), policy);
  EXPECT_EQ(JudgeFile(SignedFile({}), policy).code, ErrorCode::kScopeMismatch);

  // The same key under two names; the lower key and the first entry win.
  policy = Trusting(kSignerSeed, "expert-other-*");
  policy.trusted.push_back({Ed25519PublicKeyOf(kSignerSeed), "", "expert-acme-*"});
  policy.trusted.push_back({Ed25519PublicKeyOf(kRootSeed), "Root", "*"});
  ExpectTrusted(SignedFile(GoodChain()), policy);
  EXPECT_EQ(JudgeFile(SignedFile(GoodChain()), policy).verdict.reasons[0],
            "The package is signed by a key that you trust.");
}

// -- revocation

Revocation Revoked(RevocationKind kind, ByteView id, uint64_t from = kNow) {
  Revocation entry{.kind = kind, .reason = RevocationReason::kMalicious, .revoked_from = from};
  std::ranges::copy(id, entry.id.begin());
  return entry;
}

Revocation RevokedKey(const Ed25519Seed& seed, uint64_t from = kNow) {
  return Revoked(RevocationKind::kKey, Ed25519PublicKeyOf(seed), from);
}

Policy With(RevocationList list, const Ed25519Seed& trusted = kRootSeed) {
  Policy policy = Trusting(trusted);
  policy.lists.push_back(std::move(list));
  return policy;
}

void ExpectRevoked(const Evidence& evidence, const Policy& policy) {
  ExpectRefused(evidence, policy, ErrorCode::kRevoked, TrustState::kRevoked);
}

TEST(Judge, RevokedSerialOfAnyCertificateOfTheIssuerIsRevoked) {
  const auto chain = GoodChain();
  ExpectRevoked(SignedFile(chain),
                With(ListOf({Revoked(RevocationKind::kSerial, chain[1].serial)}, kRootSeed)));
  ExpectRevoked(SignedFile(chain),
                With(ListOf({Revoked(RevocationKind::kSerial, chain[0].serial)}, kCaSeed)));
}

TEST(Judge, SerialOfAnotherIssuerOrAnotherSerialIsNotRevoked) {
  const auto chain = GoodChain();
  ExpectTrusted(SignedFile(chain),
                With(ListOf({Revoked(RevocationKind::kSerial, chain[0].serial)}, kRootSeed)));
  ExpectTrusted(SignedFile(chain),
                With(ListOf({Revoked(RevocationKind::kSerial, Bytes{77})}, kRootSeed)));
}

TEST(Judge, AnyRevokedKeyOfTheChainIsRevoked) {
  for (const Ed25519Seed& seed : {kSignerSeed, kCaSeed, kRootSeed}) {
    ExpectRevoked(SignedFile(GoodChain()), With(ListOf({RevokedKey(seed)})));
  }
  ExpectTrusted(SignedFile(GoodChain()), With(ListOf({RevokedKey(kStrangerSeed)})));
}

TEST(Judge, RevokedFileIsRevoked) {
  ExpectRevoked(SignedFile(GoodChain()), With(ListOf({Revoked(RevocationKind::kFile, kFileHash)})));
  ExpectTrusted(SignedFile(GoodChain()),
                With(ListOf({Revoked(RevocationKind::kFile, Sha256Of({}))})));
  Evidence unhashed = SignedFile(GoodChain());
  unhashed.file_sha256.reset();
  ExpectTrusted(unhashed, With(ListOf({Revoked(RevocationKind::kFile, kFileHash)})));
}

TEST(Judge, BareKeyMayRevokeItselfAndItsFiles) {
  ExpectRevoked(SignedFile({}), With(ListOf({RevokedKey(kSignerSeed)}, kSignerSeed), kSignerSeed));
  ExpectRevoked(
      SignedFile({}),
      With(ListOf({Revoked(RevocationKind::kFile, kFileHash)}, kSignerSeed), kSignerSeed));
}

TEST(Judge, ListOfAStrangerDoesNotCount) {
  ExpectTrusted(SignedFile(GoodChain()), With(ListOf({RevokedKey(kSignerSeed)}, kStrangerSeed)));
}

TEST(Judge, RevocationIsAskedOfUnknownSignersToo) {
  Policy policy = With(ListOf({RevokedKey(kSignerSeed)}), kStrangerSeed);
  policy.allow_unknown_signer = true;
  EXPECT_EQ(JudgeFile(SignedFile(GoodChain()), policy).code, ErrorCode::kRevoked);
}

TEST(Judge, RevocationCountsFromItsTimeOn) {
  ExpectRevoked(SignedFile(GoodChain()), With(ListOf({RevokedKey(kCaSeed, kNow)})));
  ExpectTrusted(SignedFile(GoodChain()), With(ListOf({RevokedKey(kCaSeed, kNow + 1)})));
  Policy timeless = With(ListOf({RevokedKey(kCaSeed, kNow + 1)}));
  timeless.now = 0;
  ExpectRevoked(SignedFile(GoodChain()), timeless);
}

TEST(Judge, NewestListOfAnIssuerCountsAlone) {
  Policy policy = With(ListOf({RevokedKey(kCaSeed)}, kRootSeed, 1));
  policy.lists.push_back(ListOf({}, kRootSeed, 2));
  ExpectTrusted(SignedFile(GoodChain()), policy);
  std::swap(policy.lists[0].number, policy.lists[1].number);
  ExpectRevoked(SignedFile(GoodChain()), policy);
  policy.lists[0].number = policy.lists[1].number;
  ExpectRevoked(SignedFile(GoodChain()), policy);
  // A list of somebody else supersedes nothing.
  policy.lists = {ListOf({RevokedKey(kCaSeed)}, kRootSeed, 1), ListOf({}, kCaSeed, 2)};
  ExpectRevoked(SignedFile(GoodChain()), policy);
}

TEST(Judge, RevokedTellsWhoRevokedWhatAndWhy) {
  EXPECT_EQ(
      JudgeFile(SignedFile(GoodChain()), With(ListOf({RevokedKey(kCaSeed)}))).verdict.reasons[0],
      "Do not use the package: 'Acme' revoked a key of the signer as of 2027-01-15 08:00:00 "
      "UTC; it is malicious.");
}

TEST(Judge, StaleListStillRevokes) {
  RevocationList list = ListOf({RevokedKey(kCaSeed)});
  list.expires = kNow - 1;
  ExpectRevoked(SignedFile(GoodChain()), With(list));
}

TEST(Judge, StaleListIsAReasonOrAnErrorAsThePolicySays) {
  RevocationList list = ListOf({});
  list.expires = kNow;
  Policy policy = With(list);
  policy.require_fresh_lists = true;
  ExpectTrusted(SignedFile(GoodChain()), policy);

  policy.lists[0].expires = kNow - 1;
  ExpectRefused(SignedFile(GoodChain()), policy, ErrorCode::kRevocationListStale,
                TrustState::kExpired);
  policy.require_fresh_lists = false;
  ExpectTrusted(SignedFile(GoodChain()), policy);
  EXPECT_EQ(JudgeFile(SignedFile(GoodChain()), policy).verdict.reasons.size(), 2u);

  policy.require_fresh_lists = true;
  policy.now = 0;
  ExpectTrusted(SignedFile(GoodChain()), policy);
}

TEST(Judge, ListFromTheFutureRevokesAndIsNotFresh) {
  RevocationList list = ListOf({});
  list.issued = kNow + 1;
  Policy policy = With(list);
  ExpectTrusted(SignedFile(GoodChain()), policy);
  EXPECT_EQ(JudgeFile(SignedFile(GoodChain()), policy).verdict.reasons.size(), 2u);
  policy.require_fresh_lists = true;
  ExpectRefused(SignedFile(GoodChain()), policy, ErrorCode::kRevocationListStale,
                TrustState::kExpired);
  policy.lists[0].entries.push_back(RevokedKey(kCaSeed));
  ExpectRevoked(SignedFile(GoodChain()), policy);
}

// -- validity

Policy At(uint64_t now, const Ed25519Seed& trusted = kRootSeed) {
  Policy policy = Trusting(trusted);
  policy.now = now;
  return policy;
}

TEST(Judge, CertificateHoldsFromItsFirstToItsLastSecond) {
  const Certificate leaf = SignerRequest();
  ExpectTrusted(SignedFile(GoodChain()), At(leaf.not_before));
  ExpectTrusted(SignedFile(GoodChain()), At(leaf.not_after));
}

TEST(Judge, ExpiredIsRefusedWhoeverIsTrusted) {
  const uint64_t late = SignerRequest().not_after + 1;
  ExpectRefused(SignedFile(GoodChain()), At(late), ErrorCode::kCertificateExpired,
                TrustState::kExpired);
  ExpectRefused(SignedFile(GoodChain()), At(late, kSignerSeed), ErrorCode::kCertificateExpired,
                TrustState::kExpired);
  Policy lenient = At(late, kStrangerSeed);
  lenient.allow_unknown_signer = true;
  EXPECT_EQ(JudgeFile(SignedFile(GoodChain()), lenient).code, ErrorCode::kCertificateExpired);
}

TEST(Judge, NotYetValidIsRefused) {
  ExpectRefused(SignedFile(GoodChain()), At(SignerRequest().not_before - 1),
                ErrorCode::kCertificateNotYetValid, TrustState::kExpired);
}

TEST(Judge, WithoutATimeValidityIsNotJudged) { ExpectTrusted(SignedFile(GoodChain()), At(0)); }

// -- what was accepted before

Policy Remembering(Remembered remembered) {
  Policy policy = Trusting(kRootSeed);
  policy.remembered.push_back(std::move(remembered));
  return policy;
}

TEST(Judge, OlderReleaseIsRollback) {
  ExpectTrusted(SignedFile(GoodChain()), Remembering({"expert-acme-sql", 5, true}));
  ExpectTrusted(SignedFile(GoodChain()), Remembering({"expert-acme-other", 6, true}));
  ExpectRefused(SignedFile(GoodChain()), Remembering({"expert-acme-sql", 6, true}),
                ErrorCode::kRollback, TrustState::kRollback);
}

TEST(Judge, UnsignedAfterASignedReleaseIsDowngrade) {
  const Evidence unsigned_file{.name = "expert-acme-sql", .release_counter = 9};
  ExpectRefused(unsigned_file, Remembering({"expert-acme-sql", 5, true}), ErrorCode::kDowngrade,
                TrustState::kRollback);
  Policy other = Remembering({"expert-acme-other", 5, true});
  other.allow_unsigned = true;
  EXPECT_EQ(JudgeFile(unsigned_file, other).code, ErrorCode::kOk);
}

TEST(Judge, OlderUnsignedReleaseIsRollback) {
  Policy policy = Remembering({"expert-acme-sql", 5, false});
  policy.allow_unsigned = true;
  EXPECT_EQ(JudgeFile({.name = "expert-acme-sql", .release_counter = 5}, policy).code,
            ErrorCode::kOk);
  EXPECT_EQ(JudgeFile({.name = "expert-acme-sql", .release_counter = 4}, policy).code,
            ErrorCode::kRollback);
}

// -- evidence that is parsed once the signature holds

TEST(Judge, WhatWasIdentifiedCounts) {
  Evidence evidence = SignedFile(GoodChain());
  evidence.name = "expert-unknown";
  evidence.identify = [](Evidence& identified) {
    identified.name = "expert-acme-sql";
    identified.release_counter = 6;
    return Status();
  };
  ExpectTrusted(evidence, Remembering({"expert-acme-sql", 6, true}));
  ExpectRefused(evidence, Remembering({"expert-acme-sql", 7, true}), ErrorCode::kRollback,
                TrustState::kRollback);
}

TEST(Judge, NothingIsIdentifiedWhereTheSignatureIsInvalid) {
  Evidence evidence = SignedFile(GoodChain());
  evidence.signature[0] ^= 1;
  bool identified = false;
  evidence.identify = [&identified](Evidence&) {
    identified = true;
    return Status();
  };
  EXPECT_EQ(JudgeFile(evidence, Trusting(kRootSeed)).code, ErrorCode::kSignatureInvalid);
  EXPECT_FALSE(identified);
}

TEST(Judge, UnsignedFilesAreIdentifiedFirst) {
  Evidence evidence;
  evidence.identify = [](Evidence&) { return Error(ErrorCode::kExpertMetadata, "metadata"); };
  EXPECT_EQ(JudgeFile(evidence, Trusting(kRootSeed)).code, ErrorCode::kExpertMetadata);
}

// -- the order of the checks: each wins over all that follow

TEST(Judge, FirstFailureWins) {
  Policy policy = Trusting(kRootSeed, "expert-other-*");
  policy.now = SignerRequest().not_after + 1;
  policy.remembered = {{"expert-acme-sql", 9, true}};
  policy.lists = {ListOf({RevokedKey(kCaSeed)})};
  auto chain = GoodChain();
  chain[1].signature[0] ^= 1;
  Evidence evidence = SignedFile(chain);
  evidence.signature[0] ^= 1;
  const auto code = [&] { return JudgeFile(evidence, policy).code; };

  EXPECT_EQ(code(), ErrorCode::kSignatureInvalid);
  evidence.signature[0] ^= 1;
  evidence.identify = [](Evidence&) { return Error(ErrorCode::kExpertMetadata, "metadata"); };
  EXPECT_EQ(code(), ErrorCode::kExpertMetadata);
  evidence.identify = {};
  EXPECT_EQ(code(), ErrorCode::kChainBroken);
  evidence.chain = GoodChain();
  EXPECT_EQ(code(), ErrorCode::kScopeMismatch);
  policy.trusted[0].scope = "*";
  EXPECT_EQ(code(), ErrorCode::kRevoked);
  policy.lists.clear();
  EXPECT_EQ(code(), ErrorCode::kCertificateExpired);
  policy.now = kNow;
  EXPECT_EQ(code(), ErrorCode::kRollback);
  policy.remembered.clear();
  EXPECT_EQ(code(), ErrorCode::kOk);
}

}  // namespace
}  // namespace andon
