#include <gtest/gtest.h>

#include <cmath>

#include "common/limits.h"
#include "language/model_config.h"
#include "tests/core/support/tiny_model.h"

namespace andon {
namespace {

GgufWriter Qwen3() {
  GgufWriter writer;
  WriteConfig({}, writer);
  return writer.Texts("tokenizer.ggml.tokens", {"a", "b"});
}

Result<ModelConfig> ConfigOf(const GgufWriter& writer) {
  const Bytes file = writer.File();
  const auto gguf = ParseGguf(file, file.size());
  EXPECT_TRUE(gguf.ok()) << gguf.status().message();
  return ConfigOfGguf(*gguf);
}

RopeConfig RopeOf(const GgufWriter& writer) {
  const auto config = ConfigOf(writer);
  EXPECT_TRUE(config.ok()) << config.status().message();
  return config.ok() ? config->transformer.rope : RopeConfig();
}

TEST(ConfigOfGguf, ReadsTheShape) {
  const auto config = ConfigOf(Qwen3());
  ASSERT_TRUE(config.ok()) << config.status().message();
  const TransformerConfig& shape = config->transformer;
  EXPECT_EQ(config->architecture, "qwen3");
  EXPECT_FALSE(config->tied.has_value());
  EXPECT_EQ(shape.layers, 2u);
  EXPECT_EQ(shape.hidden, 256u);
  EXPECT_EQ(shape.intermediate, 256u);
  EXPECT_EQ(shape.heads, 4u);
  EXPECT_EQ(shape.kv_heads, 2u);
  EXPECT_EQ(shape.head_dim, 64u);
  EXPECT_EQ(shape.context, 512u);
  EXPECT_EQ(shape.vocabulary, 2u);
  EXPECT_FLOAT_EQ(shape.norm_epsilon, 1e-6F);
  EXPECT_EQ(shape.rope.dimensions, 64u);
  EXPECT_EQ(shape.rope.base, 10'000);
  EXPECT_EQ(shape.rope.scaling, RopeScaling::kNone);
}

TEST(ConfigOfGguf, OnlyLlamaTurnsNeighbours) {
  for (const char* architecture : {"llama", "qwen2", "qwen3"}) {
    GgufWriter writer;
    WriteConfig({.architecture = architecture}, writer);
    EXPECT_EQ(RopeOf(writer.Texts("tokenizer.ggml.tokens", {"a"})).interleaved,
              architecture == std::string("llama"));
  }
}

TEST(ConfigOfGguf, WhatMayBeAbsentFollowsFromTheRest) {
  GgufWriter writer;
  writer.Text("general.architecture", "llama")
      .Number("llama.block_count", 1)
      .Number("llama.context_length", 64);
  writer.Number("llama.embedding_length", 64)
      .Number("llama.feed_forward_length", 64)
      .Number("llama.attention.head_count", 4);
  const auto config =
      ConfigOf(writer.Tensor("token_embd.weight", {64, 3}, WeightType::kF32, Bytes(768)));
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->transformer.kv_heads, 4u);
  EXPECT_EQ(config->transformer.head_dim, 16u);
  EXPECT_EQ(config->transformer.vocabulary, 3u);
  EXPECT_FLOAT_EQ(config->transformer.norm_epsilon, 1e-5F);
}

TEST(ConfigOfGguf, ScalesPositionsLinearly) {
  const RopeConfig rope = RopeOf(
      Qwen3().Text("qwen3.rope.scaling.type", "linear").Real("qwen3.rope.scaling.factor", 4));
  EXPECT_EQ(rope.scaling, RopeScaling::kLinear);
  EXPECT_EQ(rope.factor, 4);
  EXPECT_EQ(RopeOf(Qwen3().Real("qwen3.rope.scale_linear", 2)).scaling, RopeScaling::kLinear);
}

TEST(ConfigOfGguf, ScalesPositionsByYarn) {
  GgufWriter writer = Qwen3();
  writer.Text("qwen3.rope.scaling.type", "yarn").Real("qwen3.rope.scaling.factor", 4);
  const RopeConfig plain = RopeOf(writer);
  EXPECT_EQ(plain.scaling, RopeScaling::kYarn);
  EXPECT_EQ(plain.original_context, 512u);
  EXPECT_NEAR(plain.attention_factor, 0.1 * std::log(4.0) + 1, 1e-12);
  writer.Number("qwen3.rope.scaling.original_context_length", 128)
      .Real("qwen3.rope.scaling.attn_factor", 0.5F)
      .Real("qwen3.rope.scaling.yarn_beta_fast", 16)
      .Real("qwen3.rope.scaling.yarn_beta_slow", 2);
  const RopeConfig stated = RopeOf(writer);
  EXPECT_EQ(stated.original_context, 128u);
  EXPECT_NEAR(stated.attention_factor, plain.attention_factor / 2, 1e-12);
  EXPECT_EQ(stated.beta_fast, 16);
  EXPECT_EQ(stated.beta_slow, 2);
}

TEST(ConfigOfGguf, ScalesPositionsByNtkOrNotAtAll) {
  GgufWriter ntk = Qwen3(), none = Qwen3();
  EXPECT_EQ(RopeOf(ntk.Text("qwen3.rope.scaling.type", "ntk").Real("qwen3.rope.scaling.factor", 2))
                .scaling,
            RopeScaling::kNtk);
  EXPECT_EQ(RopeOf(none.Text("qwen3.rope.scaling.type", "none")).scaling, RopeScaling::kNone);
}

TEST(ConfigOfGguf, OtherModelsAreRefusedByName) {
  const auto refused = [](const GgufWriter& writer, std::string_view name) {
    const auto config = ConfigOf(writer);
    EXPECT_EQ(config.code(), ErrorCode::kUnsupportedArchitecture);
    EXPECT_NE(config.status().message().find(name), std::string::npos) << config.status().message();
  };
  refused(GgufWriter().Text("general.architecture", "mamba"), "mamba");
  refused(Qwen3().Number("qwen3.expert_count", 8), "mixture of experts");
  refused(Qwen3().Text("qwen3.rope.scaling.type", "longrope"), "longrope");
}

// A pair that is missing, of another type, or outside its range.
TEST(ConfigOfGguf, EveryWrongPairIsRefused) {
  EXPECT_EQ(ConfigOf(GgufWriter()).code(), ErrorCode::kGgufPair);
  const std::vector<std::pair<std::string, uint32_t>> wrong = {
      {"block_count", limits::kMaxLayers + 1},
      {"embedding_length", limits::kMaxFeatureWidth + 1},
      {"feed_forward_length", 0},
      {"attention.head_count", limits::kMaxHeads + 1},
      {"context_length", limits::kMaxContext + 1},
      {"attention.head_count_kv", 3},
      {"attention.key_length", limits::kMaxHeadDim + 1},
      {"attention.value_length", 32},
      {"attention.layer_norm_rms_epsilon", 1},
      {"rope.dimension_count", 7},
      {"rope.freq_base", 1},
      {"rope.scaling.factor", 0},
  };
  GgufWriter all;
  WriteConfig({}, all);
  for (const auto& [name, value] : wrong) {
    // The pairs of WriteConfig but this one, and this one.
    Bytes file = Qwen3().File();
    Gguf gguf = *ParseGguf(file, file.size());
    gguf.pairs["qwen3." + name] = uint64_t{value};
    EXPECT_EQ(ConfigOfGguf(gguf).code(), ErrorCode::kGgufPair) << name;
    gguf.pairs["qwen3." + name] = std::string("a text");
    EXPECT_EQ(ConfigOfGguf(gguf).code(), ErrorCode::kGgufPair) << name;
  }
  Bytes file = Qwen3().File();
  Gguf gguf = *ParseGguf(file, file.size());
  gguf.pairs["qwen3.rope.scaling.type"] = uint64_t{1};
  EXPECT_EQ(ConfigOfGguf(gguf).code(), ErrorCode::kGgufPair);
}

TEST(ConfigOfGguf, AVocabularyIsNeeded) {
  GgufWriter none, wrong;
  WriteConfig({}, none);
  WriteConfig({}, wrong);
  EXPECT_EQ(ConfigOf(none).code(), ErrorCode::kGgufPair);
  EXPECT_EQ(ConfigOf(wrong.Integers("tokenizer.ggml.tokens", {1})).code(), ErrorCode::kGgufPair);
}

}  // namespace
}  // namespace andon
