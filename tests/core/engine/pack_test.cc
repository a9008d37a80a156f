#include "engine/pack.h"

#include <gtest/gtest.h>

#include "common/json.h"
#include "engine/engine.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

Json SampleDescription() {
  return {{"model_id", "6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11"},
          {"version", "1.2.3"},
          {"model", {{"type", "linear_regression"}}},
          {"features", Json::array({Json{{"name", "x"}}, Json{{"name", "z"}}})},
          {"weights", {{"coefficients", {2.5, -1}}, {"intercept", {0.5}}}}};
}

Result<Bytes> PackText(std::string_view description, ByteView weights = {}) {
  return Pack({.description = AsBytes(description), .weights = weights});
}

Status StatusOf(const Json& description) { return PackText(DumpJson(description)).status(); }

// That packing fails, and that the message names the member.
void ExpectMalformed(const Json& description, std::string_view member) {
  const Status status = StatusOf(description);
  EXPECT_EQ(status.code(), ErrorCode::kDescriptionMalformed) << description.dump();
  EXPECT_NE(status.message().find(member), std::string::npos) << status.message();
}

Json DescriptionOf(const Result<Bytes>& file) {
  EXPECT_TRUE(file.ok()) << file.status().message();
  if (!file.ok()) return {};
  const OpenOutcome outcome = Open(*file, Policy{});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.message();
  return *ParseJson(AsBytes(outcome.model->description), "description");
}

TEST(Pack, LeastDescription) {
  const Json result = DescriptionOf(PackText(DumpJson(SampleDescription())));
  EXPECT_EQ(result["compatibility"], "none");
  EXPECT_EQ(result["architecture"]["type"], "linear_regression");
  EXPECT_EQ(result["architecture"]["fitIntercept"], true);
  EXPECT_EQ(result["features"][0]["type"], "float64");
  EXPECT_EQ(result["features"][0]["nullable"], false);
  EXPECT_EQ(result["tensors"][0]["name"], "coefficients");
  EXPECT_EQ(result["tensors"][0]["dtype"], "F64");
}

TEST(Pack, FullDescriptionOfALinearModel) {
  Json description = SampleDescription();
  description["compatibility"] = "minor";
  description["model"] = {{"type", "elastic_net"},
                          {"fit_intercept", true},
                          {"alpha", 0.5},
                          {"l1_ratio", 0.25},
                          {"hyperparameters", {{"solver", "cd"}}},
                          {"weights_tensor", "w"},
                          {"intercept_tensor", "b"}};
  description["features"][1] = {{"name", "z"}, {"type", "int32"}, {"nullable", true}};
  description["provenance"] = {
      {"git_commit", "1234567"}, {"git_dirty", "true"},      {"dataset_hash", "00"},
      {"random_seed", 42},       {"training_timestamp", 17}, {"training_duration", "1 s"},
      {"platform", "linux"},     {"rust_version", "1.80"},   {"aprender_version", "0.9"}};
  description["weights"]["dtype"] = "F32";
  const Json result = DescriptionOf(PackText(DumpJson(description)));
  EXPECT_EQ(result["compatibility"], "minor");
  EXPECT_EQ(result["architecture"].dump(),
            R"({"type":"elastic_net","fitIntercept":true,"alpha":0.5,"l1Ratio":0.25,)"
            R"("hyperparameters":{"solver":"cd"}})");
  EXPECT_EQ(result["features"][1].dump(), R"({"name":"z","type":"int32","nullable":true})");
  EXPECT_EQ(result["provenance"].dump(),
            R"({"gitCommit":"1234567","gitDirty":"true","datasetHash":"00","randomSeed":"42",)"
            R"("trainingTimestamp":17,"trainingDuration":"1 s","platform":"linux",)"
            R"("rustVersion":"1.80","aprenderVersion":"0.9"})");
  EXPECT_EQ(result["tensors"].dump(), R"([{"name":"b","dtype":"F32","shape":[1]},)"
                                      R"({"name":"w","dtype":"F32","shape":[2]}])");
}

TEST(Pack, LogisticModelOfThreeClasses) {
  Json description = SampleDescription();
  description["model"] = {{"type", "logistic_regression"},
                          {"learning_rate", 0.01},
                          {"max_iter", 100},
                          {"tolerance", 1e-4},
                          {"class_labels", {"a", "b", "c"}}};
  description["weights"] = {{"coefficients", {{1, 2}, {3, 4}, {5, 6}}}, {"intercept", {1, 2, 3}}};
  const Json result = DescriptionOf(PackText(DumpJson(description)));
  EXPECT_EQ(result["architecture"]["learningRate"], 0.01);
  EXPECT_EQ(result["architecture"]["maxIter"], 100);
  EXPECT_EQ(result["architecture"]["tolerance"], 1e-4);
  EXPECT_EQ(result["classes"], Json::array({"a", "b", "c"}));
  EXPECT_EQ(result["tensors"][0]["shape"], Json::array({3, 2}));
}

