#include "kernels/rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/kernels/numbers.h"

namespace andon {
namespace {

double Wide(float x) { return static_cast<double>(x); }

void ExpectNear(const std::vector<double>& expected, const std::vector<float>& actual,
                double tolerance) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(expected[i], Wide(actual[i]), tolerance) << i;
}

constexpr size_t kWidths[] = {1, 3, 4, 15, 16, 17, 40, 128};

TEST(Rows, RmsNormDividesByTheRootOfTheMeanSquare) {
  for (const size_t width : kWidths) {
    std::vector<float> x = Numbers<float>(2 * width, 1, 4);
    const std::vector<float> weight = Numbers<float>(width, 2);
    std::vector<double> expected;
    for (size_t r = 0; r < 2; ++r) {
      double squares = 0;
      for (size_t i = 0; i < width; ++i) squares += Wide(x[r * width + i]) * Wide(x[r * width + i]);
      const double scale = 1 / std::sqrt(squares / static_cast<double>(width) + 1e-3);
      for (size_t i = 0; i < width; ++i)
        expected.push_back(Wide(x[r * width + i]) * scale * Wide(weight[i]));
    }
    std::vector<float> to(x.size());
    RmsNorm(x.data(), weight.data(), 1e-3F, 2, width, to.data());
    ExpectNear(expected, to, 1e-5);
    RmsNorm(x.data(), weight.data(), 1e-3F, 2, width, x.data());
    EXPECT_EQ(to, x) << "in place";
  }
}

TEST(Rows, SwiGluIsGateTimesItsSigmoidTimesUp) {
  for (const size_t width : kWidths) {
    std::vector<float> gate = Numbers<float>(width, 3, 20);
    gate[0] = -100;  // e^100 would be infinite
    const std::vector<float> up = Numbers<float>(width, 4, 3);
    std::vector<double> expected;
    for (size_t i = 0; i < width; ++i) {
      expected.push_back(Wide(gate[i]) / (1 + std::exp(-Wide(gate[i]))) * Wide(up[i]));
    }
    SwiGlu(gate.data(), up.data(), width);
    ExpectNear(expected, gate, 1e-5);
  }
}

TEST(Rows, AddRowsAdds) {
  std::vector<float> to = {1, 2, 3, 4, 5};
  const std::vector<float> x = {10, 20, 30, 40, 50};
  AddRows(x.data(), x.size(), to.data());
  EXPECT_EQ((std::vector<float>{11, 22, 33, 44, 55}), to);
}

TEST(Rows, AttentionScoresAreScaledProductsWithEachKey) {
  for (const size_t width : kWidths) {
    for (const size_t positions : {1u, 3u, 4u, 5u, 9u}) {
      const size_t stride = width + 3;
      const std::vector<float> query = Numbers<float>(width, 5),
                               keys = Numbers<float>(positions * stride, 6);
      std::vector<double> expected;
      for (size_t p = 0; p < positions; ++p) {
        double sum = 0;
        for (size_t i = 0; i < width; ++i) sum += Wide(query[i]) * Wide(keys[p * stride + i]);
        expected.push_back(0.5 * sum);
      }
      std::vector<float> scores(positions);
      AttentionScores(query.data(), keys.data(), stride, positions, width, 0.5F, scores.data());
      ExpectNear(expected, scores, 1e-5);
    }
  }
}

TEST(Rows, ScoreOfAKeyDoesNotDependOnTheKeysBesideIt) {
  const std::vector<float> query = Numbers<float>(37, 7), keys = Numbers<float>(7 * size_t{37}, 8);
  std::vector<float> together(7), alone(1);
  AttentionScores(query.data(), keys.data(), 37, 7, 37, 1, together.data());
  for (size_t p = 0; p < 7; ++p) {
    AttentionScores(query.data(), &keys[p * 37], 37, 1, 37, 1, alone.data());
    EXPECT_EQ(alone[0], together[p]) << p;
  }
}

TEST(Rows, WeightedSumIsOfAllValues) {
  for (const size_t width : kWidths) {
    for (const size_t positions : {0u, 1u, 4u, 7u}) {
      const size_t stride = width + 1;
      const std::vector<float> weights = Numbers<float>(positions, 9),
                               values = Numbers<float>(positions * stride, 10);
      std::vector<double> expected(width);
      for (size_t p = 0; p < positions; ++p) {
        for (size_t i = 0; i < width; ++i)
          expected[i] += Wide(weights[p]) * Wide(values[p * stride + i]);
      }
      std::vector<float> to(width, kNaN<float>);
      WeightedSum(weights.data(), values.data(), stride, positions, width, to.data());
      ExpectNear(expected, to, 1e-5);
    }
  }
}

}  // namespace
}  // namespace andon
