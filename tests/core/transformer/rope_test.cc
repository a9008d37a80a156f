// Frequencies against what the papers and the models' own code say, computed here once more.

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "transformer/config.h"

namespace andon {
namespace {

RopeConfig Base() {
  RopeConfig rope;
  rope.base = 500'000;
  rope.dimensions = 64;
  return rope;
}

double Plain(uint32_t i) { return 1 / std::pow(500'000, i / 32.0); }

TEST(Rope, PlainFrequenciesFallGeometrically) {
  const auto frequencies = RopeFrequencies(Base());
  ASSERT_EQ(frequencies.size(), 32u);
  EXPECT_EQ(frequencies[0], 1);
  for (uint32_t i = 0; i < 32; ++i) EXPECT_NEAR(frequencies[i] / Plain(i), 1, 1e-12);
}

TEST(Rope, LinearScalingSlowsAllAlike) {
  RopeConfig rope = Base();
  rope.scaling = RopeScaling::kLinear;
  rope.factor = 4;
  const auto frequencies = RopeFrequencies(rope);
  for (uint32_t i = 0; i < 32; ++i) EXPECT_NEAR(frequencies[i] * 4 / Plain(i), 1, 1e-12);
}

TEST(Rope, NtkScalingKeepsTheFirstAndSlowsTheLastByTheFactor) {
  RopeConfig rope = Base();
  rope.scaling = RopeScaling::kNtk;
  rope.factor = 8;
  const auto frequencies = RopeFrequencies(rope);
  EXPECT_EQ(frequencies[0], 1);
  EXPECT_NEAR(frequencies[31] * 8 / Plain(31), 1, 1e-12);
}

TEST(Rope, NtkScalingOfOnePairIsNone) {
  RopeConfig rope = Base();
  rope.scaling = RopeScaling::kNtk;
  rope.factor = 8;
  rope.dimensions = 2;
  EXPECT_EQ(RopeFrequencies(rope), std::vector<double>{1});
}

// Llama 3.1: factor 8, low 1, high 4, original context 8,192.
TEST(Rope, Llama3ScalingKeepsShortWavesAndSlowsLongOnes) {
  RopeConfig rope = Base();
  rope.scaling = RopeScaling::kLlama3;
  rope.factor = 8;
  rope.original_context = 8192;
  const auto frequencies = RopeFrequencies(rope);
  int kept = 0, slowed = 0, between = 0;
  for (uint32_t i = 0; i < 32; ++i) {
    const double wave = 2 * std::numbers::pi / Plain(i);
    const double ratio = frequencies[i] / Plain(i);
    if (wave < 2048) {
      EXPECT_NEAR(ratio, 1, 1e-12);
      ++kept;
    } else if (wave > 8192) {
      EXPECT_NEAR(ratio, 1.0 / 8, 1e-12);
      ++slowed;
    } else {
      const double smooth = (8192 / wave - 1) / 3;
      EXPECT_NEAR(ratio, (1 - smooth) / 8 + smooth, 1e-12);
      ++between;
    }
  }
  EXPECT_GT(kept, 0);
  EXPECT_GT(slowed, 0);
  EXPECT_GT(between, 0);
}

// YaRN's ramp runs over dimensions, from those that turn 32 times within the original context to
// those that turn once.
TEST(Rope, YarnScalingKeepsFastDimensionsAndSlowsSlowOnes) {
  RopeConfig rope = Base();
  rope.scaling = RopeScaling::kYarn;
  rope.factor = 4;
  rope.original_context = 32'768;
  const auto frequencies = RopeFrequencies(rope);
  const auto turns = [](uint32_t i) { return 32'768 * Plain(i) / (2 * std::numbers::pi); };
  double last_ratio = 1;
  int between = 0;
  for (uint32_t i = 0; i < 32; ++i) {
    const double ratio = frequencies[i] / Plain(i);
    EXPECT_LE(ratio, last_ratio + 1e-12);
    last_ratio = ratio;
    if (i + 1 < 32 && turns(i + 1) > 32) EXPECT_NEAR(ratio, 1, 1e-12) << i;
    if (i > 0 && turns(i - 1) < 1) EXPECT_NEAR(ratio, 0.25, 1e-12) << i;
    if (ratio < 0.999 && ratio > 0.251) ++between;
  }
  EXPECT_GT(between, 3);
}

TEST(Rope, FactorsOfTheFileDivide) {
  RopeConfig rope = Base();
  rope.frequency_factors.assign(32, 1);
  rope.frequency_factors[3] = 5;
  const auto frequencies = RopeFrequencies(rope);
  EXPECT_NEAR(frequencies[3] * 5 / Plain(3), 1, 1e-12);
  EXPECT_NEAR(frequencies[4] / Plain(4), 1, 1e-12);
}

}  // namespace
}  // namespace andon
