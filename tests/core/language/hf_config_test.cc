#include <gtest/gtest.h>

#include <cmath>

#include "common/limits.h"
#include "language/model_config.h"
#include "tests/core/support/tiny_folder.h"

namespace andon {
namespace {

Result<ModelConfig> ConfigOf(const Json& json) { return ConfigOfJson(BytesOf(json)); }

Result<ModelConfig> ConfigWith(const std::string& name, const Json& value) {
  Json json = TinyConfig({});
  json[name] = value;
  return ConfigOf(json);
}

RopeConfig RopeWith(const Json& scaling, const std::string& name = "rope_scaling") {
  const auto config = ConfigWith(name, scaling);
  EXPECT_TRUE(config.ok()) << config.status().message();
  return config.ok() ? config->transformer.rope : RopeConfig();
}

TEST(ConfigOfJson, ReadsTheShapeOfEveryArchitecture) {
  for (const char* architecture : {"llama", "qwen2", "qwen3"}) {
    const auto config = ConfigOf(TinyConfig({.architecture = architecture}));
    ASSERT_TRUE(config.ok()) << config.status().message();
    EXPECT_EQ(config->architecture, architecture);
    EXPECT_EQ(config->tied, true);
    const TransformerConfig& shape = config->transformer;
    EXPECT_EQ(shape.layers, 2u);
    EXPECT_EQ(shape.hidden, 256u);
    EXPECT_EQ(shape.heads, 4u);
    EXPECT_EQ(shape.kv_heads, 2u);
    EXPECT_EQ(shape.head_dim, 64u);
    EXPECT_EQ(shape.vocabulary, 285u);
    EXPECT_EQ(shape.rope.dimensions, 64u);
    EXPECT_FALSE(shape.rope.interleaved);
    EXPECT_EQ(shape.rope.scaling, RopeScaling::kNone);
  }
}

TEST(ConfigOfJson, WhatIsAbsentOrNullFollowsFromTheRest) {
  Json json = TinyConfig({});
  for (const char* name :
       {"num_key_value_heads", "tie_word_embeddings", "rms_norm_eps", "rope_theta"})
    json.erase(name);
  json["head_dim"] = nullptr;
  json["rope_scaling"] = nullptr;
  const auto config = ConfigOf(json);
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->tied, false);
  EXPECT_EQ(config->transformer.kv_heads, 4u);
  EXPECT_EQ(config->transformer.head_dim, 64u);
  EXPECT_EQ(config->transformer.rope.base, 10'000);
}

TEST(ConfigOfJson, ReadsEveryRuleOfPositions) {
  const RopeConfig linear = RopeWith({{"type", "linear"}, {"factor", 4.0}});
  EXPECT_EQ(linear.scaling, RopeScaling::kLinear);
  EXPECT_EQ(linear.factor, 4);
  EXPECT_EQ(RopeWith({{"rope_type", "ntk"}, {"factor", 2}}).scaling, RopeScaling::kNtk);
  EXPECT_EQ(RopeWith({{"rope_type", "dynamic"}, {"factor", 2.0}}).scaling, RopeScaling::kNone);
  EXPECT_EQ(RopeWith({{"rope_type", "default"}}).scaling, RopeScaling::kNone);
  const RopeConfig llama = RopeWith({{"rope_type", "llama3"},
                                     {"factor", 32.0},
                                     {"low_freq_factor", 2.0},
                                     {"high_freq_factor", 8.0},
                                     {"original_max_position_embeddings", 8192}});
  EXPECT_EQ(llama.scaling, RopeScaling::kLlama3);
  EXPECT_EQ(llama.factor, 32);
  EXPECT_EQ(llama.low_frequency, 2);
  EXPECT_EQ(llama.high_frequency, 8);
  EXPECT_EQ(llama.original_context, 8192u);
}

TEST(ConfigOfJson, ReadsYarn) {
  const RopeConfig plain = RopeWith({{"rope_type", "yarn"}, {"factor", 4.0}});
  EXPECT_EQ(plain.scaling, RopeScaling::kYarn);
  EXPECT_EQ(plain.original_context, 512u);
  EXPECT_NEAR(plain.attention_factor, 0.1 * std::log(4.0) + 1, 1e-12);
  const RopeConfig stated = RopeWith({{"rope_type", "yarn"},
                                      {"factor", 4.0},
                                      {"attention_factor", 1.5},
                                      {"beta_fast", 16},
                                      {"beta_slow", 2},
                                      {"original_max_position_embeddings", 128}});
  EXPECT_EQ(stated.attention_factor, 1.5);
  EXPECT_EQ(stated.beta_fast, 16);
  EXPECT_EQ(stated.beta_slow, 2);
  EXPECT_EQ(stated.original_context, 128u);
  const RopeConfig scaled =
      RopeWith({{"rope_type", "yarn"}, {"factor", 4.0}, {"mscale", 2.0}, {"mscale_all_dim", 1.0}});
  const RopeConfig half = RopeWith({{"rope_type", "yarn"}, {"factor", 4.0}, {"mscale", 2.0}});
  EXPECT_EQ(half.attention_factor, plain.attention_factor);
  EXPECT_NEAR(scaled.attention_factor, (0.2 * std::log(4.0) + 1) / (0.1 * std::log(4.0) + 1),
              1e-12);
}

TEST(ConfigOfJson, ReadsTheParametersOfTransformers5) {
  const RopeConfig rope =
      RopeWith({{"rope_type", "default"}, {"rope_theta", 500'000.0}}, "rope_parameters");
  EXPECT_EQ(rope.base, 500'000);
}

TEST(ConfigOfJson, TurnsAPartOfEachHead) {
  const auto config = ConfigWith("partial_rotary_factor", 0.5);
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->transformer.rope.dimensions, 32u);
}

TEST(ConfigOfJson, OtherModelsAreRefusedByName) {
  const auto refused = [](const Result<ModelConfig>& config, std::string_view name) {
    EXPECT_EQ(config.code(), ErrorCode::kUnsupportedArchitecture);
    EXPECT_NE(config.status().message().find(name), std::string::npos) << config.status().message();
  };
  refused(ConfigWith("model_type", "gemma3"), "gemma3");
  refused(ConfigWith("hidden_act", "gelu"), "gelu");
  refused(ConfigWith("use_sliding_window", true), "sliding window");
  refused(ConfigWith("rope_scaling", {{"rope_type", "longrope"}}), "longrope");
  refused(ConfigWith("rope_scaling", {{"rope_type", "yarn"}, {"factor", 2.0}, {"truncate", false}}),
          "truncate");
}

TEST(ConfigOfJson, QuantizedWeightsAreRefusedByTheirMethod) {
  const auto mlx = ConfigWith("quantization", {{"bits", 4}, {"group_size", 32}});
  EXPECT_EQ(mlx.code(), ErrorCode::kQuantizationUnsupported);
  EXPECT_NE(mlx.status().message().find("mlx"), std::string::npos);
  const auto gptq = ConfigWith("quantization_config", {{"quant_method", "gptq"}});
  EXPECT_EQ(gptq.code(), ErrorCode::kQuantizationUnsupported);
  EXPECT_NE(gptq.status().message().find("gptq"), std::string::npos);
  EXPECT_EQ(ConfigWith("quantization", true).code(), ErrorCode::kQuantizationUnsupported);
}

TEST(ConfigOfJson, TheFirstOfSeveralWrongMembersIsNamed) {
  const auto config = ConfigOf({{"model_type", "llama"}});
  EXPECT_EQ(config.code(), ErrorCode::kModelConfig);
  EXPECT_NE(config.status().message().find("num_hidden_layers"), std::string::npos)
      << config.status().message();
}

TEST(ConfigOfJson, EveryWrongMemberIsRefused) {
  const std::vector<std::pair<std::string, Json>> wrong = {
      {"model_type", ""},
      {"model_type", 3},
      {"num_hidden_layers", limits::kMaxLayers + 1},
      {"num_hidden_layers", -1},
      {"hidden_size", 0},
      {"hidden_size", "256"},
      {"intermediate_size", 1.5},
      {"intermediate_size", nullptr},
      {"num_attention_heads", limits::kMaxHeads + 1},
      {"max_position_embeddings", limits::kMaxContext + 1},
      {"vocab_size", limits::kMaxVocabulary + 1},
      {"num_key_value_heads", 3},
      {"head_dim", limits::kMaxHeadDim + 1},
      {"rms_norm_eps", 0.0},
      {"rms_norm_eps", 1.0},
      {"rms_norm_eps", "small"},
      {"rope_theta", 0.5},
      {"tie_word_embeddings", 1},
      {"use_sliding_window", 1},
      {"hidden_act", 1},
      {"partial_rotary_factor", 0.0},
      {"partial_rotary_factor", 2.0},
      {"partial_rotary_factor", 0.02},
      {"rope_scaling", "linear"},
      {"rope_scaling", {{"type", 3}}},
      {"rope_scaling", {{"type", "linear"}, {"factor", 0.5}}},
      {"rope_scaling", {{"type", "llama3"}, {"low_freq_factor", 4.0}, {"high_freq_factor", 4.0}}},
      {"rope_scaling", {{"type", "yarn"}, {"beta_fast", 1.0}, {"beta_slow", 2.0}}},
      {"rope_scaling", {{"type", "yarn"}, {"attention_factor", 0.0}}},
      {"rope_scaling", {{"type", "yarn"}, {"beta_slow", 0.0}}},
      {"rope_scaling", {{"type", "yarn"}, {"original_max_position_embeddings", 0}}},
  };
  for (const auto& [name, value] : wrong) {
    EXPECT_EQ(ErrorCodeName(ConfigWith(name, value).code()), "ModelConfig")
        << name << " " << DumpJson(value);
  }
  EXPECT_EQ(ConfigOf(Json::array()).code(), ErrorCode::kModelConfig);
  EXPECT_EQ(ConfigOf(Json::object()).code(), ErrorCode::kModelConfig);
  EXPECT_EQ(ConfigOfJson(AsBytes("{")).code(), ErrorCode::kJsonSyntax);
}

}  // namespace
}  // namespace andon
