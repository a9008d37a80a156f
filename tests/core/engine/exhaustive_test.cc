// Of a signed package nothing can be changed: every flipped bit, every truncation and every
// inserted byte is refused by a caller who trusts the signer.

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
  Bytes changed = file_;
  for (size_t bit = 0; bit < changed.size() * 8; ++bit) {
    const auto mask = static_cast<uint8_t>(1 << bit % 8);
    changed[bit / 8] ^= mask;
    ASSERT_FALSE(Loads(changed)) << "bit " << bit % 8 << " of byte " << bit / 8;
    changed[bit / 8] ^= mask;
  }
}

TEST_F(SignedPackage, EveryTruncationIsRefused) {
  for (size_t size = 0; size < file_.size(); ++size) {
    ASSERT_FALSE(Loads(ByteView(file_).first(size))) << size << " bytes from the start";
    ASSERT_FALSE(Loads(ByteView(file_).last(size))) << size << " bytes from the end";
  }
}

TEST_F(SignedPackage, EveryInsertedByteIsRefused) {
  Bytes changed(file_.size() + 1);
  std::copy(file_.begin(), file_.end(), changed.begin() + 1);
  for (size_t position = 0;; ++position) {  // changed[position] is the inserted byte
    for (int value = 0; value < 256; ++value) {
      changed[position] = static_cast<uint8_t>(value);
      ASSERT_FALSE(Loads(changed)) << "value " << value << " before byte " << position;
    }
    if (position == file_.size()) break;
    changed[position] = file_[position];
  }
}

}  // namespace
}  // namespace andon
