#include <gtest/gtest.h>

#include "formats/expert_metadata.h"
#include "tests/core/support/files.h"

namespace andon {
namespace {

Json Sample() { return {{"name", "expert-sql"}, {"version", "0.3.0"}, {"schema_version", "2.0"}}; }

ErrorCode CodeOf(const Json& manifest) {
  return ParseManifestV1(AsBytes(DumpJson(manifest))).code();
}

ErrorCode CodeWith(const char* key, const Json& value) {
  Json manifest = Sample();
  manifest[key] = value;
  return CodeOf(manifest);
}

// REQUIRES: a manifest that is read.
Json Upgraded(const Json& manifest) {
  return UpgradeManifest(ParseManifestV1(AsBytes(DumpJson(manifest))).value());
}

Json UpgradedWith(const char* key, const Json& value) {
  Json manifest = Sample();
  manifest[key] = value;
  return Upgraded(manifest);
}

TEST(ManifestV1, UnknownMembersAndCommentsAreKept) {
  Json manifest = Sample();
  manifest["colour"] = "red";
  manifest["routing"] = {{"_comment", "x"}};
  const auto parsed = ParseManifestV1(AsBytes(DumpJson(manifest)));
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->json, manifest);
  EXPECT_EQ(parsed->name, "expert-sql");
  EXPECT_EQ(parsed->version, "0.3.0");
}

TEST(ManifestV1, NamesNeedNoPrefix) {
  for (const char* name : {"test-expert-v1", "a", "Expert_1.0"}) {
    EXPECT_EQ(CodeWith("name", name), ErrorCode::kOk) << name;
  }
  for (const Json& name : {Json(""), Json("a b"), Json("a/b"), Json("é"), Json(1), Json(nullptr),
                           Json(std::string(129, 'a'))}) {
    EXPECT_EQ(CodeWith("name", name), ErrorCode::kManifestV1) << name;
  }
}

TEST(ManifestV1, VersionIsSemantic) {
  EXPECT_EQ(CodeWith("version", "1.0"), ErrorCode::kManifestV1);
  EXPECT_EQ(CodeWith("version", 1), ErrorCode::kManifestV1);
}

TEST(ManifestV1, SchemasThatWerePublished) {
  EXPECT_EQ(CodeWith("schema_version", "1.0"), ErrorCode::kOk);
  EXPECT_EQ(CodeWith("schema_version", "3.0"), ErrorCode::kManifestV1);
  EXPECT_EQ(CodeOf({{"name", "a"}, {"version", "1.0.0"}}), ErrorCode::kOk);
}

TEST(ManifestV1, MembersOfAnotherType) {
  for (const char* key :
       {"base_model", "integrity", "training", "routing", "constraints", "base_models", "adapters",
        "soft_prompts", "capabilities", "tags", "limitations"}) {
    EXPECT_EQ(CodeWith(key, "text"), ErrorCode::kManifestV1) << key;
    EXPECT_EQ(CodeWith(key, nullptr), ErrorCode::kOk) << key;
  }
  for (const char* key : {"base_models", "adapters", "soft_prompts"}) {
    EXPECT_EQ(CodeWith(key, Json::array({1})), ErrorCode::kManifestV1) << key;
  }
}

TEST(ManifestV1, ReleaseCounter) {
  const auto parsed = ParseManifestV1(
      AsBytes(R"({"name":"a","version":"1.0.0","release_counter":9007199254740991})"));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->release_counter, 9007199254740991u);
  for (const Json& counter : {Json(-1), Json(1.5), Json("1"), Json(9007199254740992u)}) {
    EXPECT_EQ(CodeWith("release_counter", counter), ErrorCode::kManifestV1) << counter;
  }
}

TEST(ManifestV1, WhatIsNoObjectIsRefused) {
  EXPECT_EQ(CodeOf(Json::array()), ErrorCode::kManifestV1);
}

TEST(ManifestV1, DuplicateKeysAreRefused) {
  EXPECT_EQ(ParseManifestV1(AsBytes(R"({"name":"a","version":"1.0.0","name":"b"})")).code(),
            ErrorCode::kJsonDuplicateKey);
}