TEST(Pack, DtypeOfTheWeights) {
  for (const char* dtype : {"F32", "F64"}) {
    Json description = SampleDescription();
    description["weights"]["dtype"] = dtype;
    EXPECT_EQ(DescriptionOf(PackText(DumpJson(description)))["tensors"][0]["dtype"], dtype);
  }
}

TEST(Pack, WithoutAnIntercept) {
  Json description = SampleDescription();
  description["model"]["fit_intercept"] = false;
  description["weights"].erase("intercept");
  EXPECT_TRUE(StatusOf(description).ok());
}

TEST(Pack, WeightsOfASafetensorsFile) {
  Json description = SampleDescription();
  description.erase("weights");
  const Bytes weights = *WriteSafetensors(SampleTensors());
  const Json result = DescriptionOf(PackText(DumpJson(description), weights));
  EXPECT_EQ(result["tensors"][0]["dtype"], "F32");
}

TEST(Pack, SignsAndAttaches) {
  const std::string description = DumpJson(SampleDescription());
  const auto file = Pack({.description = AsBytes(description),
                          .weights = {},
                          .attachments = {{"metrics.json", BytesOf("{}")}},
                          .signing_seed = kSampleSeed});
  ASSERT_TRUE(file.ok()) << file.status().message();
  const OpenOutcome outcome = Open(*file, Policy{});
  EXPECT_EQ(outcome.verdict.signature, SignatureState::kValid);
  EXPECT_NE(outcome.model->description.find("metrics.json"), std::string::npos);
}

TEST(Pack, SeedsAsNumbersAndTexts) {
  const std::pair<Json, const char*> cases[] = {
      {0, "0"},
      {"0", "0"},
      {18446744073709551615U, "18446744073709551615"},
      {"18446744073709551615", "18446744073709551615"},
  };
  for (const auto& [seed, expected] : cases) {
    Json description = SampleDescription();
    description["provenance"]["random_seed"] = seed;
    EXPECT_EQ(DescriptionOf(PackText(DumpJson(description)))["provenance"]["randomSeed"], expected);
  }
  for (const Json& seed : {Json(-1), Json(1.5), Json("-1"), Json(""), Json("1x"), Json(" 1"),
                           Json("18446744073709551616"), Json(true)}) {
    Json description = SampleDescription();
    description["provenance"]["random_seed"] = seed;
    ExpectMalformed(description, "provenance.random_seed");
  }
}

TEST(Pack, TimestampIsAWholeNumber) {
  for (const Json& time : {Json(1.5), Json("1"), Json(9223372036854775808U)}) {
    Json description = SampleDescription();
    description["provenance"]["training_timestamp"] = time;
    ExpectMalformed(description, "provenance.training_timestamp");
  }
  Json description = SampleDescription();
  description["provenance"]["training_timestamp"] = -9223372036854775807;
  EXPECT_TRUE(StatusOf(description).ok());
}

TEST(Pack, NotJson) { EXPECT_EQ(PackText("{").code(), ErrorCode::kJsonSyntax); }

TEST(Pack, MembersAreMissing) {
  for (const char* member : {"model_id", "version", "model", "features"}) {
    Json description = SampleDescription();
    description.erase(member);
    ExpectMalformed(description, std::string("description.") + member);
  }
  Json description = SampleDescription();
  description["model"].erase("type");
  ExpectMalformed(description, "model.type");
  description = SampleDescription();
  description["features"][1].erase("name");
  ExpectMalformed(description, "features[1].name");
  description = SampleDescription();
  description["weights"].erase("coefficients");
  ExpectMalformed(description, "weights.coefficients");
}

