#include "language/model_config.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/limits.h"

namespace andon {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

TransformerConfig Sound() {
  TransformerConfig config;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 64;
  config.rope.dimensions = 64;
  config.rope.original_context = 512;
  return config;
}

TEST(ModelConfig, HeadsThatDoNotShareOutAreRefused) {
  EXPECT_TRUE(HasSoundHeads(Sound()));
  for (const uint32_t kv_heads : {0u, 3u}) {
    TransformerConfig config = Sound();
    config.kv_heads = kv_heads;
    EXPECT_FALSE(HasSoundHeads(config)) << kv_heads;
  }
  for (const uint32_t head_dim : {uint32_t{0}, static_cast<uint32_t>(limits::kMaxHeadDim + 1)}) {
    TransformerConfig config = Sound();
    config.head_dim = head_dim;
    EXPECT_FALSE(HasSoundHeads(config)) << head_dim;
  }
}

TEST(ModelConfig, RotationsOutsideAHeadAreRefused) {
  EXPECT_TRUE(HasSoundRope(Sound()));
  for (const uint32_t dimensions : {0u, 7u, 66u}) {
    TransformerConfig config = Sound();
    config.rope.dimensions = dimensions;
    EXPECT_FALSE(HasSoundRope(config)) << dimensions;
  }
}

TEST(ModelConfig, EveryNumberOfRotationsHasItsRange) {
  using Member = double RopeConfig::*;
  for (const Member member : {&RopeConfig::base, &RopeConfig::factor, &RopeConfig::low_frequency,
                              &RopeConfig::high_frequency, &RopeConfig::beta_slow,
                              &RopeConfig::beta_fast, &RopeConfig::attention_factor}) {
    for (const double value : {0.0, 1e16, kNoNumber}) {
      TransformerConfig config = Sound();
      config.rope.*member = value;
      EXPECT_FALSE(HasSoundRope(config)) << value;
    }
  }
  for (const uint32_t context : {uint32_t{0}, static_cast<uint32_t>(limits::kMaxContext + 1)}) {
    TransformerConfig config = Sound();
    config.rope.original_context = context;
    EXPECT_FALSE(HasSoundRope(config)) << context;
  }
}

}  // namespace
}  // namespace andon
