#include "kernels/dense.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/oracle.h"
#include "tests/core/kernels/numbers.h"

namespace andon {
namespace {

template <typename RowType, typename WeightType>
struct Types {
  using Row = RowType;
  using Weight = WeightType;
};

// One dense layer with its numbers.
template <typename Types>
struct Layer {
  using Row = typename Types::Row;
  using Weight = typename Types::Weight;
  using Sum = SumOf<Row, Weight>;

  explicit Layer(const DenseShape& of, double size = 1)
      : shape(of),
        rows(Numbers<Row>(of.rows * of.features, 1, size)),
        weights(Numbers<Weight>(of.outputs * of.features, 2)),
        bias(Numbers<Weight>(of.outputs, 3)) {}

  std::vector<Sum> Run() const {
    std::vector<Sum> out(shape.rows * shape.outputs);
    Dense(shape, rows.data(), weights.data(), bias.data(), out.data());
    return out;
  }
  std::vector<Sum> Oracle() const {
    std::vector<Sum> out(shape.rows * shape.outputs);
    oracle::Dense(shape, rows.data(), weights.data(), bias.data(), out.data());
    return out;
  }
  // Rounding errors of any order of summation stay below (terms + 1) * epsilon * sum of magnitudes.
  double Tolerance(size_t row, size_t output) const {
    Sum magnitude = static_cast<Sum>(std::abs(bias[output]));
    for (size_t c = 0; c < shape.features; ++c) {
      magnitude += static_cast<Sum>(std::abs(rows[row * shape.features + c])) *
                   static_cast<Sum>(std::abs(weights[output * shape.features + c]));
    }
    const Sum terms = static_cast<Sum>(shape.features + 2);
    return static_cast<double>(terms * std::numeric_limits<Sum>::epsilon() * magnitude);
  }
  void ExpectMatch() const {
    const std::vector<Sum> actual = Run();
    const std::vector<Sum> expected = Oracle();
    for (size_t i = 0; i < shape.rows; ++i) {
      for (size_t j = 0; j < shape.outputs; ++j) {
        const size_t at = i * shape.outputs + j;
        ASSERT_NEAR(actual[at], expected[at], Tolerance(i, j))
            << shape.rows << " x " << shape.features << " -> " << shape.outputs << ", row " << i;
      }
    }
  }

  DenseShape shape;
  std::vector<Row> rows;
  std::vector<Weight> weights;
  std::vector<Weight> bias;
};

template <typename T>
class DenseTest : public testing::Test {};
using AllTypes = testing::Types<Types<float, float>, Types<float, double>, Types<double, float>,
                                Types<double, double>>;
TYPED_TEST_SUITE(DenseTest, AllTypes);

TYPED_TEST(DenseTest, MatchesTheOracleAroundTheLaneCount) {
  for (size_t rows = 0; rows <= 9; ++rows) {
    for (size_t features = 0; features <= 19; ++features) {
      for (size_t outputs = 1; outputs <= 7; ++outputs) {
        Layer<TypeParam>({rows, features, outputs}).ExpectMatch();
      }
    }
  }
}

TYPED_TEST(DenseTest, MatchesTheOracleAtLength64And1001) {
  Layer<TypeParam>({130, 64, 3}).ExpectMatch();
  Layer<TypeParam>({5, 1001, 10}).ExpectMatch();
}

TYPED_TEST(DenseTest, KeepsItsPrecisionAtLargeAndSmallMagnitudes) {
  for (const double size : {1e30, 1e4, 1e-4, 1e-30})
    Layer<TypeParam>({9, 37, 2}, size).ExpectMatch();
}

TYPED_TEST(DenseTest, TakesDenormals) {
  using Row = typename TypeParam::Row;
  Layer<TypeParam> layer({5, 9, 2});
  std::ranges::fill(layer.rows, std::numeric_limits<Row>::denorm_min());
  std::ranges::fill(layer.weights, 1);
  std::ranges::fill(layer.bias, 0);
  EXPECT_EQ(layer.Run(), layer.Oracle());
}

TYPED_TEST(DenseTest, TakesEveryAlignmentOfAnElement) {
  using Case = Layer<TypeParam>;
  for (size_t skip = 0; skip < 4; ++skip) {
    const Case layer({6, 21, 3});
    std::vector<typename Case::Row> rows(skip);
    std::vector<typename Case::Weight> weights(skip), bias(skip);
    rows.insert(rows.end(), layer.rows.begin(), layer.rows.end());
    weights.insert(weights.end(), layer.weights.begin(), layer.weights.end());
    bias.insert(bias.end(), layer.bias.begin(), layer.bias.end());
    std::vector<typename Case::Sum> out(18 + skip);
    Dense(layer.shape, rows.data() + skip, weights.data() + skip, bias.data() + skip,
          out.data() + skip);
    EXPECT_EQ(Skip(out, skip), layer.Run());
  }
}

TYPED_TEST(DenseTest, GivesARowTheSameResultAloneAndInABatch) {
  using Case = Layer<TypeParam>;
  const Case batch({7, 33, 3});
  const auto all = batch.Run();
  for (size_t i = 0; i < 7; ++i) {
    Case alone({1, 33, 3});
    std::copy_n(batch.rows.data() + i * 33, 33, alone.rows.data());
    const auto one = alone.Run();
    EXPECT_TRUE(std::equal(one.begin(), one.end(), all.data() + i * 3));
  }
}

TYPED_TEST(DenseTest, GivesNaNForRowsWithNaNAndForNoOthers) {
  for (const size_t column : {0u, 15u, 16u, 17u}) {  // in a vector, and in the rest
    Layer<TypeParam> layer({6, 18, 2});
    layer.rows[2 * 18 + column] = kNaN<typename TypeParam::Row>;
    const auto out = layer.Run();
    for (size_t i = 0; i < out.size(); ++i) EXPECT_EQ(std::isnan(out[i]), i / 2 == 2) << i;
  }
}

TYPED_TEST(DenseTest, GivesInfinityForInfinity) {
  Layer<TypeParam> layer({1, 18, 1});
  std::ranges::fill(layer.weights, 1);
  layer.rows[5] = kInfinity<typename TypeParam::Row>;
  EXPECT_EQ(layer.Run(), layer.Oracle());
}

TEST(Dense, WritesNothingPastItsOutput) {
  const Layer<Types<float, float>> layer({5, 8, 3});
  std::vector<float> out(15 + 8, 42);
  Dense(layer.shape, layer.rows.data(), layer.weights.data(), layer.bias.data(), out.data() + 4);
  EXPECT_TRUE(std::all_of(out.begin(), out.begin() + 4, [](float x) { return x == 42; }));
  EXPECT_TRUE(std::all_of(out.end() - 4, out.end(), [](float x) { return x == 42; }));
}

TEST(Dense, SumsFloatRowsInDoubleWhereWeightsAreDouble) {
  const std::vector<float> row = {1, 1};
  const std::vector<double> weights = {1, 1e-12}, bias = {0};
  double out = 0;
  Dense({1, 2, 1}, row.data(), weights.data(), bias.data(), &out);
  EXPECT_EQ(out, 1 + 1e-12);
}

}  // namespace
}  // namespace andon
