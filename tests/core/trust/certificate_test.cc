#include "trust/certificate.h"

#include <gtest/gtest.h>

#include "common/limits.h"
#include "tests/core/trust/people.h"

namespace andon {
namespace {

constexpr size_t kRoleAt = 2, kNotBeforeAt = 84, kNotAfterAt = 92, kNameAt = 100, kScopeAt = 228;

Bytes Good() { return SerializeCertificate(Issued(SignerRequest(), kCaSeed)); }

ErrorCode CodeOf(const Bytes& bytes) { return ParseCertificate(bytes).code(); }

ErrorCode CodeWith(size_t offset, uint8_t value) {
  Bytes bytes = Good();
  bytes[offset] = value;
  return CodeOf(bytes);
}

TEST(Certificate, HasTheDocumentedBytes) {
  Certificate request = SignerRequest();
  request.role = CertificateRole::kCa;
  request.max_path = 2;
  request.not_before = 0x0102030405;
  request.not_after = 0x0102030406;
  const auto issued = IssueCertificate(request, kCaSeed);
  ASSERT_TRUE(issued.ok());
  Bytes expected = {1, 0, 2, 2};
  AppendBytes(expected, request.serial);
  AppendBytes(expected, Ed25519PublicKeyOf(kCaSeed));
  AppendBytes(expected, Ed25519PublicKeyOf(kSignerSeed));
  AppendBytes(expected, Bytes{5, 4, 3, 2, 1, 0, 0, 0, 6, 4, 3, 2, 1, 0, 0, 0});
  AppendBytes(expected, AsBytes("Ada"));
  expected.resize(kScopeAt);
  AppendBytes(expected, AsBytes("expert-acme-*"));
  expected.resize(356);
  Bytes message(AsBytes("HLLMEXP-CERT-V1").begin(), AsBytes("HLLMEXP-CERT-V1").end());
  message.push_back(0);
  AppendBytes(message, expected);
  AppendBytes(expected, Ed25519Sign(kCaSeed, message));
  EXPECT_EQ(*issued, expected);
}

TEST(Certificate, IsReadBack) {
  const Certificate request = SignerRequest();
  const Certificate issued = Issued(request, kCaSeed);
  EXPECT_EQ(issued.role, CertificateRole::kSigner);
  EXPECT_EQ(issued.max_path, 0);
  EXPECT_EQ(issued.serial, request.serial);
  EXPECT_EQ(issued.issuer, Ed25519PublicKeyOf(kCaSeed));
  EXPECT_EQ(issued.subject, request.subject);
  EXPECT_EQ(issued.not_before, request.not_before);
  EXPECT_EQ(issued.not_after, request.not_after);
  EXPECT_EQ(issued.name, "Ada");
  EXPECT_EQ(issued.scope, "expert-acme-*");
  EXPECT_TRUE(CertificateSignatureHolds(issued));
  EXPECT_EQ(SerializeCertificate(issued), Good());
}

TEST(Certificate, AnyFlippedBitIsRefusedOrBreaksTheSignature) {
  const Bytes good = Good();
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Bytes bytes = good;
    bytes[bit / 8] = static_cast<uint8_t>(bytes[bit / 8] ^ (1u << bit % 8));
    const auto parsed = ParseCertificate(bytes);
    EXPECT_TRUE(!parsed.ok() || !CertificateSignatureHolds(*parsed)) << bit;
  }
}

TEST(Certificate, AnyOtherSizeIsMalformed) {
  Bytes bytes = Good();
  bytes.push_back(0);
  EXPECT_EQ(CodeOf(bytes), ErrorCode::kCertificateMalformed);
  for (bytes.resize(kCertificateBytes - 1); !bytes.empty(); bytes.pop_back()) {
    EXPECT_EQ(CodeOf(bytes), ErrorCode::kCertificateMalformed) << bytes.size();
  }
}

TEST(Certificate, OtherVersionIsMalformed) {
  EXPECT_EQ(CodeWith(0, 0), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(CodeWith(0, 2), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(CodeWith(1, 1), ErrorCode::kCertificateMalformed);
}

TEST(Certificate, UnknownRoleIsMalformed) {
  EXPECT_EQ(CodeWith(kRoleAt, 0), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(CodeWith(kRoleAt, 4), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(CodeWith(kRoleAt, 2), ErrorCode::kOk);
}

TEST(Certificate, PathOfASignerIsMalformed) {
  EXPECT_EQ(CodeWith(3, 1), ErrorCode::kCertificateMalformed);
}

TEST(Certificate, TextThatIsEmptyIsMalformed) {
  Certificate request = SignerRequest();
  request.name = "";
  EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed);
  request = SignerRequest();
  request.scope = "";
  EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed);
}

TEST(Certificate, TextThatFillsItsFieldIsRead) {
  Certificate request = SignerRequest();
  request.name = std::string(128, 'n');
  request.scope = std::string(127, 's') + '*';
  const Certificate issued = Issued(request, kCaSeed);
  EXPECT_EQ(issued.name, request.name);
  EXPECT_EQ(issued.scope, request.scope);
}

TEST(Certificate, TextThatIsTooLongIsMalformed) {
  Certificate request = SignerRequest();
  request.name = std::string(129, 'n');
  EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed);
  request = SignerRequest();
  request.scope = std::string(129, 's');
  EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed);
}

TEST(Certificate, PaddingThatIsNotZeroIsMalformed) {
  EXPECT_EQ(CodeWith(kNameAt + 127, 'x'), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(CodeWith(kScopeAt + 127, 'x'), ErrorCode::kCertificateMalformed);
}

TEST(Certificate, TextThatIsNotUtf8OrDeceivesIsMalformed) {
  for (const char* text : {"\xFF", "a\nb",
                           "\xE2\x80\xAE"
                           "evil",
                           "zero\xE2\x80\x8Bwidth"}) {
    Certificate request = SignerRequest();
    request.name = text;
    EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed) << text;
    request = SignerRequest();
    request.scope = text;
    EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed) << text;
  }
}

