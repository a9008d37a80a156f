#include "formats/peft.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "formats/peft_names.h"
#include "tests/core/support/tensor_file.h"

namespace andon {
namespace {

// ---- adapter_config.json

Result<PeftConfig> Parse(const Json& config) { return ParsePeftConfig(AsBytes(config.dump())); }

Json Lora(const Json& members = Json::object()) {
  Json config = {{"peft_type", "LORA"}, {"r", 2}, {"lora_alpha", 8}};
  config.update(members);
  return config;
}

ErrorCode ConfigCode(const Json& config) { return Parse(config).code(); }

TEST(PeftConfig, TellsTheKinds) {
  EXPECT_EQ(Parse(Lora())->kind, AdapterKind::kLora);
  EXPECT_EQ(Parse(Lora({{"use_dora", true}}))->kind, AdapterKind::kDora);
  EXPECT_EQ(Parse({{"peft_type", "IA3"}})->kind, AdapterKind::kIa3);
  EXPECT_EQ(Parse({{"peft_type", "LOKR"}})->kind, AdapterKind::kLokr);
}

TEST(PeftConfig, HasTheDefaultsOfPeft) {
  const auto config = Parse({{"peft_type", "LORA"}, {"rank_pattern", nullptr}, {"bias", nullptr}});
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->rank, 8u);
  EXPECT_EQ(config->alpha, 8);
  EXPECT_FALSE(config->rank_stabilized);
}

TEST(PeftConfig, KeepsTheOrderOfPatterns) {
  const auto config =
      Parse(Lora({{"rank_pattern", {{"z", 3}, {"a", 4}}}, {"alpha_pattern", {{"b", 1.5}}}}));
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->rank_pattern.front().first, "z");
  EXPECT_EQ(config->rank_pattern.back().second, 4u);
  EXPECT_EQ(config->alpha_pattern.front().second, 1.5);
}

TEST(PeftConfig, ReadsWhatAdaptersOfTheHubHave) {
  const auto config = Parse(Lora({{"base_model_name_or_path", "Qwen/Qwen3-0.6B"},
                                  {"bias", "none"},
                                  {"fan_in_fan_out", true},
                                  {"inference_mode", true},
                                  {"init_lora_weights", true},
                                  {"layers_to_transform", nullptr},
                                  {"loftq_config", Json::object()},
                                  {"lora_bias", false},
                                  {"lora_dropout", 0.05},
                                  {"modules_to_save", nullptr},
                                  {"target_modules", {"q_proj"}},
                                  {"target_parameters", Json::array()},
                                  {"task_type", "CAUSAL_LM"},
                                  {"use_rslora", true}}));
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->base_model, "Qwen/Qwen3-0.6B");
  EXPECT_TRUE(config->rank_stabilized);
}

TEST(PeftConfig, MemberOfAnotherTypeIsRefused) {
  const Json cases[] = {Json::array(),
                        Json::object(),
                        {{"peft_type", 1}},
                        Lora({{"r", 0}}),
                        Lora({{"r", -1}}),
                        Lora({{"r", 65536}}),
                        Lora({{"r", "8"}}),
                        Lora({{"lora_alpha", "16"}}),
                        Lora({{"use_rslora", 1}}),
                        Lora({{"use_dora", "yes"}}),
                        Lora({{"rank_pattern", {1}}}),
                        Lora({{"rank_pattern", {{"a", nullptr}}}}),
                        Lora({{"rank_pattern", {{"a", 0}}}}),
                        Lora({{"alpha_pattern", {{"a", "b"}}}}),
                        Lora({{"base_model_name_or_path", 1}}),
                        {{"peft_type", "IA3"}, {"feedforward_modules", 1}},
                        {{"peft_type", "IA3"}, {"feedforward_modules", {1}}}};
  for (const Json& config : cases) {
    EXPECT_EQ(ConfigCode(config), ErrorCode::kPeftConfig) << config.dump();
  }
}

