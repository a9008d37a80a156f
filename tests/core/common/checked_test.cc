// The bounds themselves; proofs/ covers all other values.

#include "common/checked.h"

#include <gtest/gtest.h>

namespace {

constexpr uint64_t kMax = UINT64_MAX;
constexpr uint64_t kUntouched = 7;

TEST(Checked, SumIsRefusedFromTheFirstThatDoesNotFit) {
  uint64_t out = 0;
  EXPECT_TRUE(andon_checked_add(kMax - 1, 1, &out));
  EXPECT_EQ(out, kMax);
  out = kUntouched;
  EXPECT_FALSE(andon_checked_add(kMax, 1, &out));
  EXPECT_FALSE(andon_checked_add(1, kMax, &out));
  EXPECT_FALSE(andon_checked_add(kMax, kMax, &out));
  EXPECT_EQ(out, kUntouched);
}

TEST(Checked, ProductIsRefusedFromTheFirstThatDoesNotFit) {
  uint64_t out = 0;
  EXPECT_TRUE(andon_checked_mul(0xFFFFFFFF, 0x100000001, &out));
  EXPECT_EQ(out, kMax);
  EXPECT_TRUE(andon_checked_mul(kMax, 0, &out));
  EXPECT_EQ(out, 0u);
  EXPECT_TRUE(andon_checked_mul(0, kMax, &out));
  EXPECT_EQ(out, 0u);
  out = kUntouched;
  EXPECT_FALSE(andon_checked_mul(uint64_t{1} << 32, uint64_t{1} << 32, &out));
  EXPECT_FALSE(andon_checked_mul(kMax, 2, &out));
  EXPECT_FALSE(andon_checked_mul(kMax, kMax, &out));
  EXPECT_EQ(out, kUntouched);
}

TEST(Checked, AlignmentRoundsUp) {
  uint64_t out = 0;
  for (const auto& [value, aligned] :
       {std::pair<uint64_t, uint64_t>{0, 0}, {1, 64}, {63, 64}, {64, 64}, {65, 128}}) {
    EXPECT_TRUE(andon_checked_align(value, 64, &out));
    EXPECT_EQ(out, aligned);
  }
  EXPECT_TRUE(andon_checked_align(kMax, 1, &out));
  EXPECT_EQ(out, kMax);
  EXPECT_TRUE(andon_checked_align(kMax - 63, 64, &out));
  EXPECT_EQ(out, kMax - 63);
  out = kUntouched;
  EXPECT_FALSE(andon_checked_align(kMax - 62, 64, &out));
  EXPECT_EQ(out, kUntouched);
}

TEST(Checked, RangeReachesExactlyToTheEnd) {
  EXPECT_TRUE(andon_range_contains(10, 0, 10));
  EXPECT_TRUE(andon_range_contains(10, 4, 6));
  EXPECT_TRUE(andon_range_contains(10, 10, 0));
  EXPECT_TRUE(andon_range_contains(0, 0, 0));
  EXPECT_FALSE(andon_range_contains(10, 4, 7));
  EXPECT_FALSE(andon_range_contains(10, 11, 0));
}

TEST(Checked, RangeDoesNotWrapAround) {
  EXPECT_FALSE(andon_range_contains(10, 5, kMax));
  EXPECT_FALSE(andon_range_contains(10, kMax, 5));
  EXPECT_FALSE(andon_range_contains(kMax, kMax, 1));
  EXPECT_TRUE(andon_range_contains(kMax, 0, kMax));
}

}  // namespace
