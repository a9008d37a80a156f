// Of a signed package nothing can be changed: every flipped bit, every truncation and every
// inserted byte is refused by a caller who trusts the signer.

#include "tests/core/support/exhaustive.h"

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

class SignedPackage : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Loads(file_)); }

  bool Loads(ByteView file) const { return Open(file, policy_).status.ok(); }

  const Bytes file_ = SamplePackage(kSampleSeed);
  const Policy policy_ = {.trusted = {{Ed25519PublicKeyOf(kSampleSeed), "The lab"}},
                          .allow_unsigned = false,
                          .allow_unknown_signer = false};
};

TEST_F(SignedPackage, IsSmall) { EXPECT_LT(file_.size(), 2048U); }

TEST_F(SignedPackage, EveryFlippedBitIsRefused) {
  ForEachFlippedBit(file_, [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(changed)) << change;
  });
}

TEST_F(SignedPackage, EveryTruncationIsRefused) {
  ForEachTruncation(file_, [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(changed)) << change;
  });
}

TEST_F(SignedPackage, EveryInsertedByteIsRefused) {
  ForEachInsertedByte(file_, [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(changed)) << change;
  });
}

}  // namespace
}  // namespace andon
