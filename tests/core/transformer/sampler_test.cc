#include "transformer/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace andon {
namespace {

using Logits = std::vector<float>;

std::set<uint32_t> TokensDrawn(const SamplerOptions& options, const Logits& logits,
                               int draws = 2000) {
  Sampler sampler(options);
  std::set<uint32_t> drawn;
  for (int i = 0; i < draws; ++i) {
    Logits copy = logits;
    drawn.insert(sampler.Next(copy));
  }
  return drawn;
}

// Probabilities 1/2, 1/4, 1/8, 1/8.
const Logits kHalves = {std::log(0.125F), std::log(0.5F), std::log(0.125F), std::log(0.25F)};

SamplerOptions Plain() { return {.temperature = 1, .penalty_window = 0, .seed = 7}; }

TEST(Sampler, GreedyTakesTheLowestOfEqualTokens) {
  Sampler sampler({});
  Logits logits = {1, 3, 3, 2};
  EXPECT_EQ(sampler.Next(logits), 1U);
}

TEST(Sampler, DrawsInProportionToProbabilities) {
  Sampler sampler(Plain());
  std::map<uint32_t, int> counts;
  for (int i = 0; i < 40'000; ++i) {
    Logits logits = kHalves;
    ++counts[sampler.Next(logits)];
  }
  EXPECT_NEAR(counts[1], 20'000, 600);
  EXPECT_NEAR(counts[3], 10'000, 500);
  EXPECT_NEAR(counts[0], 5'000, 400);
  EXPECT_NEAR(counts[2], 5'000, 400);
}

TEST(Sampler, TheSameSeedGivesTheSameTokens) {
  const auto run = [](uint64_t seed) {
    SamplerOptions options = Plain();
    options.seed = seed;
    Sampler sampler(options);
    std::vector<uint32_t> tokens;
    for (int i = 0; i < 64; ++i) {
      Logits logits = kHalves;
      tokens.push_back(sampler.Next(logits));
    }
    return tokens;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(Sampler, TopKKeepsTheMostProbable) {
  SamplerOptions options = Plain();
  options.top_k = 2;
  EXPECT_EQ(TokensDrawn(options, kHalves), (std::set<uint32_t>{1, 3}));
}

TEST(Sampler, TopPKeepsTheSmallestSetThatReachesIt) {
  SamplerOptions options = Plain();
  options.top_p = 0.6F;
  EXPECT_EQ(TokensDrawn(options, kHalves), (std::set<uint32_t>{1, 3}));
  options.top_p = 0.4F;
  EXPECT_EQ(TokensDrawn(options, kHalves), (std::set<uint32_t>{1}));
}

TEST(Sampler, MinPDropsWhatIsLessThanAShareOfTheMostProbable) {
  SamplerOptions options = Plain();
  options.min_p = 0.4F;
  EXPECT_EQ(TokensDrawn(options, kHalves), (std::set<uint32_t>{1, 3}));
}

TEST(Sampler, TypicalKeepsTokensWhoseSurpriseIsNearTheEntropy) {
  SamplerOptions options = Plain();
  options.typical_p = 0.2F;  // entropy 1.75 bits: 2 bits (token 3) is nearest
  EXPECT_EQ(TokensDrawn(options, kHalves), (std::set<uint32_t>{3}));
}

TEST(Sampler, ALowTemperatureSharpens) {
  SamplerOptions options = Plain();
  options.temperature = 0.01F;
  EXPECT_EQ(TokensDrawn(options, kHalves), (std::set<uint32_t>{1}));
}

TEST(Sampler, BiasOfMinusInfinityBans) {
  SamplerOptions options = Plain();
  options.logit_bias = {{1, -INFINITY}};
  EXPECT_FALSE(TokensDrawn(options, kHalves).contains(1));
}

TEST(Sampler, RepetitionPenaltyDividesPositiveAndMultipliesNegativeLogits) {
  Sampler sampler({.repetition_penalty = 2});
  sampler.Accept(0);
  sampler.Accept(1);
  Logits logits = {3, -1, 0};
  sampler.Next(logits);
  EXPECT_EQ(logits, (Logits{1.5F, -2, 0}));
}

TEST(Sampler, PresenceAndFrequencyPenaltiesSubtract) {
  Sampler sampler({.presence_penalty = 0.5F, .frequency_penalty = 0.25F});
  sampler.Accept(2);
  sampler.Accept(2);
  Logits logits = {0, 0, 4};
  sampler.Next(logits);
  EXPECT_EQ(logits, (Logits{0, 0, 3}));
}

TEST(Sampler, OnlyTheWindowCountsAsSeen) {
  Sampler sampler({.presence_penalty = 1, .penalty_window = 1});
  sampler.Accept(0);
  sampler.Accept(1);
  Logits logits = {5, 5, 0};
  sampler.Next(logits);
  EXPECT_EQ(logits, (Logits{5, 4, 0}));
}

TEST(Sampler, ARestoredStateContinuesIdentically) {
  SamplerOptions options = Plain();
  options.penalty_window = 8;
  options.frequency_penalty = 0.1F;
  Sampler first(options);
  const auto draw = [](Sampler& sampler) {
    Logits logits = kHalves;
    return sampler.Next(logits);
  };
  for (int i = 0; i < 20; ++i) draw(first);
  Sampler second(options);
  second.Restore(first.Save());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(draw(first), draw(second));
}

TEST(Sampler, LogProbabilitiesAreTheModelsOwn) {
  const auto top = MostProbable(kHalves, 2);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].token, 1U);
  EXPECT_NEAR(top[0].log_probability, std::log(0.5F), 1e-6);
  EXPECT_EQ(top[1].token, 3U);
  EXPECT_NEAR(LogProbability(kHalves, 0), std::log(0.125F), 1e-6);
}

class RefusedSampler : public ::testing::TestWithParam<SamplerOptions> {};

TEST_P(RefusedSampler, IsAnInvalidArgument) {
  EXPECT_EQ(CheckSampler(GetParam(), 10).code(), ErrorCode::kInvalidArgument);
}
constexpr float kNan = std::numeric_limits<float>::quiet_NaN(),
                kInfinity = std::numeric_limits<float>::infinity();
INSTANTIATE_TEST_SUITE_P(
    Options, RefusedSampler,
    ::testing::Values(
        SamplerOptions{.temperature = -1}, SamplerOptions{.temperature = kNan},
        SamplerOptions{.temperature = kInfinity}, SamplerOptions{.top_p = -0.1F},
        SamplerOptions{.top_p = 1.1F}, SamplerOptions{.top_p = kNan}, SamplerOptions{.min_p = 2},
        SamplerOptions{.typical_p = -1}, SamplerOptions{.repetition_penalty = 0},
        SamplerOptions{.repetition_penalty = kInfinity}, SamplerOptions{.presence_penalty = kNan},
        SamplerOptions{.frequency_penalty = kInfinity}, SamplerOptions{.logit_bias = {{10, 0.0F}}},
        SamplerOptions{.logit_bias = {{1, kInfinity}}}, SamplerOptions{.logit_bias = {{1, kNan}}}));

TEST(Sampler, EveryOptionWithinItsRangeIsTaken) {
  EXPECT_TRUE(CheckSampler({}, 10).ok());
  EXPECT_TRUE(CheckSampler({.temperature = 2,
                            .top_k = 3,
                            .top_p = 0,
                            .min_p = 1,
                            .typical_p = 0.5F,
                            .repetition_penalty = 1.1F,
                            .presence_penalty = -1,
                            .frequency_penalty = 1,
                            .logit_bias = {{9, -kInfinity}}},
                           10)
                  .ok());
}

}  // namespace
}  // namespace andon
