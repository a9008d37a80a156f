#include "formats/expert_metadata.h"

#include <gtest/gtest.h>

#include "formats/expert_metadata_rules.h"
#include "tests/core/support/files.h"

namespace andon {
namespace {

Json ReadJson(const char* path) {
  const auto text = ReadFile(std::filesystem::path(ANDON_SOURCE_DIR) / path);
  return text ? ParseJson(*text, path).value() : Json();
}

std::string_view CodeOf(std::string_view metadata) {
  const auto parsed = ParseExpertMetadata(AsBytes(metadata));
  return ErrorCodeName(parsed.ok() ? ErrorCode::kOk : parsed.code());
}

// The place that a JSON pointer (RFC 6901) without escapes names; the last member is made where it
// is missing.
template <typename AnyJson>
AnyJson& PlaceIn(AnyJson& root, std::string_view pointer) {
  AnyJson* place = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view key = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(key.size());
    place =
        place->is_array() ? &(*place)[std::stoul(std::string(key))] : &(*place)[std::string(key)];
  }
  return *place;
}

// What a case of tests/fixtures/expert-metadata-cases.json makes of the sample.
Json Changed(Json sample, const Json& change) {
  const auto at = change["at"].get<std::string>();
  if (!change.contains("value")) {
    const size_t last = at.rfind('/');
    PlaceIn(sample, std::string_view(at).substr(0, last)).erase(at.substr(last + 1));
    return sample;
  }
  Json value = change["value"];
  const size_t times = change.value("times", size_t{1});
  if (value.is_string()) {
    std::string text;
    for (size_t i = 0; i < times; ++i) text += value.get<std::string>();
    value = text;
  } else if (times > 1) {
    value = Json::array();
    for (size_t i = 0; i < times; ++i) value.push_back(change["value"][0]);
  }
  PlaceIn(sample, at) = value;
  return sample;
}

TEST(ExpertMetadata, CasesAreTakenOrRefused) {
  const Json fixture = ReadJson("tests/fixtures/expert-metadata-cases.json");
  ASSERT_TRUE(fixture.is_object());
  for (const Json& change : fixture["cases"]) {
    const Json metadata = Changed(fixture["sample"], change);
    EXPECT_EQ(CodeOf(DumpJson(metadata)),
              change["valid"].get<bool>() ? "Ok" : "ExpertMetadataField")
        << change["name"];
  }
}

// The definition that a schema refers to, or itself.
const Json& Resolved(const Json& schema, const Json& root) {
  if (!schema.contains("$ref")) return schema;
  const auto place = schema["$ref"].get<std::string>();
  return PlaceIn(root, std::string_view(place).substr(1));
}

void ExpectSame(const Json& referring, const ValueRule& rule, const Json& root,
                const std::string& path) {
  using Kind = ValueRule::Kind;
  const Json& schema = Resolved(referring, root);
  switch (rule.kind) {
    case Kind::kText:
      // Where there is a pattern or a list of texts, it says what is the least.
      EXPECT_EQ(schema.contains("pattern") || schema.contains("enum"), rule.form != nullptr)
          << path;
      if (!rule.form) EXPECT_EQ(schema["minLength"], rule.min) << path;
      if (schema.contains("maxLength")) EXPECT_EQ(schema["maxLength"], rule.max) << path;
      return;
    case Kind::kWhole:
    case Kind::kNumber:
      EXPECT_EQ(schema["type"], rule.kind == Kind::kWhole ? "integer" : "number") << path;
      EXPECT_EQ(schema["minimum"], rule.min) << path;
      EXPECT_EQ(schema["maximum"], rule.max) << path;
      return;
    case Kind::kBool:
      EXPECT_EQ(schema["type"], "boolean") << path;
      return;
    case Kind::kList:
      EXPECT_EQ(schema["maxItems"], rule.max) << path;
      ExpectSame(schema["items"], *rule.element, root, path + "[]");
      return;
    case Kind::kValues:
      EXPECT_EQ(schema["maxProperties"], rule.max) << path;
      return;
    case Kind::kFree:
      EXPECT_EQ(schema["type"], "object") << path;
      EXPECT_FALSE(schema.contains("properties")) << path;
      return;
    case Kind::kObject:
      break;
  }
  EXPECT_EQ(schema["additionalProperties"], false) << path;
  ASSERT_EQ(schema["properties"].size(), rule.members.size()) << path;
  Json required = Json::array();
  for (const MemberRule& member : rule.members) {
    const std::string key(member.key);
    ASSERT_TRUE(schema["properties"].contains(key)) << path << "." << key;
    ExpectSame(schema["properties"][key], *member.rule, root, path + "." + key);
    if (member.required) required.push_back(key);
  }
  EXPECT_EQ(schema.value("required", Json::array()), required) << path;
}

TEST(ExpertMetadata, SchemaAndTableSayTheSame) {
  const Json schema = ReadJson("schemas/expert-metadata.schema.json");
  ASSERT_TRUE(schema.is_object());
  ExpectSame(schema, ExpertMetadataRule(), schema, "metadata");
}

TEST(ExpertMetadata, MembersAreReadOut) {
  const auto metadata = ParseExpertMetadata(AsBytes(
      R"({"name":"expert-sql","version":"1.2.3","release_counter":9007199254740991,"base_model":)"
      R"({"name":"b","shapes":{"layers":1,"hidden":2.0,"intermediate":3,"heads":4,"kv_heads":5,)"
      R"("head_dim":6,"vocabulary":7}}})"));
  ASSERT_TRUE(metadata.ok()) << metadata.status().message();
  EXPECT_EQ(metadata->name, "expert-sql");
  EXPECT_EQ(metadata->version, "1.2.3");
  EXPECT_EQ(metadata->release_counter, 9007199254740991u);
  ASSERT_TRUE(metadata->shapes.has_value());
  EXPECT_EQ(metadata->shapes->layers, 1u);
  EXPECT_EQ(metadata->shapes->hidden, 2u);
  EXPECT_EQ(metadata->shapes->intermediate, 3u);
  EXPECT_EQ(metadata->shapes->heads, 4u);
  EXPECT_EQ(metadata->shapes->kv_heads, 5u);
  EXPECT_EQ(metadata->shapes->head_dim, 6u);
  EXPECT_EQ(metadata->shapes->vocabulary, 7u);
}

TEST(ExpertMetadata, WithoutCounterAndShapes) {
  const auto metadata = ParseExpertMetadata(
      AsBytes(R"({"name":"expert-a","version":"1.0.0","base_model":{"name":"b"}})"));
  ASSERT_TRUE(metadata.ok());
  EXPECT_EQ(metadata->release_counter, 0u);
  EXPECT_FALSE(metadata->shapes.has_value());
}

TEST(ExpertMetadata, MessagesNameTheMember) {
  const auto message = [](std::string_view metadata) {
    return ParseExpertMetadata(AsBytes(metadata)).status().message();
  };
  EXPECT_EQ(message(R"({"name":"expert-a","version":"1.0.0","tags":["a",1]})"),
            "metadata.tags[1]: not a text of 1 to 128 characters");
  EXPECT_EQ(message(R"({"name":"expert-a","version":"1.0.0","routing":{"_x":1}})"),
            "metadata.routing.'_x': unknown member");
  EXPECT_EQ(message(R"({"name":"expert-a"})"), "metadata.version: missing");
}

TEST(ExpertMetadata, DuplicateKeysAreRefused) {
  EXPECT_EQ(CodeOf(R"({"name":"expert-a","version":"1.0.0","name":"expert-b"})"),
            "JsonDuplicateKey");
}

TEST(ExpertMetadata, WhatIsNoJsonIsRefused) { EXPECT_EQ(CodeOf("{"), "JsonSyntax"); }

TEST(BaseConfig, ShapesAreReadOut) {
  const auto shapes = ParseBaseConfig(
      AsBytes(R"({"architectures":["Qwen3ForCausalLM"],"num_hidden_layers":28,"hidden_size":1024,)"
              R"("intermediate_size":3072,"num_attention_heads":16,"num_key_value_heads":8,)"
              R"("head_dim":128,"vocab_size":151936})"));
  ASSERT_TRUE(shapes.ok()) << shapes.status().message();
  EXPECT_EQ(shapes->layers, 28u);
  EXPECT_EQ(shapes->hidden, 1024u);
  EXPECT_EQ(shapes->intermediate, 3072u);
  EXPECT_EQ(shapes->heads, 16u);
  EXPECT_EQ(shapes->kv_heads, 8u);
  EXPECT_EQ(shapes->head_dim, 128u);
  EXPECT_EQ(shapes->vocabulary, 151936u);
}

Json SampleConfig() {
  return {{"num_hidden_layers", 2},
          {"hidden_size", 64},
          {"intermediate_size", 128},
          {"num_attention_heads", 4},
          {"vocab_size", 100}};
}

TEST(BaseConfig, HeadsMayBeLeftOutOrNull) {
  Json config = SampleConfig();
  config["head_dim"] = nullptr;
  const auto shapes = ParseBaseConfig(AsBytes(DumpJson(config)));
  ASSERT_TRUE(shapes.ok()) << shapes.status().message();
  EXPECT_EQ(shapes->kv_heads, 4u);
  EXPECT_EQ(shapes->head_dim, 16u);
}

std::string_view ConfigCode(const char* key, const Json& value) {
  Json config = SampleConfig();
  config[key] = value;
  const auto shapes = ParseBaseConfig(AsBytes(DumpJson(config)));
  return ErrorCodeName(shapes.ok() ? ErrorCode::kOk : shapes.code());
}

TEST(BaseConfig, WhatIsNoSizeIsRefused) {
  EXPECT_EQ(ConfigCode("hidden_size", 64.0), "Ok");
  EXPECT_EQ(ConfigCode("vocab_size", 16'777'216), "Ok");
  EXPECT_EQ(ConfigCode("vocab_size", 16'777'217), "BaseConfig");
  for (const Json& value : {Json(0), Json(-1), Json(1.5), Json("64"), Json(nullptr), Json(1e300)}) {
    EXPECT_EQ(ConfigCode("hidden_size", value), "BaseConfig") << value;
  }
}

TEST(BaseConfig, HeadsThatDoNotDivideAreRefused) {
  EXPECT_EQ(ConfigCode("num_key_value_heads", 3), "BaseConfig");
  EXPECT_EQ(ConfigCode("hidden_size", 65), "BaseConfig");
}

TEST(BaseConfig, MissingMembersAreRefused) {
  const Json sample = SampleConfig();
  for (const auto& [key, value] : sample.items()) {
    Json config = SampleConfig();
    config.erase(key);
    EXPECT_EQ(ParseBaseConfig(AsBytes(DumpJson(config))).code(), ErrorCode::kBaseConfig) << key;
  }
}

TEST(BaseConfig, WhatIsNoObjectIsRefused) {
  EXPECT_EQ(ParseBaseConfig(AsBytes("[]")).code(), ErrorCode::kBaseConfig);
}

TEST(BaseConfig, WhatIsNoJsonIsRefused) {
  EXPECT_EQ(ParseBaseConfig(AsBytes("{")).code(), ErrorCode::kJsonSyntax);
}

}  // namespace
}  // namespace andon
