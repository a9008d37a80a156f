#include "tensor/quantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/half.h"
#include "common/little_endian.h"
#include "tests/core/support/random_weights.h"

namespace andon {
namespace {

constexpr WeightType kTypes[] = {WeightType::kF32,  WeightType::kF16,  WeightType::kBF16,
                                 WeightType::kQ4_0, WeightType::kQ4_1, WeightType::kQ5_0,
                                 WeightType::kQ5_1, WeightType::kQ8_0, WeightType::kQ4_K,
                                 WeightType::kQ5_K, WeightType::kQ6_K};

// Where a block has the number of 16 bits that must be finite.
std::vector<size_t> ScalesOf(WeightType type) {
  switch (type) {
    case WeightType::kQ4_1:
    case WeightType::kQ5_1:
    case WeightType::kQ4_K:
    case WeightType::kQ5_K:
      return {0, 2};
    case WeightType::kQ6_K:
      return {208};
    default:
      return {0};
  }
}

TEST(AreFinite, BlocksOfNumbersAre) {
  RandomNumbers random(1);
  for (const WeightType type : kTypes)
    EXPECT_TRUE(AreFinite(type, RandomWeights(type, 1024, 1, random)));
}

TEST(AreFinite, EveryScaleOfEveryBlockIsLookedAt) {
  RandomNumbers random(1);
  for (const WeightType type : kTypes) {
    const WeightBlock block = WeightBlockOf(type);
    const unsigned size = type == WeightType::kF32 ? 4 : 2;
    const uint64_t nan = type == WeightType::kF32    ? 0x7FC00000
                         : type == WeightType::kBF16 ? 0x7FC0
                                                     : 0x7E00;
    const uint64_t infinity = type == WeightType::kF32    ? 0xFF800000
                              : type == WeightType::kBF16 ? 0xFF80
                                                          : 0xFC00;
    for (uint32_t i = 0; i < 3; ++i) {
      for (const size_t at : ScalesOf(type)) {
        for (const uint64_t odd : {nan, infinity}) {
          Bytes weights = RandomWeights(type, 3 * block.weights, 1, random);
          andon_store_le(weights.data() + i * block.bytes + at, size, odd);
          EXPECT_FALSE(AreFinite(type, weights)) << block.name << " " << i << " " << at;
        }
      }
    }
  }
}

std::vector<float> Widened(WeightType type, const Bytes& weights) {
  std::vector<float> numbers(weights.size() / WeightBlockOf(type).bytes);
  WidenWeights(type, weights, numbers.data());
  return numbers;
}

TEST(NarrowWeights, FloatsComeBackAsTheyWere) {
  const std::vector<float> numbers = {0, 1, -0.5F, 1024, 0.25F};
  for (const WeightType type : {WeightType::kF32, WeightType::kF16, WeightType::kBF16}) {
    Bytes narrow;
    NarrowWeights(type, numbers, narrow);
    EXPECT_EQ(narrow.size(), numbers.size() * WeightBlockOf(type).bytes);
    EXPECT_EQ(Widened(type, narrow), numbers);
  }
}

TEST(NarrowWeights, OnlyFiveTypesCanBeMade) {
  int count = 0;
  for (const WeightType type : kTypes) count += CanNarrowTo(type) ? 1 : 0;
  EXPECT_EQ(count, 5);
  EXPECT_FALSE(CanNarrowTo(WeightType::kQ6_K));
}

// 127 steps to the largest magnitude; halves are rounded away from zero.
TEST(NarrowWeights, Q8_0RoundsToTheNearestStep) {
  std::vector<float> weights(32);
  weights[0] = -127;
  weights[1] = 2.5F;
  weights[2] = -2.5F;
  weights[3] = 2.4F;
  weights[31] = 126.6F;
  Bytes block;
  NarrowWeights(WeightType::kQ8_0, weights, block);
  ASSERT_EQ(block.size(), 34u);
  EXPECT_EQ(F16ToFloat(static_cast<uint16_t>(andon_load_le(block.data(), 2))), 1);
  const auto quant = [&block](size_t i) { return static_cast<int8_t>(block[2 + i]); };
  EXPECT_EQ(quant(0), -127);
  EXPECT_EQ(quant(1), 3);
  EXPECT_EQ(quant(2), -3);
  EXPECT_EQ(quant(3), 2);
  EXPECT_EQ(quant(31), 127);
}

// The largest magnitude is -8 whatever its sign; what would be +8 becomes 7.
TEST(NarrowWeights, Q4_0TakesItsSignFromTheLargestWeight) {
  std::vector<float> weights(32);
  weights[0] = 8;
  weights[1] = -8;
  weights[16] = 1.4F;
  weights[17] = -3.6F;
  Bytes block;
  NarrowWeights(WeightType::kQ4_0, weights, block);
  ASSERT_EQ(block.size(), 18u);
  EXPECT_EQ(F16ToFloat(static_cast<uint16_t>(andon_load_le(block.data(), 2))), -1);
  EXPECT_EQ(block[2] & 15, 0);   // 8 = -1 * (0 - 8)
  EXPECT_EQ(block[3] & 15, 15);  // -7 is nearest to -8
  EXPECT_EQ(block[2] >> 4, 7);   // 1
  EXPECT_EQ(block[3] >> 4, 12);  // -4
  EXPECT_EQ(block[4] & 15, 8);   // 0
}

TEST(NarrowWeights, WeightsTooSmallForAScaleBecomeZero) {
  const std::vector<float> weights(32, std::numeric_limits<float>::denorm_min());
  for (const WeightType type : {WeightType::kQ8_0, WeightType::kQ4_0}) {
    Bytes block;
    NarrowWeights(type, weights, block);
    EXPECT_EQ(andon_load_le(block.data(), 2) & 0x7FFF, 0u);
    EXPECT_EQ(block[2], type == WeightType::kQ8_0 ? 0 : 0x88);
  }
}

TEST(NarrowWeights, ErrorsAreHalfAStepAtMost) {
  RandomNumbers random(3);
  const std::vector<float> weights =
      Widened(WeightType::kF32, RandomWeights(WeightType::kF32, 4096, 1, random));
  Bytes blocks;
  NarrowWeights(WeightType::kQ8_0, weights, blocks);
  for (size_t i = 0; i < weights.size(); ++i) {
    const uint8_t* const block = blocks.data() + i / 32 * 34;
    const float scale = F16ToFloat(static_cast<uint16_t>(andon_load_le(block, 2)));
    EXPECT_NEAR(scale * static_cast<int8_t>(block[2 + i % 32]), weights[i], scale * 0.57F);
  }
}

TEST(WeightBlock, TypesThatAreNotReadHaveNone) {
  EXPECT_FALSE(WeightBlockOf(4).has_value());
  EXPECT_EQ(WeightBlockOf(WeightType::kQ6_K).bytes, 210u);
}

}  // namespace
}  // namespace andon
