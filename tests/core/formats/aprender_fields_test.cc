#include "formats/aprender_fields.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/limits.h"
#include "formats/semantic_version.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ErrorCode CodeOf(const proto::ModelPackage& package) { return CheckAprenderFields(package).code(); }

TEST(AprenderFields, TheSamplesAreAsTheyShouldBe) {
  EXPECT_EQ(CodeOf(SampleLinear()), ErrorCode::kOk);
  EXPECT_EQ(CodeOf(SampleLogistic()), ErrorCode::kOk);
}

TEST(AprenderFields, Uuid) {
  EXPECT_TRUE(IsUuid("6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11"));
  EXPECT_TRUE(IsUuid("6F1C1D9E-8D0B-4C2F-9A57-2F0E8D9B7C11"));
  EXPECT_TRUE(IsUuid("00000000-0000-0000-0000-000000000000"));
  for (const char* text :
       {"", "6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c1", "6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c111",
        "6f1c1d9e8d0b-4c2f-9a57-2f0e8d9b7c11-", "6f1c1d9g-8d0b-4c2f-9a57-2f0e8d9b7c11",
        "6f1c1d9G-8d0b-4c2f-9a57-2f0e8d9b7c11", "6f1c1d9/-8d0b-4c2f-9a57-2f0e8d9b7c11",
        "6f1c1d9:-8d0b-4c2f-9a57-2f0e8d9b7c11", "6f1c1d9@-8d0b-4c2f-9a57-2f0e8d9b7c11",
        "6f1c1d9`-8d0b-4c2f-9a57-2f0e8d9b7c11", "6f1c1d9e_8d0b-4c2f-9a57-2f0e8d9b7c11",
        "{6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c1}"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

// Examples of semver.org and its suggested regular expression.
TEST(AprenderFields, SemanticVersion) {
  for (const char* text : {"0.0.4",
                           "1.2.3",
                           "10.20.30",
                           "1.1.2-prerelease+meta",
                           "1.1.2+meta",
                           "1.1.2+meta-valid",
                           "1.0.0-alpha",
                           "1.0.0-alpha.beta.1",
                           "1.0.0-alpha0.valid",
                           "1.0.0-alpha.0valid",
                           "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay",
                           "1.0.0-rc.1+build.123",
                           "2.0.0+build.1848",
                           "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
                           "1.0.0+0.build.1-rc.10000aaa",
                           "99999999999999999999999.999999999999999999.99999999999999999",
                           "1.0.0-0A.is.legal",
                           "1.0.0-0",
                           "1.0.0+001",
                           "1.0.0-Z.z"}) {
    EXPECT_TRUE(IsSemanticVersion(text)) << text;
  }
  for (const char* text : {"",
                           "1",
                           "1.2",
                           "1.2.3.4",
                           "1.2.3-0123",
                           "1.2.3-0123.0123",
                           "1.1.2+.123",
                           "+invalid",
                           "-invalid",
                           "alpha",
                           "1.0.0-alpha_beta",
                           "1.0.0-alpha..",
                           "1.0.0-alpha..1",
                           "01.1.1",
                           "1.01.1",
                           "1.1.01",
                           "1.2.3.DEV",
                           "1.2-SNAPSHOT",
                           "1.2.3+",
                           "1.2.3-",
                           "1.2.3-+build",
                           "9.8.7+meta+meta",
                           " 1.2.3",
                           "1.2.3 ",
                           "v1.2.3",
                           "1.-2.3",
                           "1.2.3-a[b",
                           "1.2.3-a`b",
                           "1.2.3-a{b",
                           "1.2.3-a@b",
                           "1.2.3-a/b",
                           "1.2.3-a:b"}) {
    EXPECT_FALSE(IsSemanticVersion(text)) << text;
  }
}

TEST(AprenderFields, NamesOfEnumsAreTheirOwnInverse) {
  for (int i = 0; i < 4; ++i) {
    const auto kind = static_cast<proto::LinearKind>(i);
    EXPECT_EQ(LinearKindFromName(LinearKindName(kind)), kind);
  }
  for (int i = 0; i < 6; ++i) {
    const auto type = static_cast<proto::DataType>(i);
    EXPECT_EQ(DataTypeFromName(DataTypeName(type)), type);
  }
  for (int i = 0; i < 3; ++i) {
    const auto level = static_cast<proto::CompatibilityLevel>(i);
    EXPECT_EQ(CompatibilityFromName(CompatibilityName(level)), level);
  }
  EXPECT_EQ(LinearKindFromName("ordinary"), std::nullopt);
  EXPECT_EQ(DataTypeFromName("F32"), std::nullopt);
  EXPECT_EQ(CompatibilityFromName(""), std::nullopt);
}

TEST(AprenderFields, ModelIdInvalid) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->set_model_id("iris");
  EXPECT_EQ(CodeOf(package), ErrorCode::kModelIdInvalid);
}

TEST(AprenderFields, ModelVersionInvalid) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->set_version("1.0");
  EXPECT_EQ(CodeOf(package), ErrorCode::kModelVersionInvalid);
}

TEST(AprenderFields, CompatibilityLevelInvalid) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_metadata()->set_compatibility(static_cast<proto::CompatibilityLevel>(3));
  EXPECT_EQ(CodeOf(package), ErrorCode::kCompatibilityLevelInvalid);
}