TEST(PeftConfig, WhatIsNoJsonIsRefused) {
  EXPECT_EQ(ParsePeftConfig(AsBytes("{")).code(), ErrorCode::kJsonSyntax);
}

TEST(PeftConfig, OtherKindsAreUnsupported) {
  for (const char* type : {"ADALORA", "LOHA", "PREFIX_TUNING", "lora"}) {
    EXPECT_EQ(ConfigCode({{"peft_type", type}}), ErrorCode::kPeftUnsupported) << type;
  }
}

TEST(PeftConfig, WhatTheTensorsDoNotHoldIsUnsupported) {
  const Json cases[] = {{{"bias", "all"}},
                        {{"lora_bias", true}},
                        {{"modules_to_save", {"lm_head"}}},
                        {{"trainable_token_indices", {1}}},
                        {{"target_parameters", {"x"}}},
                        {{"layer_replication", {{0, 4}}}},
                        {{"use_qalora", true}},
                        {{"use_bdlora", true}},
                        {{"alora_invocation_tokens", {1}}},
                        {{"arrow_config", {{"a", 1}}}},
                        {{"rank_pattern", {{"a{2}", 4}}}}};
  for (const Json& members : cases) {
    EXPECT_EQ(ConfigCode(Lora(members)), ErrorCode::kPeftUnsupported) << members.dump();
  }
}

TEST(PeftConfig, InitialisationThatChangesTheBaseIsUnsupported) {
  for (const char* name : {"pissa", "pissa_niter_4", "olora", "loftq", "corda", "unheard-of"}) {
    EXPECT_EQ(ConfigCode(Lora({{"init_lora_weights", name}})), ErrorCode::kPeftUnsupported) << name;
  }
  for (const char* name : {"gaussian", "eva", "orthogonal"}) {
    EXPECT_EQ(ConfigCode(Lora({{"init_lora_weights", name}})), ErrorCode::kOk) << name;
  }
}

// ---- names

TEST(PeftNames, EveryAliasIsRead) {
  const std::pair<const char*, PeftSlot> kCases[] = {
      {"lora_A.weight", PeftSlot::kA},
      {"lora_A", PeftSlot::kA},
      {"lora_B.weight", PeftSlot::kB},
      {"lora_B", PeftSlot::kB},
      {"lora_magnitude_vector", PeftSlot::kMagnitude},
      {"lora_magnitude_vector.weight", PeftSlot::kMagnitude},
      {"lora_magnitude", PeftSlot::kMagnitude},
      {"ia3_l", PeftSlot::kIa3},
      {"ia3_scale", PeftSlot::kIa3},
      {"lokr_w1", PeftSlot::kW1},
      {"lokr_A", PeftSlot::kW1},
      {"lokr_w1_a", PeftSlot::kW1A},
      {"lokr_w1_b", PeftSlot::kW1B},
      {"lokr_w2", PeftSlot::kW2},
      {"lokr_B", PeftSlot::kW2},
      {"lokr_w2_a", PeftSlot::kW2A},
      {"lokr_w2_b", PeftSlot::kW2B}};
  for (const auto& [suffix, slot] : kCases) {
    for (const char* prefix : {"base_model.model.model.", "model.", "base_model.model.", ""}) {
      const auto name = ParsePeftName(prefix + std::string("layers.12.mlp.up_proj.") + suffix);
      ASSERT_TRUE(name.ok()) << name.status().message();
      EXPECT_EQ(name->slot, slot);
      EXPECT_EQ(name->layer, 12u);
      EXPECT_EQ(name->target, AdapterTarget::kUp);
    }
  }
}

TEST(PeftNames, ModulesOutsideTheLayersAreRead) {
  const auto head = ParsePeftName("base_model.model.lm_head.lora_A.weight");
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->target, AdapterTarget::kLmHead);
  EXPECT_EQ(head->layer, kNoLayer);
  const auto embedding = ParsePeftName("base_model.model.model.embed_tokens.lora_embedding_B");
  ASSERT_TRUE(embedding.ok());
  EXPECT_EQ(embedding->target, AdapterTarget::kEmbedTokens);
  EXPECT_EQ(embedding->slot, PeftSlot::kB);
}

