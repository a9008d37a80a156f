#include "trust/describe.h"

#include <gtest/gtest.h>

#include "common/json.h"
#include "common/limits.h"
#include "crypto/base64.h"
#include "tests/core/trust/people.h"
#include "trust/reasons.h"

namespace andon {
namespace {

Json Parsed(const std::string& text) { return *ParseJson(AsBytes(text), "test"); }

TEST(Describe, CertificatesLeafFirst) {
  auto chain = GoodChain();
  chain[1].signature[0] ^= 1;
  const Json json = Parsed(CertificatesJson(chain));
  ASSERT_EQ(json.size(), 3u);
  EXPECT_EQ(json[0]["role"], "signer");
  EXPECT_EQ(json[0]["name"], "Ada");
  EXPECT_EQ(json[0]["scope"], "expert-acme-*");
  EXPECT_EQ(json[0]["serial"], "04ab0000000000000000000000000000");
  EXPECT_EQ(json[0]["notBefore"], kNow - kYear);
  EXPECT_EQ(json[0]["notAfter"], kNow + kYear);
  EXPECT_EQ(json[0]["maxPath"], 0);
  EXPECT_EQ(json[0]["signatureHolds"], true);
  EXPECT_EQ(json[0]["issuer"], json[1]["subject"]);
  EXPECT_EQ(json[1]["role"], "ca");
  EXPECT_EQ(json[1]["maxPath"], 2);
  EXPECT_EQ(json[1]["signatureHolds"], false);
  EXPECT_EQ(json[2]["role"], "root");
  EXPECT_EQ(json[2]["issuer"], json[2]["subject"]);
}

TEST(Describe, RevocationLists) {
  const RevocationList list =
      ListOf({{.kind = RevocationKind::kSerial, .revoked_from = kNow, .id = {0xAB}},
              {.kind = RevocationKind::kKey, .reason = RevocationReason::kMalicious, .id = {}},
              {.kind = RevocationKind::kFile, .id = {0xCD}}},
             kRootSeed, 7);
  const Json json = Parsed(RevocationListJson(list));
  EXPECT_EQ(json["number"], 7);
  EXPECT_EQ(json["issued"], kNow - 3600);
  EXPECT_EQ(json["expires"], kNow + 3600);
  const Json expected =
      Json::array({Json{{"kind", "serial"},
                        {"id", "ab000000000000000000000000000000"},
                        {"reason", "unspecified"},
                        {"revokedFrom", kNow}},
                   Json{{"kind", "key"},
                        {"id", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
                        {"reason", "malicious"},
                        {"revokedFrom", 0}},
                   Json{{"kind", "file"},
                        {"id", "cd00000000000000000000000000000000000000000000000000000000000000"},
                        {"reason", "unspecified"},
                        {"revokedFrom", 0}}});
  EXPECT_EQ(json["entries"], expected);
}

TEST(Describe, KeyRotations) {
  const Json json =
      Parsed(KeyRotationJson({Ed25519PublicKeyOf(kRootSeed), Ed25519PublicKeyOf(kCaSeed), kNow}));
  EXPECT_EQ(json["from"], ToBase64(Ed25519PublicKeyOf(kRootSeed)));
  EXPECT_EQ(json["to"], ToBase64(Ed25519PublicKeyOf(kCaSeed)));
  EXPECT_EQ(json["since"], kNow);
}

TEST(Reasons, DatesAreThoseOfTheCalendar) {
  EXPECT_EQ(DateText(0), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(DateText(951'782'399), "2000-02-28 23:59:59 UTC");
  EXPECT_EQ(DateText(951'782'400), "2000-02-29 00:00:00 UTC");
  EXPECT_EQ(DateText(limits::kMaxTimeSeconds), "9999-12-31 23:59:59 UTC");
}

}  // namespace
}  // namespace andon
