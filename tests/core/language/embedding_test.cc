#include "language/embedding.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/language/tiny_session.h"

namespace andon {
namespace {

std::vector<float> StatesOf(const LanguageModel& model, const std::vector<uint32_t>& tokens) {
  Transformer transformer(model.config(), model.weights(), model.precision(), model.pool());
  KvCache cache(model.config(), 256);
  EXPECT_TRUE(cache.Reserve(static_cast<uint32_t>(tokens.size())).ok());
  const auto states = transformer.States(tokens, cache);
  return {states.begin(), states.end()};
}

void ExpectDirection(const std::vector<float>& vector, std::vector<double> expected) {
  double squares = 0, length = 0;
  for (const double x : expected) squares += x * x;
  for (size_t i = 0; i < vector.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(vector[i]), expected[i] / std::sqrt(squares), 1e-5);
    length += static_cast<double>(vector[i]) * static_cast<double>(vector[i]);
  }
  EXPECT_NEAR(length, 1, 1e-5);
}

TEST(Embedding, OfTheLastTokenIsItsState) {
  const auto model = LoadSmall();
  for (const uint32_t count : {1u, 32u, 33u, 70u}) {
    const auto vector = Embed(*model, SomeTokens(count), Pooling::kLast);
    ASSERT_TRUE(vector.ok()) << vector.status().message();
    ASSERT_EQ(vector->size(), 64u);
    const auto states = StatesOf(*model, SomeTokens(count));
    ExpectDirection(*vector, {states.end() - 64, states.end()});
  }
}

TEST(Embedding, OfTheMeanIsThatOfAllStates) {
  const auto model = LoadSmall();
  const auto vector = Embed(*model, SomeTokens(70), Pooling::kMean);
  ASSERT_TRUE(vector.ok()) << vector.status().message();
  const auto states = StatesOf(*model, SomeTokens(70));
  std::vector<double> sum(64);
  for (size_t i = 0; i < states.size(); ++i) sum[i % 64] += static_cast<double>(states[i]);
  ExpectDirection(*vector, sum);
}

TEST(Embedding, ATextWithoutTokens) {
  EXPECT_EQ(Embed(*LoadSmall(), {}, Pooling::kLast).code(), ErrorCode::kInvalidArgument);
}

TEST(Embedding, ATokenOutsideTheVocabulary) {
  EXPECT_EQ(Embed(*LoadSmall(), std::vector<uint32_t>{100'000}, Pooling::kLast).code(),
            ErrorCode::kTokenOutOfRange);
}

TEST(Embedding, ATextLongerThanTheContext) {
  EXPECT_EQ(Embed(*LoadSmall(), SomeTokens(257), Pooling::kLast).code(), ErrorCode::kContextFull);
}

}  // namespace
}  // namespace andon