TEST(UpgradeManifest, TakesAdapterAndBaseModelOfSchema1) {
  Json manifest = Sample();
  manifest["schema_version"] = "1.0";
  manifest["base_model"] = {
      {"name", "Qwen3-0.6B"}, {"sha256", "unset"}, {"rope_scaling", "yarn-128k"}};
  manifest["adapters"] = {{{"type", "lora"}, {"r", 16}, {"alpha", 32}, {"sha256", ""}}};
  const Json metadata = Upgraded(manifest);
  EXPECT_EQ(metadata["base_model"],
            (Json{{"name", "Qwen3-0.6B"}, {"rope_scaling", {{"type", "yarn-128k"}}}}));
  EXPECT_EQ(metadata["adapter"], (Json{{"kind", "lora"}, {"rank", 16}, {"alpha", 32}}));
}

TEST(UpgradeManifest, TakesTheFirstBaseModelOfSchema2) {
  const Json first = {{"name", "a"}, {"adapters", {{{"type", "lora"}, {"use_dora", true}}}}};
  const Json second = {{"name", "b"}, {"adapters", Json::array()}};
  const Json metadata = UpgradedWith("base_models", {first, second});
  EXPECT_EQ(metadata["base_model"]["name"], "a");
  EXPECT_EQ(metadata["adapter"]["kind"], "dora");
}

TEST(UpgradeManifest, FoldersOfTheMakerAreNoNamesOfModels) {
  const auto name_of = [](const char* name) {
    return UpgradedWith("base_model", {{"name", name}})["base_model"]["name"];
  };
  EXPECT_EQ(name_of("F:/Node/models/Qwen3-0.6B"), "Qwen3-0.6B");
  EXPECT_EQ(name_of("F:\\models\\Qwen3-0.6B"), "Qwen3-0.6B");
  EXPECT_EQ(name_of("/home/me/Qwen3-0.6B"), "Qwen3-0.6B");
  EXPECT_EQ(name_of("./Qwen3-0.6B"), "Qwen3-0.6B");
  EXPECT_EQ(name_of("~/Qwen3-0.6B"), "Qwen3-0.6B");
  EXPECT_EQ(name_of("Qwen/Qwen3-0.6B"), "Qwen/Qwen3-0.6B");
}

TEST(UpgradeManifest, DecodingIsTakenOutOfTraining) {
  const Json metadata = UpgradedWith(
      "training",
      {{"epochs", 3}, {"decoding", {{"top_k", 20}, {"validation_cmd", "tsc"}, {"_comment", "x"}}}});
  EXPECT_EQ(metadata["training"], (Json{{"epochs", 3}}));
  EXPECT_EQ(metadata["decoding"], (Json{{"top_k", 20}}));
}

TEST(UpgradeManifest, LimitationsThatAreTexts) {
  const Json described = {{"description", "b"}};
  const Json metadata = UpgradedWith("limitations", {"a", described, 1});
  EXPECT_EQ(metadata["limitations"], (Json{{{"description", "a"}}, described}));
}

TEST(UpgradeManifest, WhatDoesNotFitIsLeftOut) {
  Json manifest = Sample();
  manifest["_comment"] = "x";
  manifest["repository"] = {{"type", "git"}};
  manifest["homepage"] = "javascript:alert(1)";
  manifest["tags"] = {"sql", 1, ""};
  manifest["quality_metrics"] = {{"score", 8.5}, {"_comment", "x"}, {"list", Json::array()}};
  manifest["constraints"] = {{"max_chain", 10}, {"load_order", "first"}};
  for (int i = 0; i < 70; ++i) manifest["soft_prompts"].push_back({{"name", "p"}, {"tokens", 1}});
  const Json metadata = Upgraded(manifest);
  EXPECT_FALSE(metadata.contains("_comment"));
  EXPECT_FALSE(metadata.contains("repository"));
  EXPECT_FALSE(metadata.contains("homepage"));
  EXPECT_FALSE(metadata.contains("adapter"));
  EXPECT_FALSE(metadata.contains("base_model"));
  EXPECT_EQ(metadata["tags"], Json{"sql"});
  EXPECT_EQ(metadata["quality_metrics"], (Json{{"score", 8.5}}));
  EXPECT_EQ(metadata["constraints"], (Json{{"max_chain", 10}}));
  EXPECT_EQ(metadata["soft_prompts"].size(), 64u);
  EXPECT_TRUE(ParseExpertMetadata(AsBytes(DumpJson(metadata))).ok());
}