TEST(AprenderFields, ArchitectureMissing) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_architecture()->clear_linear();
  EXPECT_EQ(CodeOf(package), ErrorCode::kArchitectureMissing);
}

TEST(AprenderFields, LinearKindInvalid) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_architecture()->mutable_linear()->set_kind(static_cast<proto::LinearKind>(4));
  EXPECT_EQ(CodeOf(package), ErrorCode::kArchitectureInvalid);
}

TEST(AprenderFields, AlphaInvalid) {
  for (const double alpha : {-1e-300, kInfinity, -kInfinity, kNan}) {
    proto::ModelPackage package = SampleLinear();
    package.mutable_architecture()->mutable_linear()->set_alpha(alpha);
    EXPECT_EQ(CodeOf(package), ErrorCode::kArchitectureInvalid) << alpha;
  }
}

TEST(AprenderFields, L1RatioInvalid) {
  for (const double ratio : {-0.1, 1.1, kInfinity, kNan}) {
    proto::ModelPackage package = SampleLinear();
    package.mutable_architecture()->mutable_linear()->set_l1_ratio(ratio);
    EXPECT_EQ(CodeOf(package), ErrorCode::kArchitectureInvalid) << ratio;
  }
}

TEST(AprenderFields, LearningRateAndToleranceNotFinite) {
  for (const float value :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    proto::ModelPackage rate = SampleLogistic();
    rate.mutable_architecture()->mutable_logistic()->set_learning_rate(value);
    EXPECT_EQ(CodeOf(rate), ErrorCode::kArchitectureInvalid);
    proto::ModelPackage tolerance = SampleLogistic();
    tolerance.mutable_architecture()->mutable_logistic()->set_tolerance(value);
    EXPECT_EQ(CodeOf(tolerance), ErrorCode::kArchitectureInvalid);
  }
}

TEST(AprenderFields, ClassLabelTwice) {
  proto::ModelPackage package = SampleLogistic();
  auto& model = *package.mutable_architecture()->mutable_logistic();
  model.add_class_labels("no");
  model.add_class_labels("yes");
  EXPECT_EQ(CodeOf(package), ErrorCode::kOk);
  model.add_class_labels("no");
  EXPECT_EQ(CodeOf(package), ErrorCode::kClassLabelsMismatch);
}

TEST(AprenderFields, InputSchemaEmpty) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_input_schema()->clear_features();
  EXPECT_EQ(CodeOf(package), ErrorCode::kInputSchemaEmpty);
  package.clear_input_schema();
  EXPECT_EQ(CodeOf(package), ErrorCode::kInputSchemaEmpty);
}

TEST(AprenderFields, TooManyFeatures) {
  proto::ModelPackage package = SampleLinear();
  auto& schema = *package.mutable_input_schema();
  schema.clear_features();
  for (uint64_t i = 0; i < limits::kMaxFeatures; ++i) {
    schema.add_features()->set_name(std::to_string(i));
  }
  EXPECT_EQ(CodeOf(package), ErrorCode::kOk);
  schema.add_features()->set_name("one more");
  EXPECT_EQ(CodeOf(package), ErrorCode::kTooManyFeatures);
}

TEST(AprenderFields, FeatureNameInvalid) {
  proto::ModelPackage package = SampleLinear();
  auto& feature = *package.mutable_input_schema()->mutable_features(0);
  feature.set_name("");
  EXPECT_EQ(CodeOf(package), ErrorCode::kFeatureNameInvalid);
  feature.set_name(std::string(limits::kMaxFeatureNameBytes, 'x'));
  EXPECT_EQ(CodeOf(package), ErrorCode::kOk);
  feature.set_name(std::string(limits::kMaxFeatureNameBytes + 1, 'x'));
  EXPECT_EQ(CodeOf(package), ErrorCode::kFeatureNameInvalid);
}

TEST(AprenderFields, FeatureNameDuplicate) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_input_schema()->mutable_features(1)->set_name("x");
  EXPECT_EQ(CodeOf(package), ErrorCode::kFeatureNameDuplicate);
}

TEST(AprenderFields, FeatureTypeInvalid) {
  proto::ModelPackage package = SampleLinear();
  package.mutable_input_schema()->mutable_features(0)->set_type(static_cast<proto::DataType>(6));
  EXPECT_EQ(CodeOf(package), ErrorCode::kFeatureTypeInvalid);
}

}  // namespace
}  // namespace andon
