#include "kernels/activation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/oracle.h"
#include "tests/core/kernels/numbers.h"

namespace andon {
namespace {

// Of a probability, against an oracle of twice the precision. The exponential takes up to 1 ulp
// (float) or 2 (double); sums, the division and the rounding of the score difference take the rest.
constexpr unsigned kUlps = 4;

template <typename T>
class ActivationTest : public testing::Test {};
using BothTypes = testing::Types<float, double>;
TYPED_TEST_SUITE(ActivationTest, BothTypes);

template <typename T>
void ExpectWithinUlps(const std::vector<T>& actual, const std::vector<T>& expected, unsigned ulps) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_TRUE(WithinUlps(actual[i], expected[i], ulps))
        << actual[i] << " is not " << expected[i] << " at " << i;
  }
}

template <typename T>
void ExpectSigmoidMatches(const std::vector<T>& scores) {
  std::vector<T> actual(2 * scores.size()), expected(2 * scores.size());
  SigmoidPairs(scores.size(), scores.data(), actual.data());
  oracle::SigmoidPairs(scores.size(), scores.data(), expected.data());
  ExpectWithinUlps(actual, expected, kUlps);
}

// The difference of two scores is rounded before the exponential, which multiplies that error.
template <typename T>
void ExpectSoftmaxMatches(size_t classes, const std::vector<T>& scores, unsigned ulps = kUlps) {
  std::vector<T> actual = scores, expected = scores;
  Softmax(scores.size() / classes, classes, actual.data());
  oracle::Softmax(scores.size() / classes, classes, expected.data());
  ExpectWithinUlps(actual, expected, ulps);
}

TYPED_TEST(ActivationTest, SigmoidMatchesTheOracleAroundTheLaneCount) {
  for (unsigned rows = 0; rows <= 19; ++rows) {
    ExpectSigmoidMatches(Numbers<TypeParam>(rows, rows, 8));
  }
}

TYPED_TEST(ActivationTest, SigmoidMatchesTheOracleAtExtremeScores) {
  using Limits = std::numeric_limits<TypeParam>;
  std::vector<TypeParam> scores = {0, Limits::denorm_min(), Limits::min(), Limits::max(),
                                   Limits::infinity()};
  for (const int score : {1, 87, 89, 103, 105, 708, 745, 746, 10000}) {
    scores.push_back(static_cast<TypeParam>(score));
  }
  for (size_t i = scores.size(); i-- > 0;) scores.push_back(-scores[i]);
  scores.push_back(Limits::quiet_NaN());
  ExpectSigmoidMatches(scores);
}

TYPED_TEST(ActivationTest, SigmoidKeepsThePrecisionOfTheSmallerProbability) {
  const std::vector<TypeParam> scores = {30};
  std::vector<TypeParam> out(2);
  SigmoidPairs(1, scores.data(), out.data());
  EXPECT_NEAR(static_cast<double>(out[0]) / 9.357622968840175e-14, 1,
              1e-6);  // 1 - p would be 0 in float32
  EXPECT_TRUE(WithinUlps(out[1], static_cast<TypeParam>(1 - 9.357622968840175e-14), 1));
}

TYPED_TEST(ActivationTest, SigmoidTakesEveryAlignmentOfAnElement) {
  const auto scores = Numbers<TypeParam>(11, 5, 8);
  std::vector<TypeParam> aligned(22);
  SigmoidPairs(11, scores.data(), aligned.data());
  for (size_t skip = 0; skip < 4; ++skip) {
    std::vector<TypeParam> out(22 - skip);
    SigmoidPairs(11 - skip, scores.data() + skip, out.data() + skip);
    EXPECT_EQ(Skip(out, skip), Skip(aligned, 2 * skip));
  }
}

TYPED_TEST(ActivationTest, SoftmaxMatchesTheOracleAroundTheLaneCount) {
  for (unsigned rows = 0; rows <= 9; ++rows) {
    for (unsigned classes = 1; classes <= 9; ++classes) {
      ExpectSoftmaxMatches(classes, Numbers<TypeParam>(rows * classes, rows, 1));
    }
  }
}

TYPED_TEST(ActivationTest, SoftmaxMatchesTheOracleOverAThousandClasses) {
  ExpectSoftmaxMatches(1000, Numbers<TypeParam>(3000, 7, 1), 64);
}

TYPED_TEST(ActivationTest, SoftmaxNeitherOverflowsNorUnderflows) {
  ExpectSoftmaxMatches<TypeParam>(3,
                                  {1e4, -1e4, 0, -1e4, -1e4, -1e4, 1e4, 1e4, 1e4, 0, -100, -103});
}

TYPED_TEST(ActivationTest, SoftmaxGivesDenormalProbabilities) {
  constexpr TypeParam kLow = sizeof(TypeParam) == 4 ? -95 : -730;
  ExpectSoftmaxMatches<TypeParam>(2, {0, kLow});
}

TYPED_TEST(ActivationTest, SoftmaxGivesNoProbabilityToMinusInfinity) {
  std::vector<TypeParam> scores = {0, -kInfinity<TypeParam>, 0};
  Softmax(1, 3, scores.data());
  EXPECT_EQ(scores, (std::vector<TypeParam>{0.5, 0, 0.5}));
}

TYPED_TEST(ActivationTest, SoftmaxGivesNaNForRowsWithNaNOrInfinityAndForNoOthers) {
  for (const TypeParam odd : {kNaN<TypeParam>, kInfinity<TypeParam>}) {
    for (size_t at = 6; at < 9; ++at) {  // in row 2 of 5
      auto scores = Numbers<TypeParam>(15, 3);
      scores[at] = odd;
      Softmax(5, 3, scores.data());
      for (size_t i = 0; i < 15; ++i) EXPECT_EQ(std::isnan(scores[i]), i / 3 == 2) << i;
    }
  }
}

TYPED_TEST(ActivationTest, SoftmaxGivesNaNForARowOfMinusInfinity) {
  std::vector<TypeParam> scores(2, -kInfinity<TypeParam>);
  Softmax(1, 2, scores.data());
  EXPECT_TRUE(std::isnan(scores[0]) && std::isnan(scores[1]));
}

}  // namespace
}  // namespace andon
