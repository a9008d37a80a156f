#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/limits.h"
#include "models/predictor.h"
#include "tests/core/models/tensors.h"

namespace andon {
namespace {

const LogisticSpec kSpec = {.weights_tensor = "coefficients",
                            .intercept_tensor = "intercept",
                            .feature_count = 2,
                            .label_count = 0};

LogisticSpec WithLabels(size_t count) {
  LogisticSpec spec = kSpec;
  spec.label_count = count;
  return spec;
}

ErrorCode CodeOf(const Tensors& tensors, const LogisticSpec& spec = kSpec) {
  return BuildLogistic(spec, tensors.map()).code();
}

template <typename T>
class LogisticTest : public testing::Test {
 protected:
  static Tensors Binary(const Shape& shape = {2}) {
    return Tensors()
        .Add("coefficients", shape, std::vector<T>{1, -1})
        .template Add<T>("intercept", {1}, {0.5});
  }
  static Tensors ThreeClasses() {
    return Tensors()
        .Add("coefficients", {3, 2}, std::vector<T>{1, 0, 0, 1, 1, 1})
        .template Add<T>("intercept", {3}, {0, 0.5, -1});
  }
};
using BothTypes = testing::Types<float, double>;
TYPED_TEST_SUITE(LogisticTest, BothTypes);

// Scores of the row {1, 2} are -0.5, and {1, 2.5, 2}.
constexpr double kBinary[] = {0.6224593312018546, 0.3775406687981454};
constexpr double kThree[] = {0.12195165230972885, 0.5465493872661796, 0.33149896042409155};

template <size_t kClasses>
void ExpectProbabilities(const Predictor& predictor, const double (&expected)[kClasses]) {
  const float row[] = {1, 2};
  float out[kClasses];
  predictor.Run(row, 1, out);
  const double wide_row[] = {1, 2};
  double wide_out[kClasses];
  predictor.Run(wide_row, 1, wide_out);
  for (size_t j = 0; j < kClasses; ++j) {
    EXPECT_NEAR(static_cast<double>(out[j]), expected[j], 1e-7);
    EXPECT_NEAR(wide_out[j], expected[j], 1e-15);
  }
}

TYPED_TEST(LogisticTest, DescribesItself) {
  const auto binary = BuildLogistic(kSpec, this->Binary().map());
  const auto three = BuildLogistic(kSpec, this->ThreeClasses().map());
  ASSERT_TRUE(binary.ok() && three.ok());
  EXPECT_EQ((*binary)->task(), Task::kClassification);
  EXPECT_EQ((*binary)->feature_count(), 2u);
  EXPECT_EQ((*binary)->output_count(), 2u);
  EXPECT_EQ((*three)->task(), Task::kClassification);
  EXPECT_EQ((*three)->feature_count(), 2u);
  EXPECT_EQ((*three)->output_count(), 3u);
}

TYPED_TEST(LogisticTest, ShowsItsWeights) {
  const auto three = BuildLogistic(kSpec, this->ThreeClasses().map());
  ASSERT_TRUE(three.ok());
  EXPECT_EQ((*three)->Coefficients(), (std::vector<double>{1, 0, 0, 1, 1, 1}));
  EXPECT_EQ((*three)->Intercept(), (std::vector<double>{0, 0.5, -1}));
}

TYPED_TEST(LogisticTest, GivesTwoProbabilitiesForOneScore) {
  const auto predictor = BuildLogistic(kSpec, this->Binary().map());
  ASSERT_TRUE(predictor.ok());
  ExpectProbabilities(**predictor, kBinary);
}

TYPED_TEST(LogisticTest, GivesOneProbabilityAClass) {
  const auto predictor = BuildLogistic(kSpec, this->ThreeClasses().map());
  ASSERT_TRUE(predictor.ok());
  ExpectProbabilities(**predictor, kThree);
}

TYPED_TEST(LogisticTest, TakesBinaryCoefficientsOfShape1N) {
  const auto predictor = BuildLogistic(kSpec, this->Binary({1, 2}).map());
  ASSERT_TRUE(predictor.ok());
  ExpectProbabilities(**predictor, kBinary);
}

TYPED_TEST(LogisticTest, GivesTheSameInEveryBlock) {
  const auto predictor = BuildLogistic(kSpec, this->ThreeClasses().map());
  ASSERT_TRUE(predictor.ok());
  std::vector<double> rows(2 * 1500), out(3 * 1500);
  for (size_t i = 0; i < 1500; ++i) rows[2 * i] = 1, rows[2 * i + 1] = 2;
  (*predictor)->Run(rows.data(), 1500, out.data());
  for (size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], out[i % 3]);
}

TYPED_TEST(LogisticTest, GivesNaNForNaN) {
  const double row[] = {std::numeric_limits<double>::quiet_NaN(), 2};
  for (const Tensors& tensors : {this->Binary(), this->ThreeClasses()}) {
    const auto predictor = BuildLogistic(kSpec, tensors.map());
    ASSERT_TRUE(predictor.ok());
    double out[3] = {};
    (*predictor)->Run(row, 1, out);
    for (size_t j = 0; j < (*predictor)->output_count(); ++j) EXPECT_TRUE(std::isnan(out[j]));
  }
}

TYPED_TEST(LogisticTest, TakesALabelForEachClass) {
  EXPECT_EQ(CodeOf(this->Binary(), WithLabels(2)), ErrorCode::kOk);
  EXPECT_EQ(CodeOf(this->ThreeClasses(), WithLabels(3)), ErrorCode::kOk);
}

TYPED_TEST(LogisticTest, LabelsThatDifferInNumberFromTheClasses) {
  for (const size_t count : {1u, 3u}) {
    EXPECT_EQ(CodeOf(this->Binary(), WithLabels(count)), ErrorCode::kClassLabelsMismatch);
  }
  for (const size_t count : {1u, 2u, 4u}) {
    EXPECT_EQ(CodeOf(this->ThreeClasses(), WithLabels(count)), ErrorCode::kClassLabelsMismatch);
  }
}

TYPED_TEST(LogisticTest, NotFiniteCoefficient) {
  const auto inf = std::numeric_limits<TypeParam>::infinity();
  EXPECT_EQ(CodeOf(this->Binary().Add("coefficients", {2}, std::vector<TypeParam>{inf, 1})),
            ErrorCode::kWeightNotFinite);
}

TYPED_TEST(LogisticTest, NotFiniteIntercept) {
  const auto nan = std::numeric_limits<TypeParam>::quiet_NaN();
  EXPECT_EQ(CodeOf(this->ThreeClasses().Add("intercept", {3}, std::vector<TypeParam>{0, nan, 0})),
            ErrorCode::kWeightNotFinite);
}

class LogisticErrors : public LogisticTest<float> {};

TEST_F(LogisticErrors, MissingCoefficients) {
  const auto tensors = Tensors().Add("intercept", {1}, std::vector<float>{0});
  EXPECT_EQ(CodeOf(tensors), ErrorCode::kTensorMissing);
}

TEST_F(LogisticErrors, MissingIntercept) {
  const auto tensors = Tensors().Add("coefficients", {2}, std::vector<float>{1, 2});
  EXPECT_EQ(CodeOf(tensors), ErrorCode::kTensorMissing);
}

TEST_F(LogisticErrors, CoefficientsOfAnotherDtype) {
  EXPECT_EQ(CodeOf(Binary().AddRaw("coefficients", DType::kBF16, {2})), ErrorCode::kTensorDtype);
}

TEST_F(LogisticErrors, InterceptOfAnotherDtype) {
  EXPECT_EQ(CodeOf(Binary().AddRaw("intercept", DType::kU8, {1})), ErrorCode::kTensorDtype);
}

TEST_F(LogisticErrors, InterceptThatDiffersInDtypeFromTheCoefficients) {
  EXPECT_EQ(CodeOf(Binary().AddRaw("intercept", DType::kF64, {1})), ErrorCode::kTensorDtype);
}

TEST_F(LogisticErrors, CoefficientsOfAnotherShape) {
  for (const Shape& shape : {Shape{}, {1}, {3}, {3, 3}, {2, 1}, {1, 1, 2}}) {
    EXPECT_EQ(CodeOf(Binary().AddRaw("coefficients", DType::kF32, shape)), ErrorCode::kTensorShape)
        << ShapeText(shape);
  }
}

TEST_F(LogisticErrors, CoefficientsWithoutAClass) {
  const auto tensors =
      Tensors().AddRaw("coefficients", DType::kF32, {0, 2}).AddRaw("intercept", DType::kF32, {0});
  EXPECT_EQ(CodeOf(tensors), ErrorCode::kTensorShape);
}

TEST_F(LogisticErrors, MoreClassesThanTheLimit) {
  LogisticSpec spec = kSpec;
  spec.feature_count = 1;
  const auto with = [](uint64_t classes) {
    return Tensors()
        .AddRaw("coefficients", DType::kF32, {classes, 1})
        .AddRaw("intercept", DType::kF32, {classes});
  };
  EXPECT_EQ(CodeOf(with(limits::kMaxClasses), spec), ErrorCode::kOk);
  EXPECT_EQ(CodeOf(with(limits::kMaxClasses + 1), spec), ErrorCode::kTensorShape);
}

TEST_F(LogisticErrors, InterceptOfAnotherShape) {
  for (const Shape& shape : {Shape{}, {0}, {2}, {1, 1}}) {
    EXPECT_EQ(CodeOf(Binary().AddRaw("intercept", DType::kF32, shape)), ErrorCode::kTensorShape)
        << ShapeText(shape);
  }
  EXPECT_EQ(CodeOf(ThreeClasses().AddRaw("intercept", DType::kF32, {1})), ErrorCode::kTensorShape);
}

}  // namespace
}  // namespace andon
