// The model and the adapters of tests/fixtures/adapters, which NumPy wrote.

#ifndef ANDON_TESTS_CORE_ADAPTERS_FIXTURE_MODEL_H_
#define ANDON_TESTS_CORE_ADAPTERS_FIXTURE_MODEL_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter_builder.h"
#include "formats/expert_index.h"
#include "formats/peft.h"
#include "formats/safetensors.h"
#include "tensor/quantize.h"
#include "tests/core/support/files.h"
#include "transformer/forward.h"

namespace andon {

// A file of that folder.
Bytes AdapterFixture(const std::string& name);

class FixtureModel {
 public:
  TransformerConfig config;
  TransformerWeights weights;
  mutable ThreadPool pool;
  mutable RowNorms norms{weights};

  // Matrices become `type`.
  explicit FixtureModel(WeightType type = WeightType::kF32, uint32_t threads = 1)
      : pool(threads), file_(AdapterFixture("base.safetensors")) {
    SetConfig();
    const TensorMap tensors = ParseSafetensors(file_)->tensors;
    const auto matrix = [&](const std::string& name) {
      return Packed(type, tensors.find(name + ".weight")->second);
    };
    const auto vector = [&](const std::string& name) { return Floats(tensors.find(name)->second); };
    weights.embedding = matrix("model.embed_tokens");
    weights.head = matrix("lm_head");
    weights.final_norm = vector("model.norm.weight");
    for (uint32_t i = 0; i < config.layers; ++i) {
      const std::string layer = "model.layers." + std::to_string(i) + ".";
      const std::string attention = layer + "self_attn.", ffn = layer + "mlp.";
      LayerWeights& to = weights.layers.emplace_back();
      to.attention_norm = vector(layer + "input_layernorm.weight");
      to.ffn_norm = vector(layer + "post_attention_layernorm.weight");
      to.query_norm = vector(attention + "q_norm.weight");
      to.key_norm = vector(attention + "k_norm.weight");
      to.query_bias = vector(attention + "q_proj.bias");
      to.key_bias = vector(attention + "k_proj.bias");
      to.value_bias = vector(attention + "v_proj.bias");
      to.query = matrix(attention + "q_proj");
      to.key = matrix(attention + "k_proj");
      to.value = matrix(attention + "v_proj");
      to.output = matrix(attention + "o_proj");
      to.gate = matrix(ffn + "gate_proj");
      to.up = matrix(ffn + "up_proj");
      to.down = matrix(ffn + "down_proj");
    }
  }

  AdapterBase base(Precision precision = Precision::kExact) const {
    return {config, weights, precision, norms, pool};
  }

  // Logits of all tokens of the fixtures, [tokens, vocabulary], in batches of `batch`.
  std::vector<float> Logits(std::vector<AdapterUse> uses, uint32_t batch = 100,
                            Precision precision = Precision::kExact) const {
    std::ranges::sort(uses, {}, [](const AdapterUse& use) { return use.adapter->id(); });
    Transformer transformer(config, weights, precision, pool);
    transformer.SetAdapters(std::move(uses));
    KvCache cache(config, 16);
    std::vector<float> logits;
    for (std::span<const uint32_t> rest = kTokens; !rest.empty();) {
      const auto now = rest.first(std::min<size_t>(batch, rest.size()));
      rest = rest.subspan(now.size());
      EXPECT_TRUE(cache.Reserve(static_cast<uint32_t>(now.size())).ok());
      const auto more = transformer.Forward(now, cache, andon::Logits::kAll);
      logits.insert(logits.end(), more.begin(), more.end());
    }
    return logits;
  }

  static std::vector<float> Floats(const TensorView& tensor) {
    std::vector<float> values(tensor.data.size() / sizeof(float));
    std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
    return values;
  }

 private:
  static constexpr uint32_t kTokens[] = {3, 17, 5, 5, 0, 11, 19, 8, 2};

  void SetConfig() {
    config.layers = 2;
    config.hidden = 16;
    config.intermediate = 24;
    config.heads = 4;
    config.kv_heads = 2;
    config.head_dim = 6;
    config.vocabulary = 20;
    config.context = 16;
    config.norm_epsilon = 1e-6F;
    config.rope.dimensions = 6;
  }

  Matrix Packed(WeightType type, const TensorView& tensor) {
    const std::vector<float> values = Floats(tensor);
    Matrix matrix = {.type = type,
                     .rows = static_cast<uint32_t>(tensor.shape[0]),
                     .columns = static_cast<uint32_t>(tensor.shape[1])};
    const auto group = static_cast<size_t>(MatrixBytes(type, kGroupRows, matrix.columns));
    auto& memory = memory_.emplace_back(new Line[group * matrix.groups() / sizeof(Line) + 1]);
    auto* const packed = reinterpret_cast<uint8_t*>(memory.get());
    for (uint32_t g = 0; g < matrix.groups(); ++g) {
      const uint32_t count = std::min(kGroupRows, matrix.rows - g * kGroupRows);
      Bytes rows;
      NarrowWeights(type,
                    std::span(values).subspan(size_t{g} * kGroupRows * matrix.columns,
                                              size_t{count} * matrix.columns),
                    rows);
      PackGroup(type, rows.data(), count, matrix.columns, packed + g * group);
    }
    matrix.data = packed;
    return matrix;
  }

  struct alignas(64) Line {
    uint8_t bytes[64];
  };
  Bytes file_;
  std::vector<std::unique_ptr<Line[]>> memory_;
};

inline AdapterId IdOf(const std::string& name) {
  AdapterId id = {};
  std::ranges::copy(name, id.begin());
  return id;
}

// The layers of an adapter of the fixtures, each with what owns it.
struct FixtureLayer {
  AdapterLayer layer;
  std::shared_ptr<const void> memory;
};

inline std::vector<FixtureLayer> LayersOf(const std::string& name) {
  const auto file = std::make_shared<Bytes>(AdapterFixture(name + ".safetensors"));
  std::vector<FixtureLayer> layers;
  if (name.starts_with("osd")) {
    const TensorMap tensors = ParseSafetensors(*file)->tensors;
    for (const auto& [key, tensor] : tensors) {
      auto layer = ParseParams(tensor.data, static_cast<uint32_t>(layers.size()));
      EXPECT_TRUE(layer.ok()) << name << ": " << layer.status().message();
      layers.push_back({std::move(layer).value(), file});
    }
    return layers;
  }
  MemoryInput input(*file);
  const auto config = ParsePeftConfig(AdapterFixture(name + ".json"));
  EXPECT_TRUE(config.ok()) << config.status().message();
  const auto plan = PlanPeft(input);
  EXPECT_TRUE(plan.ok()) << plan.status().message();
  for (const PeftLayer& planned : plan->layers) {
    auto read = ReadPeftLayer(input, *config, planned, {});
    EXPECT_TRUE(read.ok()) << name << ": " << read.status().message();
    const auto kept = std::make_shared<PeftAdapterLayer>(std::move(read).value());
    layers.push_back({kept->layer, kept});
  }
  return layers;
}

inline std::shared_ptr<const Adapter> BuiltAdapter(const FixtureModel& model,
                                                   const std::string& name,
                                                   Precision precision = Precision::kExact) {
  AdapterBuilder builder(model.base(precision), IdOf(name));
  for (const auto& [layer, memory] : LayersOf(name)) {
    const Status status = builder.Add(layer, memory);
    EXPECT_TRUE(status.ok()) << name << ": " << status.message();
  }
  return builder.Finish();
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_ADAPTERS_FIXTURE_MODEL_H_
