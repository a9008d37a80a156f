#include "language/loaded_weights.h"

#include <gtest/gtest.h>

#include "language/weight_plan.h"

namespace andon {
namespace {

constexpr uint64_t kMoreThanThereIs = uint64_t{1} << 62;

TEST(LoadedWeights, MemoryIsAlignedToCacheLines) {
  LoadedWeights loaded;
  for (const uint64_t bytes : {1u, 63u, 64u, 65u}) {
    uint8_t* const memory = loaded.Allocate(bytes);
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 64, 0u);
    memory[bytes - 1] = 1;
  }
}

TEST(LoadedWeights, MemoryThatIsNotToBeHadIsNoMemory) {
  LoadedWeights loaded;
  EXPECT_EQ(loaded.Allocate(kMoreThanThereIs), nullptr);
  EXPECT_EQ(loaded.Allocate(UINT64_MAX), nullptr);
}

TEST(WeightPlan, MemoryThatIsNotToBeHadIsAnErrorThatNamesTheNeed) {
  ModelConfig config;
  config.tied = true;
  config.transformer.vocabulary = config.transformer.hidden = 1 << 30;
  WeightPlan plan(config, kHuggingFaceNames, std::nullopt);
  const uint64_t wide = config.transformer.hidden;
  const auto targets = plan.Bind(
      {{.name = "model.embed_tokens.weight",
        .type = WeightType::kF32,
        .columns = wide,
        .rows = wide},
       {.name = "model.norm.weight", .type = WeightType::kF32, .columns = wide, .rows = 1}},
      true, UINT64_MAX);
  EXPECT_EQ(targets.code(), ErrorCode::kOutOfMemory);
  EXPECT_NE(targets.status().message().find(std::to_string(kMoreThanThereIs)), std::string::npos)
      << targets.status().message();
}

}  // namespace
}  // namespace andon
