// From logits to the next token.

#ifndef ANDON_TRANSFORMER_SAMPLER_H_
#define ANDON_TRANSFORMER_SAMPLER_H_

#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "common/status.h"

namespace andon {

// Applied in this order: bias, penalties, top-k, typical, top-p, min-p, temperature. Each is off at
// its default.
struct SamplerOptions {
  float temperature = 0;  // 0: greedy, the most probable token, of equals the lowest id
  uint32_t top_k = 0;     // keeps so many tokens; 0: all
  float top_p = 1;  // keeps the smallest set of at least this probability (Holtzman et al. 2020)
  float min_p =
      0;  // drops what is less probable than this share of the most probable (Nguyen et al. 2024)
  float typical_p = 1;  // keeps those whose surprise is nearest the entropy (Meister et al. 2023)
  float repetition_penalty =
      1;  // divides positive, multiplies negative logits of tokens seen (Keskar et al. 2019)
  float presence_penalty = 0;                               // subtracted once from tokens seen
  float frequency_penalty = 0;                              // subtracted for each time
  uint32_t penalty_window = 64;                             // tokens that count as seen
  std::vector<std::pair<uint32_t, float>> logit_bias = {};  // added; -infinity bans
  uint64_t seed = 0;
};

// Error: InvalidArgument, for a value outside its range, or a biased token outside the vocabulary.
Status CheckSampler(const SamplerOptions& options, uint32_t vocabulary);

struct TokenProbability {
  uint32_t token = 0;
  float log_probability = 0;  // natural, of the model's own distribution, before any option
};

class Sampler {
 public:
  // REQUIRES: CheckSampler() is well.
  explicit Sampler(const SamplerOptions& options);

  // Chooses, and remembers the choice. `logits` are changed. The same options, seed and logits give
  // the same tokens on every machine: arithmetic is float32 without reordering, random numbers are
  // PCG32's.
  uint32_t Next(std::span<float> logits);
  // Counts a token of the prompt as seen.
  void Accept(uint32_t token);

  // For saved sessions.
  struct State {
    uint64_t random = 0;
    std::vector<uint32_t> seen;  // oldest first
  };
  State Save() const;
  void Restore(const State& state);

 private:
  void Adjust(std::span<float> logits) const;

  SamplerOptions options_;
  uint64_t random_;
  std::deque<uint32_t> seen_;
};

// The `count` most probable tokens, most probable first.
std::vector<TokenProbability> MostProbable(std::span<const float> logits, uint32_t count);
// Of one token. REQUIRES: token < logits.size().
float LogProbability(std::span<const float> logits, uint32_t token);

}  // namespace andon

#endif  // ANDON_TRANSFORMER_SAMPLER_H_
