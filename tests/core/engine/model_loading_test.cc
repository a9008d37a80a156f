#include "engine/model_loading.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/json.h"
#include "tests/core/support/tiny_model.h"
#include "transformer/forward.h"

namespace andon {
namespace {

std::vector<float> LogitsOf(const LanguageModel& model, const std::vector<uint32_t>& tokens = {1, 70, 260}) {
  Transformer transformer(model.config(), model.weights(), Precision::kExact);
  KvCache cache(model.config(), 16);
  return transformer.Forward(tokens, cache, Logits::kAll);
}

using Kind = std::tuple<const char*, WeightType, TokenizerKind>;
class EveryTinyModel : public ::testing::TestWithParam<Kind> {};

TEST_P(EveryTinyModel, LoadsAndComputesNumbers) {
  const auto& [architecture, type, tokenizer] = GetParam();
  const auto model = LoadGguf(
      TinyGguf({.architecture = architecture, .type = type, .tokenizer = tokenizer, .tied = type != WeightType::kQ8_0}));
  ASSERT_TRUE(model.ok()) << model.status().message();
  for (const float logit : LogitsOf(**model)) ASSERT_TRUE(std::isfinite(logit));
}
INSTANTIATE_TEST_SUITE_P(
    All, EveryTinyModel,
    ::testing::Combine(::testing::Values("llama", "qwen2", "qwen3"),
                       ::testing::Values(WeightType::kF32, WeightType::kF16, WeightType::kBF16, WeightType::kQ8_0,
                                         WeightType::kQ4_0, WeightType::kQ4_1, WeightType::kQ5_0, WeightType::kQ5_1,
                                         WeightType::kQ4_K, WeightType::kQ5_K, WeightType::kQ6_K),
                       ::testing::Values(TokenizerKind::kBytePairs, TokenizerKind::kSentencePiece)));

}  // namespace
}  // namespace andon