TEST(UpgradeManifest, NamesThatAreNoGoodAreLeftForTheCheck) {
  Json manifest = Sample();
  manifest["name"] = "test-expert-v1";
  const auto parsed = ParseExpertMetadata(AsBytes(DumpJson(Upgraded(manifest))));
  EXPECT_EQ(parsed.code(), ErrorCode::kExpertMetadataField);
}

TEST(UpgradeManifest, MoreMetricsThanFit) {
  Json metrics = Json::object();
  for (int i = 0; i < 300; ++i) metrics["m" + std::to_string(i)] = i;
  EXPECT_EQ(UpgradedWith("quality_metrics", metrics)["quality_metrics"].size(), 256u);
}

nlohmann::json Sorted(const Json& value) { return nlohmann::json::parse(value.dump()); }

TEST(DowngradeMetadata, UpgradingGivesTheMetadataBack) {
  const auto file = ReadFile(std::filesystem::path(ANDON_SOURCE_DIR) /
                             "tests/fixtures/expert-metadata-cases.json");
  ASSERT_TRUE(file.has_value());
  const Json sample = ParseJson(*file, "cases").value()["sample"];
  for (const Json& json :
       {sample, Json{{"name", "expert-a"}, {"version", "1.0.0"}},
        Json{{"name", "expert-a"}, {"version", "1.0.0"}, {"adapter", {{"kind", "osd"}}}},
        Json{{"name", "expert-a"}, {"version", "1.0.0"}, {"decoding", {{"top_k", 1}}}}}) {
    const auto metadata = ParseExpertMetadata(AsBytes(DumpJson(json)));
    ASSERT_TRUE(metadata.ok()) << metadata.status().message();
    const Json manifest = DowngradeMetadata(*metadata);
    EXPECT_EQ(manifest["schema_version"], "2.0");
    EXPECT_EQ(Sorted(Upgraded(manifest)), Sorted(json));
  }
}

TEST(ManifestV1, GenuineManifestsAreReadAndUpgraded) {
  const auto folder = SharedFolder("data/expert");
  if (!folder) return;
  for (const char* path :
       {"expert-sql/manifest.json", "expert-json/manifest.json", "schema/manifest_v1.json",
        "schema/manifest_v2.json", "schema/example-expert-complete.json"}) {
    const auto text = ReadFile(*folder / path);
    ASSERT_TRUE(text.has_value()) << path;
    const auto manifest = ParseManifestV1(*text);
    ASSERT_TRUE(manifest.ok()) << path << ": " << manifest.status().message();
    Json metadata = UpgradeManifest(*manifest);
    for (const char* key : {"description", "author", "capabilities", "base_model", "adapter",
                            "constraints", "training"}) {
      EXPECT_TRUE(metadata.contains(key)) << path << ": " << key;
    }
    metadata["name"] = "expert-any";  // those of the schema folder have names of their own
    const auto parsed = ParseExpertMetadata(AsBytes(DumpJson(metadata)));
    EXPECT_TRUE(parsed.ok()) << path << ": " << parsed.status().message();
  }
}

TEST(UpgradeManifest, KeepsWhatGenuineManifestsSay) {
  const auto folder = SharedFolder("data/expert");
  if (!folder) return;
  for (const char* path : {"expert-sql/manifest.json", "expert-json/manifest.json"}) {
    const Json manifest = ParseJson(*ReadFile(*folder / path), path).value();
    const Json metadata = Upgraded(manifest);
    for (const char* key : {"name", "version", "description", "author", "homepage", "license",
                            "tags", "capabilities", "limitations", "constraints"}) {
      EXPECT_EQ(metadata[key], manifest[key]) << path << ": " << key;
    }
    EXPECT_EQ(metadata["base_model"]["name"], "Qwen3-0.6B");
    EXPECT_EQ(metadata["adapter"]["rank"], manifest["base_models"][0]["adapters"][0]["r"]);
    EXPECT_EQ(metadata["routing"]["priority"], manifest["routing"]["priority"]);
    EXPECT_EQ(metadata["decoding"]["top_k"], manifest["training"]["decoding"]["top_k"]);
  }
}

}  // namespace
}  // namespace andon
