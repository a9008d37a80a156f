// What a decoder-only transformer is made of: Llama, Qwen2 and Qwen3 in one.

#ifndef ANDON_TRANSFORMER_CONFIG_H_
#define ANDON_TRANSFORMER_CONFIG_H_

#include <cstdint>
#include <vector>

namespace andon {

// How positions beyond those of training are mapped; Peng et al., "YaRN" (arXiv 2309.00071), and
// Llama 3's own rule.
enum class RopeScaling : uint8_t { kNone, kLinear, kNtk, kYarn, kLlama3 };

struct RopeConfig {
  double base = 10'000;
  uint32_t dimensions = 0;   // of a head that are rotated; even
  bool interleaved = false;  // pairs are (2 i, 2 i + 1) instead of (i, i + dimensions / 2)
  RopeScaling scaling = RopeScaling::kNone;
  double factor = 1;
  uint32_t original_context = 0;                 // of training, for YaRN and Llama 3
  double low_frequency = 1, high_frequency = 4;  // of Llama 3
  double beta_fast = 32, beta_slow = 1;          // of YaRN
  double attention_factor = 1;                   // of YaRN: multiplies cosine and sine
  std::vector<float> frequency_factors =
      {};  // [dimensions / 2], divide the frequencies; empty: none
};

struct TransformerConfig {
  uint32_t layers = 0;
  uint32_t hidden = 0;
  uint32_t intermediate = 0;
  uint32_t heads = 0;
  uint32_t kv_heads = 0;  // divides heads
  uint32_t head_dim = 0;  // of queries, keys and values
  uint32_t vocabulary = 0;
  uint32_t context = 0;  // positions the model was made for
  float norm_epsilon = 1e-5F;
  RopeConfig rope = {};

  uint32_t query_features() const { return heads * head_dim; }
  uint32_t kv_features() const { return kv_heads * head_dim; }
};

// Angles a position, in radians, for each rotated pair: [dimensions / 2].
std::vector<double> RopeFrequencies(const RopeConfig& rope);

}  // namespace andon

#endif  // ANDON_TRANSFORMER_CONFIG_H_
