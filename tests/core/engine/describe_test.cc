// The description of an opened model: ModelDescription of docs/api.md.

#include <gtest/gtest.h>

#include "common/json.h"
#include "engine/engine.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

Json DescriptionOf(const Bytes& file) {
  const OpenOutcome outcome = Open(file, Policy{});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.message();
  if (!outcome.status.ok()) return {};
  const auto json = ParseJson(AsBytes(outcome.model->description), "description");
  EXPECT_TRUE(json.ok());
  return *json;
}

TEST(Describe, LinearModel) {
  const Bytes file = SamplePackage();
  const Json description = DescriptionOf(file);
  Json files = Json::array();
  const auto container = VerifyAprender(file);
  for (const auto& [name, record] : container->files) {
    files.push_back({{"name", name}, {"size", record.size}, {"sha256", ToHex(record.sha256)}});
  }
  const Json expected = {
      {"format", "aprender"},
      {"formatVersion", 2},
      {"schemaVersion", 2},
      {"modelId", "6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11"},
      {"version", "1.2.3"},
      {"compatibility", "none"},
      {"task", "regression"},
      {"architecture",
       {{"type", "ridge"},
        {"fitIntercept", true},
        {"alpha", 0.5},
        {"hyperparameters", Json::object()}}},
      {"classes", Json::array()},
      {"features", Json::array({Json{{"name", "x"}, {"type", "float64"}, {"nullable", false}},
                                Json{{"name", "z"}, {"type", "float64"}, {"nullable", false}}})},
      {"provenance", Json::object()},
      {"tensors",
       Json::array({Json{{"name", "coefficients"}, {"dtype", "F32"}, {"shape", Json::array({2})}},
                    Json{{"name", "intercept"}, {"dtype", "F32"}, {"shape", Json::array({1})}}})},
      {"files", files}};
  EXPECT_EQ(description, expected) << description.dump(1);
  EXPECT_EQ(files.size(), 3U);
}

TEST(Describe, EachKindOfLinearModel) {
  const std::pair<proto::LinearKind, Json> cases[] = {
      {proto::ORDINARY, {{"type", "linear_regression"}}},
      {proto::RIDGE, {{"type", "ridge"}, {"alpha", 0.5}}},
      {proto::LASSO, {{"type", "lasso"}, {"alpha", 0.5}}},
      {proto::ELASTIC_NET, {{"type", "elastic_net"}, {"alpha", 0.5}, {"l1Ratio", 0.25}}},
  };
  for (const auto& [kind, expected] : cases) {
    proto::ModelPackage package = SampleLinear();
    auto& model = *package.mutable_architecture()->mutable_linear();
    model.set_kind(kind);
    model.set_l1_ratio(0.25);
    Json architecture = DescriptionOf(PackageWith(package))["architecture"];
    architecture.erase("fitIntercept");
    architecture.erase("hyperparameters");
    EXPECT_EQ(architecture, expected);
  }
}

TEST(Describe, LogisticModel) {
  proto::ModelPackage package = SampleLogistic();
  auto& params = *package.mutable_architecture()
                      ->mutable_logistic()
                      ->mutable_hyperparameters()
                      ->mutable_params();
  params["solver"] = "sgd";
  params["batch"] = "32";
  const Json description = DescriptionOf(PackageWith(package));
  EXPECT_EQ(description["task"], "classification");
  EXPECT_EQ(description["architecture"].dump(),
            R"({"type":"logistic_regression","learningRate":0.01,"maxIter":1000,)"
            R"("tolerance":0.0001,"hyperparameters":{"batch":"32","solver":"sgd"}})");
  EXPECT_EQ(description["classes"], Json::array({"0", "1"}));
}

TEST(Describe, FloatsThatNeedNineDigits) {
  proto::ModelPackage package = SampleLogistic();
  auto& model = *package.mutable_architecture()->mutable_logistic();
  model.set_learning_rate(16777217.0F / 3);
  model.set_tolerance(1.17549435e-38F);
  const Json architecture = DescriptionOf(PackageWith(package))["architecture"];
  EXPECT_EQ(static_cast<float>(architecture["learningRate"].get<double>()), model.learning_rate());
  EXPECT_EQ(static_cast<float>(architecture["tolerance"].get<double>()), model.tolerance());
}

TEST(Describe, ClassLabels) {
  proto::ModelPackage package = SampleLogistic();
  package.mutable_architecture()->mutable_logistic()->add_class_labels("nein");
  package.mutable_architecture()->mutable_logistic()->add_class_labels("ja");
  EXPECT_EQ(DescriptionOf(PackageWith(package))["classes"], Json::array({"nein", "ja"}));
}

TEST(Describe, EveryProvenance) {
  proto::ModelPackage package = SampleLinear();
  auto& metadata = *package.mutable_metadata();
  metadata.set_compatibility(proto::MAJOR);
  auto& provenance = *metadata.mutable_provenance();
  provenance.set_git_commit("1234567");
  provenance.set_git_dirty("false");
  provenance.set_dataset_hash("sha256:00");
  provenance.set_random_seed(18446744073709551615U);
  provenance.set_training_timestamp(-1);
  provenance.set_training_duration("2 s");
  provenance.set_platform("linux");
  provenance.set_rust_version("1.80");
  provenance.set_aprender_version("0.9");
  const Json description = DescriptionOf(PackageWith(package));
  EXPECT_EQ(description["compatibility"], "major");
  EXPECT_EQ(description["provenance"].dump(),
            R"({"gitCommit":"1234567","gitDirty":"false","datasetHash":"sha256:00",)"
            R"("randomSeed":"18446744073709551615","trainingTimestamp":-1,)"
            R"("trainingDuration":"2 s","platform":"linux","rustVersion":"1.80",)"
            R"("aprenderVersion":"0.9"})");
}

TEST(Describe, SeedAndTimeOfZeroAreThere) {
  proto::ModelPackage package = SampleLinear();
  auto& provenance = *package.mutable_metadata()->mutable_provenance();
  provenance.set_random_seed(0);
  provenance.set_training_timestamp(0);
  EXPECT_EQ(DescriptionOf(PackageWith(package))["provenance"].dump(),
            R"({"randomSeed":"0","trainingTimestamp":0})");
}

TEST(Describe, EveryFeatureType) {
  proto::ModelPackage package = SampleLinear();
  auto& schema = *package.mutable_input_schema();
  const std::pair<proto::DataType, const char*> cases[] = {{proto::FLOAT32, "float32"},
                                                           {proto::FLOAT64, "float64"},
                                                           {proto::INT32, "int32"},
                                                           {proto::INT64, "int64"},
                                                           {proto::BOOL, "bool"}};
  for (const auto& [type, name] : cases) {
    schema.mutable_features(0)->set_type(type);
    schema.mutable_features(0)->set_nullable(true);
    const Json feature = DescriptionOf(PackageWith(package))["features"][0];
    EXPECT_EQ(feature["type"], name);
    EXPECT_EQ(feature["nullable"], true);
  }
}

}  // namespace
}  // namespace andon
