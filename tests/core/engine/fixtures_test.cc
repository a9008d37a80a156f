// Files made by an independent encoder (tests/fixtures/make_fixtures.py), and a decoder's view of
// ours.

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <map>

#include "common/json.h"
#include "engine/engine.h"
#include "engine/pack.h"
#include "tests/core/support/files.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

const std::filesystem::path kFixtures = std::filesystem::path(ANDON_SOURCE_DIR) / "tests/fixtures";

Bytes Fixture(const std::string& name) {
  auto file = ReadFile(kFixtures / name);
  EXPECT_TRUE(file.has_value()) << name;
  return file.value_or(Bytes());
}

Json JsonFixture(const std::string& name) {
  const auto json = ParseJson(Fixture(name), name);
  EXPECT_TRUE(json.ok()) << json.status().message();
  return json.ok() ? *json : Json();
}

Json DescriptionOf(const std::string& name) {
  const OpenOutcome outcome = Open(Fixture(name), Policy{});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.message();
  if (!outcome.status.ok()) return {};
  return *ParseJson(AsBytes(outcome.model->description), name);
}

TEST(Fixtures, PredictAsTheirMakerDoes) {
  const Json expected = JsonFixture("expected.json");
  EXPECT_EQ(expected.size(), 4U);
  for (const auto& [name, model_expected] : expected.items()) {
    SCOPED_TRACE(name);
    const OpenOutcome outcome = Open(Fixture(name), Policy{});
    ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
    const Json verdict = *ParseJson(AsBytes(VerdictJson(outcome.verdict)), "verdict");
    EXPECT_EQ(verdict["signer"], model_expected.value("signer", Json()));

    const Predictor& predictor = *outcome.model->predictor;
    for (size_t i = 0; i < model_expected["rows"].size(); ++i) {
      const std::vector<double> row = model_expected["rows"][i];
      const std::vector<double> outputs = model_expected["outputs"][i];
      ASSERT_EQ(predictor.output_count(), outputs.size());
      std::vector<double> out(outputs.size());
      predictor.Run(row.data(), 1, out.data());
      for (size_t j = 0; j < out.size(); ++j) EXPECT_NEAR(out[j], outputs[j], 1e-12) << i;
    }
  }
}

TEST(Fixtures, EveryFieldIsRead) {
  Json description = DescriptionOf("elastic_net.aprender");
  description.erase("files");
  EXPECT_EQ(description.dump(),
            R"({"format":"aprender","formatVersion":2,"schemaVersion":2,)"
            R"("modelId":"11111111-2222-3333-4444-555555555555","version":"2.0.1-rc.1+build.7",)"
            R"("compatibility":"minor","task":"regression","architecture":{"type":"elastic_net",)"
            R"("fitIntercept":true,"alpha":0.1,"l1Ratio":0.5,)"
            R"("hyperparameters":{"grüße":"日本","max_iter":"1000"}},"classes":[],)"
            R"("features":[{"name":"a","type":"float32","nullable":false},)"
            R"({"name":"b","type":"int32","nullable":true},)"
            R"({"name":"c","type":"bool","nullable":false}],)"
            R"("provenance":{"gitCommit":"0123abc","gitDirty":"false","datasetHash":"sha256:feed",)"
            R"("randomSeed":"18446744073709551615","trainingTimestamp":1700000000,)"
            R"("trainingDuration":"1.5 s","platform":"x86_64-linux","rustVersion":"1.75.0",)"
            R"("aprenderVersion":"0.4.1"},"tensors":[{"name":"b","dtype":"F32","shape":[1]},)"
            R"({"name":"w","dtype":"F32","shape":[3]}]})");
}

TEST(Fixtures, SchemaVersion1IsUpgraded) {
  const Json description = DescriptionOf("schema_1.aprender");
  EXPECT_EQ(description["schemaVersion"], 2);
  EXPECT_EQ(description["architecture"].dump(),
            R"({"type":"ridge","fitIntercept":true,"alpha":0.5,"hyperparameters":{}})");
}

// Writer and independent encoder agree on metadata, weights, manifest, signature and archive.
TEST(Fixtures, PackMakesTheSameBytes) {
  const Bytes description = Fixture("logistic_signed.json");
  Ed25519Seed seed;
  for (size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<uint8_t>(i);
  const auto file = Pack({.description = description, .signing_seed = seed});
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(*file, Fixture("logistic_signed.aprender"));
}

#ifndef __EMSCRIPTEN__  // no other programs there

TEST(Fixtures, ProtocDecodesWhatIsWritten) {
  aprender::v2::ModelPackage package = SampleLogistic();
  package.mutable_metadata()->mutable_provenance()->set_random_seed(0);
  package.mutable_architecture()->mutable_logistic()->add_class_labels("größer");
  const auto path = std::filesystem::path(testing::TempDir()) / "andon_metadata.pb";
  WriteFile(path, SerializeAprenderMetadata(package));

  const std::filesystem::path proto = std::filesystem::path(ANDON_SOURCE_DIR) / "proto";
  const std::string command = "protoc --decode=aprender.v2.ModelPackage --proto_path='" +
                              proto.string() + "' aprender_models.proto < '" + path.string() + "'";
  FILE* const pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string text;
  char piece[4096];
  while (const size_t count = std::fread(piece, 1, sizeof(piece), pipe)) text.append(piece, count);
  EXPECT_EQ(pclose(pipe), 0);
  std::filesystem::remove(path);

  EXPECT_EQ(text.substr(0, text.find("  checksums {")),
            "metadata {\n"
            "  model_id: \"6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11\"\n"
            "  version: \"1.2.3\"\n"
            "  schema_version: 2\n"
            "  provenance {\n"
            "    random_seed: 0\n"
            "  }\n");
  EXPECT_EQ(text.substr(text.find("architecture {")),
            "architecture {\n"
            "  logistic {\n"
            "    weights_tensor_name: \"coefficients\"\n"
            "    intercept_tensor_name: \"intercept\"\n"
            "    learning_rate: 0.01\n"
            "    max_iter: 1000\n"
            "    tolerance: 0.0001\n"
            "    class_labels: \"gr\\303\\266\\303\\237er\"\n"
            "  }\n"
            "}\n"
            "input_schema {\n"
            "  features {\n"
            "    name: \"x\"\n"
            "    type: FLOAT64\n"
            "  }\n"
            "  features {\n"
            "    name: \"z\"\n"
            "    type: FLOAT64\n"
            "  }\n"
            "}\n");
}

#endif

}  // namespace
}  // namespace andon