// The member at a JSON pointer is replaced, or added.
TEST(Pack, MembersHaveTheirTypes) {
  const std::pair<const char*, Json> cases[] = {
      {"/model_id", 1},
      {"/version", nullptr},
      {"/compatibility", "all"},
      {"/compatibility", 1},
      {"/model", "ridge"},
      {"/model/type", "forest"},
      {"/model/type", 7},
      {"/model/fit_intercept", 1},
      {"/model/hyperparameters", Json::array()},
      {"/model/hyperparameters", {{"key", 1}}},
      {"/model/weights_tensor", 1},
      {"/features", Json::object()},
      {"/features/0", "x"},
      {"/features/0/name", 1},
      {"/features/0/type", "F32"},
      {"/features/0/nullable", 0},
      {"/provenance", Json::array()},
      {"/provenance", {{"platform", 1}}},
      {"/weights", Json::array()},
      {"/weights/dtype", "F16"},
      {"/weights/dtype", 32},
      {"/weights/coefficients", 1},
      {"/weights/coefficients", {1, "2"}},
      {"/weights/coefficients", {1, Json::array({2})}},
      {"/weights/coefficients", Json::array({Json::array({1, 2}), 3})},
      {"/weights/coefficients", Json::array({Json::array({1, 2}), Json::array({3})})},
      {"/weights/coefficients", Json::array({Json::array({1, nullptr})})},
      {"/weights/intercept", 0.5},
      {"/weights/intercept", {"0.5"}},
  };
  for (const auto& [pointer, value] : cases) {
    Json description = SampleDescription();
    description[Json::json_pointer(pointer)] = value;
    ExpectMalformed(description, "description");
  }
}

TEST(Pack, MembersOfALogisticModelHaveTheirTypes) {
  const std::pair<const char*, Json> cases[] = {
      {"learning_rate", "fast"}, {"learning_rate", 1e39},    {"tolerance", -1e39},
      {"max_iter", -1},          {"max_iter", 1.5},          {"max_iter", 4294967296},
      {"class_labels", "a"},     {"class_labels", {"a", 1}},
  };
  for (const auto& [member, value] : cases) {
    Json description = SampleDescription();
    description["model"] = {{"type", "logistic_regression"}, {member, value}};
    ExpectMalformed(description, std::string("model.") + member);
  }
}

TEST(Pack, MembersOfAPenaltyHaveTheirTypes) {
  for (const char* member : {"alpha", "l1_ratio"}) {
    Json description = SampleDescription();
    description["model"] = {{"type", "elastic_net"}, {member, "1"}};
    ExpectMalformed(description, std::string("model.") + member);
  }
}

TEST(Pack, UnknownMembersAreNamed) {
  for (const char* pointer : {"/colour", "/model/colour", "/features/0/colour",
                              "/provenance/colour", "/weights/colour"}) {
    Json description = SampleDescription();
    description[Json::json_pointer(pointer)] = "red";
    ExpectMalformed(description, "colour");
  }
}

TEST(Pack, MembersOfAnotherTypeOfModelAreUnknown) {
  const std::pair<const char*, const char*> cases[] = {{"linear_regression", "alpha"},
                                                       {"ridge", "l1_ratio"},
                                                       {"lasso", "max_iter"},
                                                       {"logistic_regression", "alpha"}};
  for (const auto& [type, member] : cases) {
    Json description = SampleDescription();
    description["model"] = {{"type", type}, {member, 1}};
    ExpectMalformed(description, member);
  }
}

TEST(Pack, WeightsInBothPlacesOrInNone) {
  Json description = SampleDescription();
  const Bytes weights = *WriteSafetensors(SampleTensors());
  EXPECT_EQ(PackText(DumpJson(description), weights).code(), ErrorCode::kDescriptionMalformed);
  description.erase("weights");
  EXPECT_EQ(PackText(DumpJson(description)).code(), ErrorCode::kDescriptionMalformed);
}

TEST(Pack, NumbersBeyondFloat32) {
  Json description = SampleDescription();
  description["weights"]["dtype"] = "F32";
  description["weights"]["coefficients"] = {1e39, 0};
  ExpectMalformed(description, "weights.coefficients");
}

TEST(Pack, RefusesWhatOpenWould) {
  Json description = SampleDescription();
  description["version"] = "one";
  EXPECT_EQ(StatusOf(description).code(), ErrorCode::kModelVersionInvalid);

  description = SampleDescription();
  description["weights"]["coefficients"] = {1, 2, 3};
  EXPECT_EQ(StatusOf(description).code(), ErrorCode::kTensorShape);

  description = SampleDescription();
  description["weights"]["coefficients"] = Json::array();
  EXPECT_EQ(StatusOf(description).code(), ErrorCode::kTensorShape);

  description = SampleDescription();
  description["features"][0]["type"] = "string";
  EXPECT_EQ(StatusOf(description).code(), ErrorCode::kFeatureTypeUnsupported);

  description = SampleDescription();
  description.erase("weights");
  EXPECT_EQ(PackText(DumpJson(description), AsBytes("hello")).code(),
            ErrorCode::kSafetensorsTooShort);
}

}  // namespace
}  // namespace andon
