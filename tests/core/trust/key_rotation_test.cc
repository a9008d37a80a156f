#include "trust/key_rotation.h"

#include <gtest/gtest.h>

#include "common/limits.h"
#include "tests/core/support/exhaustive.h"
#include "tests/core/trust/people.h"

namespace andon {
namespace {

Bytes Good() {
  auto bytes = IssueKeyRotation(kRootSeed, kCaSeed, kNow);
  EXPECT_TRUE(bytes.ok());
  return *bytes;
}

ErrorCode CodeWith(size_t offset, uint8_t value) {
  Bytes bytes = Good();
  bytes[offset] = value;
  return ParseKeyRotation(bytes).code();
}

TEST(KeyRotation, IsReadBack) {
  const auto rotation = ParseKeyRotation(Good());
  ASSERT_TRUE(rotation.ok());
  EXPECT_EQ(rotation->from, Ed25519PublicKeyOf(kRootSeed));
  EXPECT_EQ(rotation->to, Ed25519PublicKeyOf(kCaSeed));
  EXPECT_EQ(rotation->since, kNow);
}

TEST(KeyRotation, HasTheDocumentedBytes) {
  Bytes expected = {1, 0, 0, 0, 0, 0, 0, 0};
  AppendBytes(expected, Ed25519PublicKeyOf(kRootSeed));
  AppendBytes(expected, Ed25519PublicKeyOf(kCaSeed));
  AppendU64(expected, kNow);
  Bytes message(AsBytes("HLLMEXP-ROTATE-V1").begin(), AsBytes("HLLMEXP-ROTATE-V1").end());
  message.push_back(0);
  AppendBytes(message, expected);
  AppendBytes(expected, Ed25519Sign(kRootSeed, message));
  AppendBytes(expected, Ed25519Sign(kCaSeed, message));
  EXPECT_EQ(Good(), expected);
}

TEST(KeyRotation, AnyFlippedBitIsRefused) {
  ForEachFlippedBit(Good(), [](ByteView changed, const Change& change) {
    ASSERT_FALSE(ParseKeyRotation(changed).ok()) << change;
  });
}

TEST(KeyRotation, AnyOtherSizeIsMalformed) {
  Bytes bytes = Good();
  bytes.push_back(0);
  EXPECT_EQ(ParseKeyRotation(bytes).code(), ErrorCode::kRotationMalformed);
  bytes.resize(kKeyRotationBytes - 1);
  EXPECT_EQ(ParseKeyRotation(bytes).code(), ErrorCode::kRotationMalformed);
  EXPECT_EQ(ParseKeyRotation({}).code(), ErrorCode::kRotationMalformed);
}

TEST(KeyRotation, OtherVersionIsMalformed) {
  EXPECT_EQ(CodeWith(0, 2), ErrorCode::kRotationMalformed);
}

TEST(KeyRotation, ReservedBytesThatAreNotZeroAreMalformed) {
  for (size_t at = 2; at < 8; ++at) {
    EXPECT_EQ(CodeWith(at, 1), ErrorCode::kRotationMalformed) << at;
  }
}

TEST(KeyRotation, ToTheSameKeyIsMalformed) {
  EXPECT_EQ(IssueKeyRotation(kRootSeed, kRootSeed, kNow).code(), ErrorCode::kRotationMalformed);
}

TEST(KeyRotation, AfterTheYear9999IsMalformed) {
  EXPECT_TRUE(IssueKeyRotation(kRootSeed, kCaSeed, limits::kMaxTimeSeconds).ok());
  EXPECT_EQ(IssueKeyRotation(kRootSeed, kCaSeed, limits::kMaxTimeSeconds + 1).code(),
            ErrorCode::kRotationMalformed);
}

TEST(KeyRotation, WithoutTheOldKeysSignatureIsRefused) {
  EXPECT_EQ(CodeWith(80, static_cast<uint8_t>(Good()[80] ^ 1)), ErrorCode::kRotationSignature);
}

TEST(KeyRotation, WithoutTheNewKeysSignatureIsRefused) {
  EXPECT_EQ(CodeWith(144, static_cast<uint8_t>(Good()[144] ^ 1)), ErrorCode::kRotationSignature);
}

}  // namespace
}  // namespace andon
