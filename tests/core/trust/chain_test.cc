#include "trust/chain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/trust/people.h"

namespace andon {
namespace {

const Ed25519PublicKey kSigner = Ed25519PublicKeyOf(kSignerSeed);

ErrorCode CodeOf(const std::vector<Certificate>& chain) {
  return CheckChain(chain, kSigner).code();
}

Certificate SelfIssued(Certificate request, const Ed25519Seed& seed) {
  request.subject = Ed25519PublicKeyOf(seed);
  return Issued(request, seed);
}

// Of the good chain, with one certificate issued with other content.
struct Requests {
  Certificate signer = SignerRequest(), ca = CaRequest(), root = RootRequest();

  std::vector<Certificate> Chain() const {
    return {Issued(signer, kCaSeed), Issued(ca, kRootSeed), Issued(root, kRootSeed)};
  }
};

TEST(Chain, GoodChainsAreAccepted) {
  EXPECT_EQ(CodeOf(GoodChain()), ErrorCode::kOk);
  EXPECT_EQ(CodeOf(LongestChain()), ErrorCode::kOk);
  // The caller has the issuer's key; its certificate need not come along.
  EXPECT_EQ(CodeOf({Issued(SignerRequest(), kCaSeed)}), ErrorCode::kOk);
  EXPECT_EQ(CodeOf({Issued(SignerRequest(), kCaSeed), Issued(CaRequest(), kRootSeed)}),
            ErrorCode::kOk);
  // Signed by the root itself.
  EXPECT_EQ(CodeOf({Issued(SignerRequest(), kRootSeed), Issued(RootRequest(), kRootSeed)}),
            ErrorCode::kOk);
  // Carries a key and no more.
  EXPECT_EQ(CodeOf({SelfIssued(SignerRequest(), kSignerSeed)}), ErrorCode::kOk);
}

TEST(Chain, EmptyIsChainLength) { EXPECT_EQ(CodeOf({}), ErrorCode::kChainLength); }

TEST(Chain, OfFiveIsChainLength) {
  auto chain = LongestChain();
  chain.push_back(chain.back());
  EXPECT_EQ(CodeOf(chain), ErrorCode::kChainLength);
}

TEST(Chain, ForAnotherKeyIsChainBroken) {
  EXPECT_EQ(CheckChain(GoodChain(), Ed25519PublicKeyOf(kStrangerSeed)).code(),
            ErrorCode::kChainBroken);
}

TEST(Chain, ShuffledIsRefusedInAnyOrder) {
  auto chain = LongestChain();
  std::vector<size_t> order = {0, 1, 2, 3};
  while (std::ranges::next_permutation(order).found) {
    std::vector<Certificate> shuffled;
    for (const size_t place : order) shuffled.push_back(chain[place]);
    EXPECT_EQ(CodeOf(shuffled), ErrorCode::kChainBroken);
  }
}

TEST(Chain, WithAGapIsChainBroken) {
  auto chain = LongestChain();
  chain.erase(chain.begin() + 1);
  EXPECT_EQ(CodeOf(chain), ErrorCode::kChainBroken);
}

TEST(Chain, ForgedSignatureAtAnyPlaceIsChainBroken) {
  for (size_t place = 0; place < 4; ++place) {
    auto chain = LongestChain();
    chain[place].signature[0] ^= 1;
    EXPECT_EQ(CodeOf(chain), ErrorCode::kChainBroken) << place;
  }
}

TEST(Chain, ContentThatWasChangedAtAnyPlaceIsChainBroken) {
  for (size_t place = 0; place < 4; ++place) {
    auto chain = LongestChain();
    chain[place].name += "!";
    EXPECT_EQ(CodeOf(chain), ErrorCode::kChainBroken) << place;
  }
}

TEST(Chain, LeafThatIsNoSignerIsChainRole) {
  Certificate ca = SignerRequest(), root = SignerRequest();
  ca.role = CertificateRole::kCa;
  EXPECT_EQ(CodeOf({Issued(ca, kCaSeed)}), ErrorCode::kChainRole);
  root.role = CertificateRole::kRoot;
  EXPECT_EQ(CodeOf({SelfIssued(root, kSignerSeed)}), ErrorCode::kChainRole);
}

TEST(Chain, SignerThatIssuesIsChainRole) {
  Requests requests;
  requests.ca.role = CertificateRole::kSigner;
  requests.ca.max_path = 0;
  EXPECT_EQ(CodeOf(requests.Chain()), ErrorCode::kChainRole);
}

TEST(Chain, CaThatIssuedItselfIsChainRole) {
  Requests requests;
  requests.root.role = CertificateRole::kCa;
  EXPECT_EQ(CodeOf(requests.Chain()), ErrorCode::kChainRole);
}

TEST(Chain, RootThatSomebodyElseIssuedIsChainRole) {
  Requests requests;
  requests.ca.role = CertificateRole::kRoot;
  EXPECT_EQ(CodeOf(requests.Chain()), ErrorCode::kChainRole);
}

TEST(Chain, SelfIssuedCertificateBelowOthersIsChainRole) {
  const Certificate signer = SelfIssued(SignerRequest(), kSignerSeed);
  Certificate ca = CaRequest();
  ca.subject = kSigner;
  EXPECT_EQ(CodeOf({signer, Issued(ca, kRootSeed), Issued(RootRequest(), kRootSeed)}),
            ErrorCode::kChainRole);
}

TEST(Chain, RootTwiceIsChainRole) {
  auto chain = GoodChain();
  chain.push_back(chain.back());
  EXPECT_EQ(CodeOf(chain), ErrorCode::kChainRole);
}

TEST(Chain, MoreCasThanAllowedAreChainPath) {
  for (const bool of_root : {false, true}) {
    Certificate root = RootRequest(), ca = CaRequest();
    const auto code_with = [&](uint8_t root_path, uint8_t ca_path) {
      root.max_path = root_path;
      ca.max_path = ca_path;
      return CodeOf({Issued(SignerRequest(), kSecondCaSeed), Issued(SecondCaRequest(), kCaSeed),
                     Issued(ca, kRootSeed), Issued(root, kRootSeed)});
    };
    EXPECT_EQ(code_with(2, 1), ErrorCode::kOk);
    EXPECT_EQ(of_root ? code_with(1, 1) : code_with(2, 0), ErrorCode::kChainPath);
  }
}

TEST(Chain, LowestCaNeedsNoPath) {
  Requests requests;
  requests.ca.max_path = 0;
  requests.root.max_path = 1;
  EXPECT_EQ(CodeOf(requests.Chain()), ErrorCode::kOk);
}

TEST(Chain, WidenedScopeAtAnyPlaceIsChainScope) {
  Requests signer, ca;
  signer.signer.scope = "expert-*";
  EXPECT_EQ(CodeOf(signer.Chain()), ErrorCode::kChainScope);
  ca.ca.scope = "*";
  EXPECT_EQ(CodeOf(ca.Chain()), ErrorCode::kChainScope);
}

TEST(Chain, NarrowedScopeIsAccepted) {
  Requests requests;
  requests.root.scope = "*";
  requests.ca.scope = "expert-*";
  requests.signer.scope = "expert-acme-sql";
  EXPECT_EQ(CodeOf(requests.Chain()), ErrorCode::kOk);
}

TEST(Chain, ValidityBeyondTheIssuersIsChainValidity) {
  Requests early, late, high;
  --early.signer.not_before;
  EXPECT_EQ(CodeOf(early.Chain()), ErrorCode::kChainValidity);
  ++late.signer.not_after;
  EXPECT_EQ(CodeOf(late.Chain()), ErrorCode::kChainValidity);
  --high.root.not_after;
  EXPECT_EQ(CodeOf(high.Chain()), ErrorCode::kChainValidity);
}

}  // namespace
}  // namespace andon