TEST(Certificate, TimesThatAreReversedAreMalformed) {
  Certificate request = SignerRequest();
  request.not_after = request.not_before;
  EXPECT_TRUE(IssueCertificate(request, kCaSeed).ok());
  request.not_after = request.not_before - 1;
  EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed);
}

TEST(Certificate, TimesAfterTheYear9999AreMalformed) {
  Certificate request = SignerRequest();
  request.not_after = limits::kMaxTimeSeconds;
  EXPECT_TRUE(IssueCertificate(request, kCaSeed).ok());
  request.not_after = limits::kMaxTimeSeconds + 1;
  EXPECT_EQ(IssueCertificate(request, kCaSeed).code(), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(CodeWith(kNotBeforeAt + 7, 0xFF), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(CodeWith(kNotAfterAt + 7, 0xFF), ErrorCode::kCertificateMalformed);
}

TEST(Certificate, SignatureOfAnotherKeyDoesNotHold) {
  Certificate forged = Issued(SignerRequest(), kStrangerSeed);
  EXPECT_TRUE(CertificateSignatureHolds(forged));
  forged.issuer = Ed25519PublicKeyOf(kCaSeed);
  EXPECT_FALSE(CertificateSignatureHolds(forged));
}

TEST(Certificate, RolesHaveNames) {
  for (const auto& [role, name] : {std::pair{CertificateRole::kRoot, "root"},
                                   {CertificateRole::kCa, "ca"},
                                   {CertificateRole::kSigner, "signer"}}) {
    EXPECT_EQ(CertificateRoleName(role), name);
    EXPECT_EQ(CertificateRoleOf(name), role);
  }
  EXPECT_FALSE(CertificateRoleOf("Root"));
}

Bytes Joined(const std::vector<Certificate>& chain) {
  Bytes bytes;
  for (const Certificate& certificate : chain) {
    AppendBytes(bytes, SerializeCertificate(certificate));
  }
  return bytes;
}

TEST(ParseChain, ReadsOneToFour) {
  std::vector<Certificate> chain = LongestChain();
  for (; !chain.empty(); chain.pop_back()) {
    const auto parsed = ParseChain(Joined(chain));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(Joined(*parsed), Joined(chain));
  }
}

TEST(ParseChain, EmptyIsChainLength) { EXPECT_EQ(ParseChain({}).code(), ErrorCode::kChainLength); }

TEST(ParseChain, FiveAreChainLength) {
  std::vector<Certificate> chain = LongestChain();
  chain.push_back(chain.back());
  EXPECT_EQ(ParseChain(Joined(chain)).code(), ErrorCode::kChainLength);
}

TEST(ParseChain, PartOfACertificateIsMalformed) {
  Bytes bytes = Joined(GoodChain());
  bytes.pop_back();
  EXPECT_EQ(ParseChain(bytes).code(), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(ParseChain(Bytes{1}).code(), ErrorCode::kCertificateMalformed);
}

TEST(ParseChain, AnyMalformedCertificateIsRefused) {
  for (size_t place = 0; place < 3; ++place) {
    Bytes bytes = Joined(GoodChain());
    bytes[place * kCertificateBytes] = 9;
    EXPECT_EQ(ParseChain(bytes).code(), ErrorCode::kCertificateMalformed) << place;
  }
}

}  // namespace
}  // namespace andon
