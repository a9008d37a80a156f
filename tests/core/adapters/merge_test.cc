#include "adapters/merge.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/adapters/fixture_model.h"

namespace andon {
namespace {

struct alignas(64) Line {
  uint8_t bytes[64];
};

// A copy of the model with adapters in it.
class Merged {
 public:
  Merged(const FixtureModel& model, const std::vector<AdapterUse>& uses) {
    auto merged = Merge(model.base(), uses, [this](uint64_t bytes) {
      memory_.emplace_back(new Line[static_cast<size_t>(bytes) / sizeof(Line) + 1]);
      return memory_.back()[0].bytes;
    });
    EXPECT_TRUE(merged.ok());
    weights = std::move(merged).value();
  }

  std::vector<float> Logits() const {
    FixtureModel copy;
    copy.weights = weights;
    return copy.Logits({});
  }

  TransformerWeights weights;

 private:
  std::vector<std::unique_ptr<Line[]>> memory_;
};

class EveryMerge : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryMerge, ComputesWhatTheAdapterAdds) {
  const FixtureModel model;
  const std::vector<AdapterUse> uses = {{BuiltAdapter(model, GetParam()), 0.75F}};
  const auto added = model.Logits(uses), merged = Merged(model, uses).Logits();
  for (size_t i = 0; i < added.size(); ++i) ASSERT_NEAR(merged[i], added[i], 2e-5F) << i;
}

INSTANTIATE_TEST_SUITE_P(Merge, EveryMerge,
                         ::testing::Values("lora", "rslora", "dora", "ia3", "lokr", "osd_dense",
                                           "osd_sparse", "osd_csr", "osd_csc"),
                         [](const auto& info) { return info.param; });

TEST(Merge, SeveralTogether) {
  const FixtureModel model(WeightType::kF32, 3);
  const std::vector<AdapterUse> uses = {{BuiltAdapter(model, "lora"), 0.5F},
                                        {BuiltAdapter(model, "dora"), 0.75F},
                                        {BuiltAdapter(model, "ia3")}};
  const auto added = model.Logits(uses), merged = Merged(model, uses).Logits();
  for (size_t i = 0; i < added.size(); ++i) ASSERT_NEAR(merged[i], added[i], 2e-5F) << i;
}

TEST(Merge, WhatNoAdapterChangesIsShared) {
  const FixtureModel model;
  const Merged merged(model, {{BuiltAdapter(model, "rslora")}});
  EXPECT_EQ(merged.weights.layers[0].down.data, model.weights.layers[0].down.data);
  EXPECT_NE(merged.weights.layers[0].up.data, model.weights.layers[0].up.data);
  EXPECT_EQ(merged.weights.embedding.data, model.weights.embedding.data);
}

TEST(Merge, TypesStay) {
  const FixtureModel model(WeightType::kF16);
  const Merged merged(model, {{BuiltAdapter(model, "lora")}});
  EXPECT_EQ(merged.weights.layers[1].query.type, WeightType::kF16);
}

TEST(Merge, WithoutMemory) {
  const FixtureModel model;
  const auto merged = Merge(model.base(), {{BuiltAdapter(model, "lora")}},
                            [](uint64_t) -> uint8_t* { return nullptr; });
  EXPECT_EQ(merged.code(), ErrorCode::kOutOfMemory);
}

}  // namespace
}  // namespace andon