TEST(PeftNames, NameOfNoKnownModuleIsRefused) {
  for (const char* name :
       {"", "lora_A", ".lora_A", "model.layers.0.self_attn.q_proj",
        "model.layers.0.self_attn.q_proj.weight", "model.layers.x.self_attn.q_proj.lora_A",
        "model.layers.00.self_attn.q_proj.lora_A", "model.layers.-1.self_attn.q_proj.lora_A",
        "model.layers.4294967295.self_attn.q_proj.lora_A", "model.layers.0.mlp.q_proj.lora_A",
        "model.layers.0.self_attn.qkv_proj.lora_A", "model.layers.0",
        "model.layers.0.self_attn.q_proj.lora_embedding_A",
        "model.h.0.attn.c_attn.lora_A.weight"}) {
    EXPECT_EQ(ParsePeftName(name).code(), ErrorCode::kPeftTensorName) << name;
  }
}

TEST(PeftNames, TensorThatCannotBeHeldIsUnsupported) {
  for (const char* name :
       {"model.layers.0.self_attn.q_proj.lora_E", "model.layers.0.self_attn.q_proj.lokr_t2",
        "model.layers.0.self_attn.q_proj.lora_B.bias", "model.layers.0.self_attn.q_proj.hada_w1_a",
        "base_model.model.lm_head.modules_to_save.weight"}) {
    EXPECT_EQ(ParsePeftName(name).code(), ErrorCode::kPeftUnsupported) << name;
  }
}

TEST(PeftNames, WrittenNamesAreReadBack) {
  for (int slot = 0; slot <= static_cast<int>(PeftSlot::kW2B); ++slot) {
    for (int target = 0; target <= static_cast<int>(AdapterTarget::kLmHead); ++target) {
      const auto wanted = static_cast<AdapterTarget>(target);
      const uint32_t layer = wanted < AdapterTarget::kEmbedTokens ? 5 : kNoLayer;
      const auto name = ParsePeftName(PeftNameOf(layer, wanted, static_cast<PeftSlot>(slot)));
      ASSERT_TRUE(name.ok()) << name.status().message();
      EXPECT_EQ(name->layer, layer);
      EXPECT_EQ(name->target, wanted);
      EXPECT_EQ(name->slot, static_cast<PeftSlot>(slot));
    }
  }
}

// ---- the adapter

const std::string kQ = "base_model.model.model.layers.0.self_attn.q_proj";

struct Read {
  Bytes file;
  Result<PeftAdapterLayer> layer = Status(ErrorCode::kInternal, "not read");

  const AdapterModule& module() const { return layer->layer.modules.front(); }
};

// The first layer of an adapter.
Read ReadLayer(const TensorFile& tensors, const Json& config, std::optional<DType> dtype = {}) {
  Read read{.file = tensors.Write()};
  MemoryInput input(read.file);
  const auto parsed = Parse(config);
  const auto plan = PlanPeft(input);
  if (!parsed.ok() || !plan.ok()) {
    read.layer = parsed.ok() ? plan.status() : parsed.status();
  } else {
    read.layer = ReadPeftLayer(input, *parsed, plan->layers.front(), dtype);
  }
  return read;
}

TensorFile LoraTensors(DType dtype = DType::kF32) {
  TensorFile tensors;
  tensors.Add(kQ + ".lora_A.weight", dtype, {2, 4}).Add(kQ + ".lora_B.weight", dtype, {6, 2});
  return tensors;
}

Json Lokr() { return {{"peft_type", "LOKR"}, {"r", 2}, {"alpha", 8}}; }

