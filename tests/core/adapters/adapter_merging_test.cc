#include "adapters/adapter_merging.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

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
    AdapterMerging merging(model.base(), uses);
    EXPECT_TRUE(merging
                    .Allocate(merging.bytes(),
                              [this](uint64_t bytes) {
                                memory_.emplace_back(
                                    new Line[static_cast<size_t>(bytes) / sizeof(Line) + 1]);
                                return memory_.back()[0].bytes;
                              })
                    .ok());
    while (merging.merged() < merging.total()) EXPECT_TRUE(merging.Step().ok());
    weights = merging.weights();
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

// A block of Q8_0 or Q4_0 rounds to half a step of its largest weight.
float FarthestLogit(WeightType type) {
  const FixtureModel model(type);
  const std::vector<AdapterUse> uses = {{BuiltAdapter(model, "lora"), 0.5F},
                                        {BuiltAdapter(model, "dora"), 0.5F}};
  const auto added = model.Logits(uses), merged = Merged(model, uses).Logits();
  float farthest = 0;
  for (size_t i = 0; i < added.size(); ++i)
    farthest = std::max(farthest, std::abs(added[i] - merged[i]));
  return farthest;
}

TEST(Merge, HalvesAreOffByTheirRounding) {
  EXPECT_LT(FarthestLogit(WeightType::kF16), 5e-3F);
  EXPECT_LT(FarthestLogit(WeightType::kBF16), 4e-2F);
}

TEST(Merge, OutOfMemoryNamesTheNeed) {
  const FixtureModel model;
  AdapterMerging merging(model.base(), {{BuiltAdapter(model, "lora")}});
  const auto none = [](uint64_t) -> uint8_t* { return nullptr; };
  const Status status = merging.Allocate(UINT64_MAX, none);
  EXPECT_EQ(status.code(), ErrorCode::kOutOfMemory);
  const std::string need = std::to_string(merging.bytes()) + " bytes";
  EXPECT_NE(status.message().find(need), std::string::npos) << status.message();
}

TEST(Merge, OutOfMemoryAboveTheLimitBeforeAnythingIsAllocated) {
  const FixtureModel model;
  AdapterMerging merging(model.base(), {{BuiltAdapter(model, "lora")}});
  const auto never = [](uint64_t) -> uint8_t* {
    ADD_FAILURE();
    return nullptr;
  };
  EXPECT_EQ(merging.Allocate(merging.bytes() - 1, never).code(), ErrorCode::kOutOfMemory);
}

TEST(Merge, WeightNotFinite) {
  const FixtureModel model(WeightType::kF16);
  AdapterMerging merging(model.base(), {{BuiltAdapter(model, "lora"), 1e9F}});
  std::vector<Line> memory(static_cast<size_t>(merging.bytes()) / sizeof(Line) + 100);
  Line* next = memory.data();
  const auto allocate = [&next](uint64_t bytes) {
    return std::exchange(next, next + (static_cast<size_t>(bytes) + 63) / 64)->bytes;
  };
  ASSERT_TRUE(merging.Allocate(UINT64_MAX, allocate).ok());
  EXPECT_EQ(merging.Step().code(), ErrorCode::kWeightNotFinite);
  EXPECT_EQ(merging.merged(), 0u);
}

}  // namespace
}  // namespace andon
