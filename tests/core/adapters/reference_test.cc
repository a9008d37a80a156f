// Every kind of adapter against logits that NumPy computed from its definition
// (tests/fixtures/adapters/make_adapters.py).

#include <gtest/gtest.h>

#include "tests/core/adapters/fixture_model.h"

namespace andon {
namespace {

const std::vector<std::string> kNames = {"lora",      "rslora",     "dora",    "ia3",    "lokr",
                                         "osd_dense", "osd_sparse", "osd_csr", "osd_csc"};

std::vector<float> Expected(const std::string& name) {
  const Bytes file = AdapterFixture("expected.safetensors");
  return FixtureModel::Floats(ParseSafetensors(file)->tensors.find(name)->second);
}

void ExpectNear(const std::vector<float>& actual, const std::vector<float>& expected,
                float tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i)
    ASSERT_NEAR(actual[i], expected[i], tolerance) << "at " << i;
}

std::vector<AdapterUse> Together(const FixtureModel& model) {
  return {{BuiltAdapter(model, "lora"), 0.5F},
          {BuiltAdapter(model, "dora"), 0.75F},
          {BuiltAdapter(model, "ia3"), 0.5F},
          {BuiltAdapter(model, "osd_csc"), -0.5F},
          {BuiltAdapter(model, "lokr"), 1}};
}

TEST(AdapterReference, TheBaseAlone) {
  ExpectNear(FixtureModel().Logits({}), Expected("base"), 1e-5F);
}

class EveryAdapter : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryAdapter, GivesTheLogitsOfItsDefinition) {
  const FixtureModel model;
  ExpectNear(model.Logits({{BuiltAdapter(model, GetParam())}}), Expected(GetParam()), 1e-5F);
}

TEST_P(EveryAdapter, ThreadsAndBatchesChangeNoBit) {
  for (const Precision precision : {Precision::kExact, Precision::kFast}) {
    const FixtureModel one, three(WeightType::kF32, 3);
    const auto whole = one.Logits({{BuiltAdapter(one, GetParam())}}, 100, precision);
    for (const uint32_t batch : {1u, 2u, 5u}) {
      EXPECT_EQ(one.Logits({{BuiltAdapter(one, GetParam())}}, batch, precision), whole);
      EXPECT_EQ(three.Logits({{BuiltAdapter(three, GetParam())}}, batch, precision), whole);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AdapterReference, EveryAdapter, ::testing::ValuesIn(kNames),
                         [](const auto& info) { return info.param; });

TEST(AdapterReference, HalfTheWeightIsHalfTheUpdate) {
  const FixtureModel model;
  ExpectNear(model.Logits({{BuiltAdapter(model, "lora"), 0.5F}}), Expected("half_lora"), 1e-5F);
}

TEST(AdapterReference, SeveralTogetherWithWeights) {
  const FixtureModel model;
  ExpectNear(model.Logits(Together(model)), Expected("together"), 1e-5F);
}

TEST(AdapterReference, SeveralTogetherInAnyOrderThreadsAndBatches) {
  const FixtureModel one, three(WeightType::kF32, 3);
  auto reversed = Together(three);
  std::ranges::reverse(reversed);
  EXPECT_EQ(one.Logits(Together(one)), three.Logits(reversed, 2));
}

TEST(AdapterReference, OnAQuantisedBase) {
  // What the adapter adds is the same; only the base is rounded.
  const FixtureModel f16(WeightType::kF16);
  const auto base = f16.Logits({}), with = f16.Logits({{BuiltAdapter(f16, "lora")}});
  const auto expected_base = Expected("base"), expected = Expected("lora");
  for (size_t i = 0; i < base.size(); ++i)
    EXPECT_NEAR(with[i] - base[i], expected[i] - expected_base[i], 2e-2F);
}

}  // namespace
}  // namespace andon