TEST(PeftLayer, LoraIsTakenOverAsItIs) {
  for (const DType dtype : {DType::kF32, DType::kF16, DType::kBF16}) {
    const Read read = ReadLayer(LoraTensors(dtype), Lora());
    ASSERT_TRUE(read.layer.ok()) << read.layer.status().message();
    const AdapterModule& module = read.module();
    EXPECT_EQ(module.dtype, dtype);
    EXPECT_EQ(module.rank, 2);
    EXPECT_EQ(module.in_features, 4u);
    EXPECT_EQ(module.out_features, 6u);
    EXPECT_EQ(module.scale, 4.0f);
    const size_t data = read.file.size() - module.a.size() - module.b.size();
    EXPECT_EQ(AsText(module.a), AsText(ByteView(read.file).subspan(data, module.a.size())));
    EXPECT_TRUE(WriteParams(read.layer->layer).ok());
  }
}

TEST(PeftLayer, ScaleFollowsRankAndPatterns) {
  EXPECT_EQ(ReadLayer(LoraTensors(), Lora({{"use_rslora", true}})).module().scale,
            static_cast<float>(8 / std::sqrt(2.0)));
  EXPECT_EQ(ReadLayer(LoraTensors(), Lora({{"alpha_pattern", {{"q_proj", 6}, {".*", 1}}}}))
                .module()
                .scale,
            3);
  EXPECT_EQ(
      ReadLayer(LoraTensors(), Lora({{"r", 16}, {"rank_pattern", {{"q_proj", 2}}}})).module().scale,
      4);
}

TEST(PeftLayer, DoraHasItsMagnitude) {
  TensorFile tensors = LoraTensors();
  tensors.Add(kQ + ".lora_magnitude_vector", DType::kF32, {6});
  const Read read = ReadLayer(tensors, Lora({{"use_dora", true}}));
  ASSERT_TRUE(read.layer.ok()) << read.layer.status().message();
  EXPECT_EQ(read.module().c.size(), 24u);
  EXPECT_TRUE(WriteParams(read.layer->layer).ok());
}

TEST(PeftLayer, Ia3ScalesOutputsOrInputs) {
  TensorFile out, in;
  out.Add(kQ + ".ia3_l", DType::kF32, {6, 1});
  in.Add(kQ + ".ia3_l", DType::kF32, {1, 4});
  const Read outputs = ReadLayer(out, {{"peft_type", "IA3"}});
  ASSERT_TRUE(outputs.layer.ok()) << outputs.layer.status().message();
  EXPECT_EQ(outputs.module().out_features, 6u);
  EXPECT_EQ(outputs.module().in_features, 0u);
  for (const Json& modules : {Json("model.*q_proj"), Json({"q_proj"})}) {
    const Read inputs = ReadLayer(in, {{"peft_type", "IA3"}, {"feedforward_modules", modules}});
    ASSERT_TRUE(inputs.layer.ok()) << inputs.layer.status().message();
    EXPECT_TRUE(inputs.module().feed_forward);
    EXPECT_EQ(inputs.module().in_features, 4u);
    EXPECT_TRUE(WriteParams(inputs.layer->layer).ok());
  }
}

TEST(PeftLayer, LokrFactorsAreMultiplied) {
  TensorFile tensors;
  const auto values = [](std::vector<float> numbers) { return FromFloats(numbers, DType::kF32); };
  tensors.Add(kQ + ".lokr_w1_a", DType::kF32, {2, 1}, values({1, 2}));
  tensors.Add(kQ + ".lokr_w1_b", DType::kF32, {1, 2}, values({3, 4}));
  tensors.Add(kQ + ".lokr_w2_a", DType::kF32, {2, 2}, values({1, 2, 3, 4}));
  tensors.Add(kQ + ".lokr_w2_b", DType::kF32, {2, 3}, values({1, 0, 2, 0, 1, 1}));
  const Read read = ReadLayer(tensors, Lokr());
  ASSERT_TRUE(read.layer.ok()) << read.layer.status().message();
  const AdapterModule& module = read.module();
  EXPECT_EQ(ToFloats(module.a, DType::kF32), (std::vector<float>{3, 4, 6, 8}));
  EXPECT_EQ(ToFloats(module.b, DType::kF32), (std::vector<float>{1, 2, 4, 3, 4, 10}));
  EXPECT_EQ(module.out_features, 4u);
  EXPECT_EQ(module.in_features, 6u);
  EXPECT_EQ(module.scale, 4);
  EXPECT_TRUE(WriteParams(read.layer->layer).ok());
}

