#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/predictor.h"
#include "tests/core/models/tensors.h"

namespace andon {
namespace {

const LinearSpec kSpec = {.weights_tensor = "coefficients",
                          .intercept_tensor = "intercept",
                          .fit_intercept = true,
                          .feature_count = 3};

ErrorCode CodeOf(const Tensors& tensors, const LinearSpec& spec = kSpec) {
  return BuildLinear(spec, tensors.map()).code();
}

template <typename T>
class LinearTest : public testing::Test {
 protected:
  static Tensors Valid() {
    return Tensors()
        .Add("coefficients", {3}, std::vector<T>{1, 2, 3})
        .template Add<T>("intercept", {1}, {0.5});
  }
};
using BothTypes = testing::Types<float, double>;
TYPED_TEST_SUITE(LinearTest, BothTypes);

TYPED_TEST(LinearTest, DescribesItself) {
  const auto predictor = BuildLinear(kSpec, this->Valid().map());
  ASSERT_TRUE(predictor.ok());
  EXPECT_EQ((*predictor)->task(), Task::kRegression);
  EXPECT_EQ((*predictor)->feature_count(), 3u);
  EXPECT_EQ((*predictor)->output_count(), 1u);
  EXPECT_EQ((*predictor)->weight_dtype(), sizeof(TypeParam) == 4 ? DType::kF32 : DType::kF64);
}

TYPED_TEST(LinearTest, ShowsItsWeights) {
  const auto predictor = BuildLinear(kSpec, this->Valid().map());
  ASSERT_TRUE(predictor.ok());
  EXPECT_EQ((*predictor)->Coefficients(), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ((*predictor)->Intercept(), std::vector<double>{0.5});
}

TYPED_TEST(LinearTest, PredictsFloatAndDoubleRows) {
  const auto predictor = BuildLinear(kSpec, this->Valid().map());
  ASSERT_TRUE(predictor.ok());
  const float rows[] = {1, 1, 1, -1, 0, 2};
  float out[2];
  (*predictor)->Run(rows, 2, out);
  EXPECT_EQ(out[0], 6.5F);
  EXPECT_EQ(out[1], 5.5F);
  const double wide_rows[] = {1, 1, 1, -1, 0, 2};
  double wide_out[2];
  (*predictor)->Run(wide_rows, 2, wide_out);
  EXPECT_EQ(wide_out[0], 6.5);
  EXPECT_EQ(wide_out[1], 5.5);
}

TYPED_TEST(LinearTest, PredictsMoreRowsThanOneBlock) {
  const auto predictor = BuildLinear(kSpec, this->Valid().map());
  ASSERT_TRUE(predictor.ok());
  std::vector<float> rows(3 * 5000), out(5000);
  for (size_t i = 0; i < 5000; ++i) rows[3 * i] = static_cast<float>(i);
  (*predictor)->Run(rows.data(), 5000, out.data());
  for (size_t i = 0; i < 5000; ++i) ASSERT_EQ(out[i], static_cast<float>(i) + 0.5F);
}

TYPED_TEST(LinearTest, TakesNoRows) {
  const auto predictor = BuildLinear(kSpec, this->Valid().map());
  ASSERT_TRUE(predictor.ok());
  (*predictor)->Run(static_cast<const float*>(nullptr), 0, nullptr);
}

TYPED_TEST(LinearTest, GivesNaNForNaN) {
  const auto predictor = BuildLinear(kSpec, this->Valid().map());
  ASSERT_TRUE(predictor.ok());
  const float rows[] = {1, std::numeric_limits<float>::quiet_NaN(), 1, 1, 1, 1};
  float out[2];
  (*predictor)->Run(rows, 2, out);
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_EQ(out[1], 6.5F);
}

TYPED_TEST(LinearTest, HasAnInterceptOf0WhereNoneWasFitted) {
  LinearSpec spec = kSpec;
  spec.fit_intercept = false;
  spec.intercept_tensor = "nowhere";
  const auto predictor = BuildLinear(spec, this->Valid().map());
  ASSERT_TRUE(predictor.ok());
  const double row[] = {1, 1, 1};
  double out = 0;
  (*predictor)->Run(row, 1, &out);
  EXPECT_EQ(out, 6);
  EXPECT_TRUE((*predictor)->Intercept().empty());
}

TYPED_TEST(LinearTest, TakesCoefficientsOfShape1N) {
  auto tensors = this->Valid().Add("coefficients", {1, 3}, std::vector<TypeParam>{1, 2, 3});
  EXPECT_EQ(CodeOf(tensors), ErrorCode::kOk);
}

TYPED_TEST(LinearTest, TakesTensorsAtAnyAddress) {
  auto tensors = this->Valid();
  for (size_t skip = 1; skip < 9; ++skip) {
    tensors.Add("coefficients", {3}, std::vector<TypeParam>{1, 2, 3}, skip)
        .template Add<TypeParam>("intercept", {1}, {0.5}, skip);
    const auto predictor = BuildLinear(kSpec, tensors.map());
    ASSERT_TRUE(predictor.ok());
    const float row[] = {1, 1, 1};
    float out = 0;
    (*predictor)->Run(row, 1, &out);
    EXPECT_EQ(out, 6.5F);
  }
}

TYPED_TEST(LinearTest, NotFiniteCoefficient) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const TypeParam odd : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
    EXPECT_EQ(CodeOf(this->Valid().Add("coefficients", {3}, std::vector<TypeParam>{1, 2, odd})),
              ErrorCode::kWeightNotFinite);
  }
}

TYPED_TEST(LinearTest, NotFiniteIntercept) {
  const auto nan = std::numeric_limits<TypeParam>::quiet_NaN();
  EXPECT_EQ(CodeOf(this->Valid().Add("intercept", {1}, std::vector<TypeParam>{nan})),
            ErrorCode::kWeightNotFinite);
}

TEST(Linear, ComputesFloatRowsInDoubleWhereWeightsAreDouble) {
  const auto tensors = Tensors()
                           .Add("coefficients", {3}, std::vector<double>{1, -1, 1})
                           .Add("intercept", {1}, std::vector<double>{0});
  const auto predictor = BuildLinear(kSpec, tensors.map());
  ASSERT_TRUE(predictor.ok());
  const float row[] = {1e10F, 1e10F - 1024, 1.5F};  // 1024 is the distance of floats here
  float out = 0;
  (*predictor)->Run(row, 1, &out);
  EXPECT_EQ(out, 1025.5F);
}

TEST(Linear, ComputesDoubleRowsInDoubleWhereWeightsAreFloat) {
  const auto tensors = Tensors()
                           .Add("coefficients", {3}, std::vector<float>{1, 1, 0})
                           .Add("intercept", {1}, std::vector<float>{0});
  const auto predictor = BuildLinear(kSpec, tensors.map());
  ASSERT_TRUE(predictor.ok());
  const double row[] = {1, 1e-12, 0};
  double out = 0;
  (*predictor)->Run(row, 1, &out);
  EXPECT_EQ(out, 1 + 1e-12);
}

class LinearErrors : public LinearTest<float> {};

TEST_F(LinearErrors, MissingCoefficients) {
  const auto tensors = Tensors().Add("intercept", {1}, std::vector<float>{0});
  EXPECT_EQ(CodeOf(tensors), ErrorCode::kTensorMissing);
}

TEST_F(LinearErrors, MissingIntercept) {
  const auto tensors = Tensors().Add("coefficients", {3}, std::vector<float>{1, 2, 3});
  EXPECT_EQ(CodeOf(tensors), ErrorCode::kTensorMissing);
}

TEST_F(LinearErrors, CoefficientsOfAnotherDtype) {
  EXPECT_EQ(CodeOf(Valid().AddRaw("coefficients", DType::kF16, {3})), ErrorCode::kTensorDtype);
  EXPECT_EQ(CodeOf(Valid().AddRaw("coefficients", DType::kI64, {3})), ErrorCode::kTensorDtype);
}

TEST_F(LinearErrors, InterceptOfAnotherDtype) {
  EXPECT_EQ(CodeOf(Valid().AddRaw("intercept", DType::kI32, {1})), ErrorCode::kTensorDtype);
}

TEST_F(LinearErrors, InterceptThatDiffersInDtypeFromTheCoefficients) {
  EXPECT_EQ(CodeOf(Valid().AddRaw("intercept", DType::kF64, {1})), ErrorCode::kTensorDtype);
}

TEST_F(LinearErrors, CoefficientsOfAnotherShape) {
  for (const Shape& shape : {Shape{}, {2}, {4}, {3, 1}, {2, 3}, {1, 2}, {1, 1, 3}, {0}, {1, 0}}) {
    EXPECT_EQ(CodeOf(Valid().AddRaw("coefficients", DType::kF32, shape)), ErrorCode::kTensorShape)
        << ShapeText(shape);
  }
}

TEST_F(LinearErrors, InterceptOfAnotherShape) {
  for (const Shape& shape : {Shape{}, {0}, {2}, {1, 1}}) {
    EXPECT_EQ(CodeOf(Valid().AddRaw("intercept", DType::kF32, shape)), ErrorCode::kTensorShape)
        << ShapeText(shape);
  }
}

}  // namespace
}  // namespace andon
