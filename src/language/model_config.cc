#include "language/model_config.h"

#include <cmath>

#include "common/limits.h"

namespace andon {

bool IsSupportedArchitecture(std::string_view name) {
  return name == "llama" || name == "qwen2" || name == "qwen3";
}

bool HasSoundHeads(const TransformerConfig& config) {
  return config.kv_heads > 0 && config.heads % config.kv_heads == 0 && config.head_dim > 0 &&
         config.head_dim <= limits::kMaxHeadDim;
}

bool HasSoundRope(const TransformerConfig& config) {
  const RopeConfig& rope = config.rope;
  const auto within = [](double value, double least, double most) {
    return value >= least && value <= most;
  };
  return rope.dimensions > 0 && rope.dimensions % 2 == 0 && rope.dimensions <= config.head_dim &&
         within(rope.base, 1.001, 1e15) && within(rope.factor, 1, 1e6) &&
         within(rope.original_context, 1, limits::kMaxContext) &&
         within(rope.low_frequency, 1e-3, 1e3) &&
         within(rope.high_frequency, rope.low_frequency * 1.001, 1e6) &&
         within(rope.beta_slow, 1e-3, 1e3) && within(rope.beta_fast, rope.beta_slow, 1e6) &&
         within(rope.attention_factor, 1e-3, 1e3);
}

}  // namespace andon