TEST(PeftLayer, ValuesAreConvertedWhereAsked) {
  const Read plain = ReadLayer(LoraTensors(), Lora());
  const Read half = ReadLayer(LoraTensors(), Lora(), DType::kF16);
  ASSERT_TRUE(half.layer.ok());
  EXPECT_EQ(half.module().dtype, DType::kF16);
  EXPECT_EQ(ToFloats(half.module().a, DType::kF16), ToFloats(plain.module().a, DType::kF32));
}

TEST(PeftLayer, ModuleOfTwoDtypesBecomesFloat32) {
  TensorFile tensors;
  tensors.Add(kQ + ".lora_A.weight", DType::kF16, {2, 4})
      .Add(kQ + ".lora_B.weight", DType::kBF16, {6, 2});
  const Read read = ReadLayer(tensors, Lora());
  ASSERT_TRUE(read.layer.ok());
  EXPECT_EQ(read.module().dtype, DType::kF32);
  EXPECT_EQ(read.module().a.size(), 32u);
}

ErrorCode LayerCode(const TensorFile& tensors, const Json& config) {
  return ReadLayer(tensors, config).layer.code();
}

TEST(PeftLayer, MissingTensorIsRefused) {
  TensorFile a, b, ia3, w1;
  a.Add(kQ + ".lora_A", DType::kF32, {2, 4});
  b.Add(kQ + ".lora_B", DType::kF32, {6, 2});
  w1.Add(kQ + ".lokr_w1", DType::kF32, {2, 2}).Add(kQ + ".lokr_w2_a", DType::kF32, {2, 2});
  EXPECT_EQ(LayerCode(a, Lora()), ErrorCode::kPeftTensorMissing);
  EXPECT_EQ(LayerCode(b, Lora()), ErrorCode::kPeftTensorMissing);
  EXPECT_EQ(LayerCode(LoraTensors(), Lora({{"use_dora", true}})), ErrorCode::kPeftTensorMissing);
  EXPECT_EQ(LayerCode(w1, Lokr()), ErrorCode::kPeftTensorMissing);
  EXPECT_EQ(LayerCode(TensorFile(), Lora()), ErrorCode::kPeftTensorMissing);
}

TEST(PeftLayer, TensorOfAnotherKindIsUnsupported) {
  EXPECT_EQ(LayerCode(LoraTensors(), {{"peft_type", "IA3"}}), ErrorCode::kPeftUnsupported);
  EXPECT_EQ(LayerCode(LoraTensors(), Lokr()), ErrorCode::kPeftUnsupported);
  TensorFile dora = LoraTensors();
  dora.Add(kQ + ".lora_magnitude_vector", DType::kF32, {6});
  EXPECT_EQ(LayerCode(dora, Lora()), ErrorCode::kPeftUnsupported);
  TensorFile ia3 = LoraTensors(), lokr = LoraTensors();
  ia3.Add(kQ + ".ia3_l", DType::kF32, {6, 1});
  lokr.Add(kQ + ".lokr_w1", DType::kF32, {1, 1});
  EXPECT_EQ(LayerCode(ia3, Lora()), ErrorCode::kPeftUnsupported);
  EXPECT_EQ(LayerCode(lokr, Lora()), ErrorCode::kPeftUnsupported);
}

