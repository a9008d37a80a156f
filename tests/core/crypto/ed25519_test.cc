#include "crypto/ed25519.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "common/json.h"
#include "tests/core/support/files.h"
#include "tests/core/support/hex.h"

namespace andon {
namespace {

template <typename Array>
Array ArrayOf(std::string_view hex) {
  Array array{};
  const Bytes bytes = FromHex(hex);
  EXPECT_EQ(bytes.size(), array.size());
  std::ranges::copy_n(bytes.begin(), static_cast<ptrdiff_t>(array.size()), array.begin());
  return array;
}

bool Verify(std::string_view key, std::string_view message, std::string_view signature) {
  return Ed25519Verify(ArrayOf<Ed25519PublicKey>(key), FromHex(message),
                       ArrayOf<Ed25519Signature>(signature));
}

struct Vector {
  const char *seed, *key, *message, *signature;
};

// RFC 8032, section 7.1: tests 1, 2, 3 and SHA(abc).
constexpr Vector kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

TEST(Ed25519, VectorsOfRfc8032) {
  for (const Vector& vector : kRfc8032) {
    const auto seed = ArrayOf<Ed25519Seed>(vector.seed);
    const auto key = ArrayOf<Ed25519PublicKey>(vector.key);
    const auto signature = ArrayOf<Ed25519Signature>(vector.signature);
    const Bytes message = FromHex(vector.message);
    EXPECT_EQ(Ed25519PublicKeyOf(seed), key);
    EXPECT_EQ(Ed25519Sign(seed, message), signature);
    EXPECT_TRUE(Ed25519Verify(key, message, signature));
  }
}

TEST(Ed25519, AnyFlippedBitIsRefused) {
  const Vector& vector = kRfc8032[2];
  const auto flip = [](auto bytes, size_t bit) {
    bytes[bit / 8] = static_cast<uint8_t>(bytes[bit / 8] ^ (1u << bit % 8));
    return bytes;
  };
  const auto key = ArrayOf<Ed25519PublicKey>(vector.key);
  const auto signature = ArrayOf<Ed25519Signature>(vector.signature);
  const Bytes message = FromHex(vector.message);
  for (size_t bit = 0; bit < 8 * key.size(); ++bit)
    EXPECT_FALSE(Ed25519Verify(flip(key, bit), message, signature)) << bit;
  for (size_t bit = 0; bit < 8 * message.size(); ++bit)
    EXPECT_FALSE(Ed25519Verify(key, flip(message, bit), signature)) << bit;
  for (size_t bit = 0; bit < 8 * signature.size(); ++bit)
    EXPECT_FALSE(Ed25519Verify(key, message, flip(signature, bit))) << bit;
}

TEST(Ed25519, SignatureOfAnotherMessageOrKeyIsRefused) {
  const Vector &one = kRfc8032[0], &two = kRfc8032[1];
  EXPECT_FALSE(Verify(one.key, two.message, one.signature));
  EXPECT_FALSE(Verify(two.key, one.message, one.signature));
  EXPECT_FALSE(Verify(one.key, one.message, two.signature));
}

TEST(Ed25519, ScalarThatIsNotReducedIsRefused) {
  // S + L of RFC 8032's first signature verifies wherever S is not checked to be below L.
  EXPECT_FALSE(Verify(kRfc8032[0].key, "",
                      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                      "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b"));
}

// Keys and R of small order, and their non-canonical encodings: with S = 0 each would sign
// anything.
TEST(Ed25519, SmallOrderIsRefused) {
  const std::string zeros(64, '0');
  for (const std::string point : {
           "0100000000000000000000000000000000000000000000000000000000000000",
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0000000000000000000000000000000000000000000000000000000000000080",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
       }) {
    EXPECT_FALSE(Verify(point, "61", point + zeros)) << point;
    EXPECT_FALSE(Verify(kRfc8032[0].key, "", point + zeros)) << point;
  }
}

// ZIP 215 accepts every pair of these 14 encodings of small order as key and R, with S = 0, under
// any message. Its test vectors are those 196, under "Zcash".
TEST(Ed25519, NoneOfThe196OdditiesOfZip215IsAccepted) {
  constexpr std::string_view kEncodings[] = {
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000080",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "0100000000000000000000000000000000000000000000000000000000000080",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  };
  size_t cases = 0;
  for (const std::string_view key : kEncodings) {
    for (const std::string_view r : kEncodings) {
      EXPECT_FALSE(Verify(key, "5a63617368", std::string(r) + std::string(64, '0')));
      ++cases;
    }
  }
  EXPECT_EQ(cases, 196u);
}

TEST(Ed25519, KeyThatIsNoPointIsRefused) {
  EXPECT_FALSE(Verify("0200000000000000000000000000000000000000000000000000000000000000", "",
                      kRfc8032[0].signature));
}

TEST(Ed25519, WycheproofAgreesInAll151Cases) {
  const auto folder = SharedFolder("data/crypto/wycheproof");
  if (!folder) return;
  const auto file = ReadFile(*folder / "ed25519_test.json");
  ASSERT_TRUE(file);
  const auto json = ParseJson(*file, "wycheproof");
  ASSERT_TRUE(json.ok()) << json.status().message();
  size_t agreed = 0;
  for (const Json& group : json->at("testGroups")) {
    const std::string key = group.at("publicKey").at("pk");
    for (const Json& test : group.at("tests")) {
      const std::string signature = test.at("sig");
      // A signature of another length has no place in the type.
      const bool accepted =
          signature.size() == 128 && Verify(key, std::string(test.at("msg")), signature);
      EXPECT_EQ(accepted, test.at("result") == "valid") << test.dump();
      agreed += accepted == (test.at("result") == "valid");
    }
  }
  EXPECT_EQ(agreed, 151u);
}

// "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko; 2020), table 5: libsodium's row.
TEST(Ed25519, SpeccheckAcceptsCase3Alone) {
  const auto folder = SharedFolder("data/crypto/speccheck");
  if (!folder) return;
  const auto file = ReadFile(*folder / "cases.json");
  ASSERT_TRUE(file);
  const auto cases = ParseJson(*file, "speccheck");
  ASSERT_TRUE(cases.ok()) << cases.status().message();
  ASSERT_EQ(cases->size(), 12u);
  for (size_t i = 0; i < cases->size(); ++i) {
    const Json& test = cases->at(i);
    EXPECT_EQ(Verify(std::string(test.at("pub_key")), std::string(test.at("message")),
                     std::string(test.at("signature"))),
              i == 3)
        << i;
  }
}

}  // namespace
}  // namespace andon
