#include "adapters/adapter_builder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/adapters/fixture_model.h"
#include "tests/core/support/sample_adapter.h"

namespace andon {
namespace {

// A LoRA of one module.
std::shared_ptr<SampleAdapter> LoraOn(uint32_t layer, AdapterTarget target, uint32_t in,
                                      uint32_t out) {
  const auto sample = std::make_shared<SampleAdapter>(layer);
  sample->Add(target, AdapterKind::kLora, DType::kF16, in, out);
  return sample;
}

class AdapterBuilderTest : public ::testing::Test {
 protected:
  Status Add(const std::shared_ptr<SampleAdapter>& sample) {
    return builder_.Add(sample->layer(), sample);
  }

  const FixtureModel model_;
  AdapterBuilder builder_{model_.base(), {1}};
};

TEST_F(AdapterBuilderTest, AMismatchNamesLayerModuleAndBothShapes) {
  const Status status = Add(LoraOn(1, AdapterTarget::kUp, 16, 32));
  EXPECT_EQ(status.code(), ErrorCode::kBaseShapeMismatch);
  for (const char* part : {"up_proj", "layer 1", "16 to 32", "16 to 24"})
    EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
}

TEST_F(AdapterBuilderTest, ALayerThatTheBaseDoesNotHave) {
  EXPECT_EQ(Add(LoraOn(2, AdapterTarget::kUp, 16, 24)).code(), ErrorCode::kBaseShapeMismatch);
}

TEST_F(AdapterBuilderTest, OutsideTheLayersShapesAreCheckedToo) {
  EXPECT_EQ(Add(LoraOn(kNoLayer, AdapterTarget::kLmHead, 16, 21)).code(),
            ErrorCode::kBaseShapeMismatch);
}

TEST_F(AdapterBuilderTest, LayersComeInOrder) {
  ASSERT_TRUE(Add(LoraOn(1, AdapterTarget::kUp, 16, 24)).ok());
  EXPECT_EQ(Add(LoraOn(1, AdapterTarget::kUp, 16, 24)).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Add(LoraOn(0, AdapterTarget::kUp, 16, 24)).code(), ErrorCode::kInvalidArgument);
  ASSERT_TRUE(Add(LoraOn(kNoLayer, AdapterTarget::kLmHead, 16, 20)).ok());
  EXPECT_EQ(Add(LoraOn(kNoLayer, AdapterTarget::kLmHead, 16, 20)).code(),
            ErrorCode::kInvalidArgument);
}

TEST_F(AdapterBuilderTest, FirstLayersAreReadyWhileTheRestArrives) {
  EXPECT_EQ(builder_.layers_ready(), 0u);
  ASSERT_TRUE(Add(LoraOn(0, AdapterTarget::kUp, 16, 24)).ok());
  EXPECT_EQ(builder_.layers_ready(), 1u);
  ASSERT_TRUE(Add(LoraOn(kNoLayer, AdapterTarget::kLmHead, 16, 20)).ok());
  EXPECT_EQ(builder_.layers_ready(), 2u);  // no update of layer 1 can follow
}

TEST_F(AdapterBuilderTest, TensorsAreKeptNotCopied) {
  std::weak_ptr<SampleAdapter> memory;
  {
    auto sample = LoraOn(0, AdapterTarget::kUp, 16, 24);
    memory = sample;
    ASSERT_TRUE(Add(sample).ok());
  }
  auto adapter = builder_.Finish();
  EXPECT_FALSE(memory.expired());
  const uint64_t tensors = 2 * (16 + 24) * 2;
  EXPECT_GE(adapter->bytes(), tensors);
  EXPECT_LE(adapter->bytes(), tensors + sizeof(ModuleUpdate) + 16);
  EXPECT_EQ(adapter->Find(0, Module::kDown), nullptr);
  EXPECT_NE(adapter->Find(0, Module::kUp), nullptr);
  adapter.reset();
  EXPECT_TRUE(memory.expired());
}

TEST_F(AdapterBuilderTest, TheFeaturesThatIa3DoesNotStateAreNotChecked) {
  const auto sample = std::make_shared<SampleAdapter>(0);
  sample->Add(AdapterTarget::kUp, AdapterKind::kIa3, DType::kF32, 16, 24);
  sample->last().in_features = 0;
  EXPECT_TRUE(Add(sample).ok());
}

TEST(Dora, QuantisedActivationsGiveNearlyTheSameNorms) {
  const FixtureModel model(WeightType::kF16);
  const auto exact = BuiltAdapter(model, "dora"),
             fast = BuiltAdapter(model, "dora", Precision::kFast);
  for (const Module module : {Module::kQuery, Module::kDown}) {
    const std::vector<float>&a = exact->Find(1, module)->row_scale,
          &b = fast->Find(1, module)->row_scale;
    for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-3F * std::fabs(a[i]));
  }
}

TEST(Dora, AnOutputOfNormZeroKeepsItsScale) {
  FixtureModel model;
  const std::vector<uint8_t> zeros(static_cast<size_t>(MatrixBytes(WeightType::kF32, 24, 16)) + 64);
  Matrix& up = model.weights.layers[0].up;
  up.data = zeros.data() + (64 - reinterpret_cast<uintptr_t>(zeros.data()) % 64);
  const auto sample = std::make_shared<SampleAdapter>(0);
  sample->Add(AdapterTarget::kUp, AdapterKind::kDora, DType::kF32, 16, 24);
  const Bytes nothing(24 * 2 * 4);
  sample->last().b = nothing;
  AdapterBuilder builder(model.base(), {1});
  ASSERT_TRUE(builder.Add(sample->layer(), sample).ok());
  const auto adapter = builder.Finish();
  for (const float scale : adapter->Find(0, Module::kUp)->row_scale) EXPECT_EQ(scale, 1);
}

}  // namespace
}  // namespace andon