TEST(PeftLayer, ShapesThatDoNotFitAreRefused) {
  const auto lora = [](const Shape& a, const Shape& b) {
    TensorFile tensors;
    tensors.Add(kQ + ".lora_A", DType::kF32, a).Add(kQ + ".lora_B", DType::kF32, b);
    return LayerCode(tensors, Lora());
  };
  EXPECT_EQ(lora({3, 4}, {6, 2}), ErrorCode::kPeftShape);
  EXPECT_EQ(lora({2, 4}, {6, 3}), ErrorCode::kPeftShape);
  EXPECT_EQ(lora({8}, {6, 2}), ErrorCode::kPeftShape);
  EXPECT_EQ(lora({2, 4}, {12}), ErrorCode::kPeftShape);
  EXPECT_EQ(lora({2, 0}, {6, 2}), ErrorCode::kPeftShape);
  EXPECT_EQ(lora({2, 4}, {0, 2}), ErrorCode::kPeftShape);

  TensorFile dora = LoraTensors(), ia3, flat;
  dora.Add(kQ + ".lora_magnitude_vector", DType::kF32, {5});
  EXPECT_EQ(LayerCode(dora, Lora({{"use_dora", true}})), ErrorCode::kPeftShape);
  ia3.Add(kQ + ".ia3_l", DType::kF32, {1, 6});
  EXPECT_EQ(LayerCode(ia3, {{"peft_type", "IA3"}}), ErrorCode::kPeftShape);
  flat.Add(kQ + ".ia3_scale", DType::kF32, {0});
  EXPECT_EQ(LayerCode(flat, {{"peft_type", "IA3"}}), ErrorCode::kPeftShape);
}

TEST(PeftLayer, LokrShapesThatDoNotFitAreRefused) {
  const auto lokr = [](std::vector<std::pair<std::string, Shape>> shapes) {
    TensorFile tensors;
    for (const auto& [name, shape] : shapes) tensors.Add(kQ + "." + name, DType::kF32, shape);
    return LayerCode(tensors, Lokr());
  };
  EXPECT_EQ(lokr({{"lokr_w1", {4}}, {"lokr_w2", {2, 2}}}), ErrorCode::kPeftShape);
  EXPECT_EQ(lokr({{"lokr_w1", {0, 2}}, {"lokr_w2", {2, 2}}}), ErrorCode::kPeftShape);
  EXPECT_EQ(lokr({{"lokr_w1", {2, 2}}, {"lokr_w1_a", {2, 2}}, {"lokr_w2", {2, 2}}}),
            ErrorCode::kPeftShape);
  EXPECT_EQ(lokr({{"lokr_w1_a", {2, 2}}, {"lokr_w1_b", {3, 2}}, {"lokr_w2", {2, 2}}}),
            ErrorCode::kPeftShape);
  EXPECT_EQ(lokr({{"lokr_w1_a", {4}}, {"lokr_w1_b", {2, 2}}, {"lokr_w2", {2, 2}}}),
            ErrorCode::kPeftShape);
  EXPECT_EQ(lokr({{"lokr_w1_a", {2, 0}}, {"lokr_w1_b", {0, 2}}, {"lokr_w2", {2, 2}}}),
            ErrorCode::kPeftShape);
  // A product of 2^32 values, out of two small factors.
  EXPECT_EQ(lokr({{"lokr_w1_a", {65536, 1}}, {"lokr_w1_b", {1, 65536}}, {"lokr_w2", {1, 1}}}),
            ErrorCode::kPeftShape);
  // More features than the limit.
  EXPECT_EQ(lokr({{"lokr_w1", {65536, 1}}, {"lokr_w2", {65536, 1}}}), ErrorCode::kPeftShape);
}

