// A model and its LoRA whose logits the transformers library and PEFT computed.

#include <gtest/gtest.h>

#include <cstring>

#include "language/model_loading.h"
#include "tests/core/adapters/fixture_model.h"

namespace andon {
namespace {

// The data do not say which: the only ones with which the base gives hf-tiny_qwen3-gguf.logits.f32.
// That file was searched for them, so the base's logits below show no more than that they are
// right.
constexpr uint32_t kTokens[] = {1, 229, 153, 132, 75, 104, 111, 111, 114};

std::vector<float> FloatsOf(const std::filesystem::path& path) {
  const Bytes bytes = *ReadFile(path);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

void ExpectLogits(const LanguageModel& model, const std::vector<AdapterUse>& uses,
                  const std::vector<float>& expected) {
  Transformer transformer(model.config(), model.weights(), model.precision(), model.pool());
  transformer.SetAdapters(uses);
  KvCache cache(model.config(), std::size(kTokens));
  ASSERT_TRUE(cache.Reserve(std::size(kTokens)).ok());
  const auto logits = transformer.Forward(kTokens, cache, Logits::kAll);
  ASSERT_EQ(logits.size(), expected.size());
  for (size_t i = 0; i < logits.size(); ++i) EXPECT_NEAR(logits[i], expected[i], 1e-4F) << i;
}

std::unique_ptr<LanguageModel> ModelOf(const Bytes& gguf) {
  ModelLoading loading({.precision = Precision::kExact});
  if (!loading.Begin("model.gguf", gguf.size()).ok() || !loading.Push(gguf).ok() ||
      !loading.End().ok())
    return nullptr;
  return std::move(loading.Finish()).value();
}

std::shared_ptr<const Adapter> LoraOf(const LanguageModel& model,
                                      const std::filesystem::path& folder) {
  const Bytes config = *ReadFile(folder / "adapter_config.json");
  const Bytes file = *ReadFile(folder / "adapter_model.safetensors");
  MemoryInput input(file);
  AdapterBuilder builder(model.adapter_base(), {1});
  const auto plan = PlanPeft(input);
  for (const PeftLayer& layer : plan->layers) {
    const auto kept = std::make_shared<PeftAdapterLayer>(
        std::move(ReadPeftLayer(input, *ParsePeftConfig(config), layer, {})).value());
    EXPECT_TRUE(builder.Add(kept->layer, kept).ok());
  }
  return builder.Finish();
}

TEST(TinyQwen3, ItsLoraGivesTheLogitsOfPeft) {
  const auto folder = SharedFolder("data/models/tiny_qwen3");
  if (!folder) return;
  const auto model = ModelOf(*ReadFile(*folder / "tiny_qwen3-f32.gguf"));
  ASSERT_NE(model, nullptr);
  ExpectLogits(*model, {}, FloatsOf(*folder / "hf-tiny_qwen3-gguf.logits.f32"));
  ExpectLogits(*model, {{LoraOf(*model, *folder / "lora")}},
               FloatsOf(*folder / "hf-tiny_qwen3-lora.logits.f32"));
}

}  // namespace
}  // namespace andon