TEST(PeftPlan, OrdersLayersByNumber) {
  TensorFile tensors;
  for (const char* name :
       {"lm_head", "model.layers.10.mlp.up_proj", "model.layers.2.mlp.up_proj"}) {
    tensors.Add(std::string(name) + ".lora_A", DType::kF32, {2, 4});
  }
  const Bytes file = tensors.Write();
  MemoryInput input(file);
  const auto plan = PlanPeft(input);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  ASSERT_EQ(plan->layers.size(), 3u);
  EXPECT_EQ(plan->layers[0].layer, 2u);
  EXPECT_EQ(plan->layers[1].layer, 10u);
  EXPECT_EQ(plan->layers[2].layer, kNoLayer);
}

TEST(PeftPlan, TellsWhatIsTakenOverAsItIs) {
  const auto verbatim = [](const TensorFile& tensors, std::optional<DType> dtype = {}) {
    const Bytes file = tensors.Write();
    MemoryInput input(file);
    return IsVerbatim(*PlanPeft(input), dtype);
  };
  EXPECT_TRUE(verbatim(LoraTensors()));
  EXPECT_TRUE(verbatim(LoraTensors(DType::kF16), DType::kF16));
  EXPECT_FALSE(verbatim(LoraTensors(), DType::kF16));
  TensorFile mixed, factored;
  mixed.Add(kQ + ".lora_A", DType::kF16, {2, 4}).Add(kQ + ".lora_B", DType::kF32, {6, 2});
  factored.Add(kQ + ".lokr_w1_a", DType::kF32, {2, 2});
  EXPECT_FALSE(verbatim(mixed));
  EXPECT_FALSE(verbatim(factored));
}

TEST(PeftPlan, TheSameTensorTwiceIsRefused) {
  TensorFile tensors = LoraTensors();
  tensors.Add(kQ + ".lora_A", DType::kF32, {2, 4});
  EXPECT_EQ(LayerCode(tensors, Lora()), ErrorCode::kPeftTensorName);
}

TEST(PeftPlan, OtherDtypesAreUnsupported) {
  for (const DType dtype : {DType::kF64, DType::kI8}) {
    TensorFile tensors;
    tensors.Add(kQ + ".lora_A", dtype, {2}, Bytes(static_cast<size_t>(2 * DTypeSize(dtype))));
    EXPECT_EQ(LayerCode(tensors, Lora()), ErrorCode::kPeftUnsupported);
  }
}

// ---- sources that fail

class FailingInput : public MemoryInput {
 public:
  FailingInput(ByteView bytes, int reads) : MemoryInput(bytes), reads_(reads) {}
  Status Read(uint64_t offset, std::span<uint8_t> to) override {
    if (reads_-- > 0) return MemoryInput::Read(offset, to);
    return Status(ErrorCode::kSourceUnreadable, "test");
  }

 private:
  int reads_;
};

TEST(PeftLayer, SourceThatFailsIsReported) {
  TensorFile factored;
  factored.Add(kQ + ".lokr_w1", DType::kF32, {1, 1});
  factored.Add(kQ + ".lokr_w2_a", DType::kF32, {2, 2}).Add(kQ + ".lokr_w2_b", DType::kF32, {2, 2});
  TensorFile dora = LoraTensors(), ia3;
  dora.Add(kQ + ".lora_magnitude_vector", DType::kF32, {6});
  ia3.Add(kQ + ".ia3_l", DType::kF32, {6, 1});
  const std::tuple<TensorFile, Json, int> kCases[] = {{factored, Lokr(), 5},
                                                      {dora, Lora({{"use_dora", true}}), 5},
                                                      {ia3, {{"peft_type", "IA3"}}, 3}};
  for (const auto& [tensors, config, reads] : kCases) {
    const Bytes file = tensors.Write();
    for (int reading = 0; reading < reads; ++reading) {
      FailingInput input(file, reading);
      const auto plan = PlanPeft(input);
      const ErrorCode code =
          plan.ok() ? ReadPeftLayer(input, *Parse(config), plan->layers.front(), {}).code()
                    : plan.code();
      EXPECT_EQ(code, ErrorCode::kSourceUnreadable) << reading;
    }
  }
}

}  // namespace
}  // namespace andon
