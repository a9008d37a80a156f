#include "transformer/sampler.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <unordered_map>

#include "kernels/exp.h"

namespace andon {
namespace {

struct Candidate {
  uint32_t token;
  float logit;
  float probability;
};
using Candidates = std::vector<Candidate>;

// e^x for x <= 0, the same bits on every engine.
float ExpOfNegative(float x) {
  const F32x4 result = ExpNonPositive(F32x4::Splat(x));
  return wasm_f32x4_extract_lane(result.bits, 0);
}

bool MoreProbable(const Candidate& a, const Candidate& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.token < b.token;
}

// PCG32 (O'Neill 2014), one stream.
uint32_t NextRandom(uint64_t& state) {
  const uint64_t old = state;
  state = old * 6364136223846793005ULL + 1442695040888963407ULL;
  const auto shifted = static_cast<uint32_t>(((old >> 18) ^ old) >> 27);
  const auto turn = static_cast<uint32_t>(old >> 59);
  return shifted >> turn | shifted << (-turn & 31);
}

// Probabilities in place. The sum runs over the candidates in their order.
void Normalize(Candidates& candidates) {
  float largest = -INFINITY;
  for (const Candidate& c : candidates) largest = std::max(largest, c.logit);
  float total = 0;
  for (Candidate& c : candidates) total += c.probability = ExpOfNegative(c.logit - largest);
  for (Candidate& c : candidates) c.probability /= total;
}

void KeepTopK(uint32_t k, Candidates& candidates) {
  if (k == 0 || k >= candidates.size()) return;
  std::nth_element(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(k),
                   candidates.end(), MoreProbable);
  candidates.resize(k);
}

// Takes the first by `before` until their probabilities reach `wanted`; never none. A heap, as few
// of many are taken.
template <typename Before>
void KeepUntil(float wanted, const Before& before, Candidates& candidates) {
  const auto after = [&before](const Candidate& a, const Candidate& b) { return before(b, a); };
  std::make_heap(candidates.begin(), candidates.end(), after);
  Candidates kept;
  float total = 0;
  while (!candidates.empty() && (kept.empty() || total < wanted)) {
    std::pop_heap(candidates.begin(), candidates.end(), after);
    total += candidates.back().probability;
    kept.push_back(candidates.back());
    candidates.pop_back();
  }
  candidates = std::move(kept);
}

void KeepTopP(float p, Candidates& candidates) {
  if (p >= 1) return;
  Normalize(candidates);
  KeepUntil(p, MoreProbable, candidates);
}

void KeepTypical(float p, Candidates& candidates) {
  if (p >= 1) return;
  Normalize(candidates);
  float entropy = 0;
  for (const Candidate& c : candidates) {
    if (c.probability > 0) entropy -= c.probability * std::log(c.probability);
  }
  const auto distance = [entropy](const Candidate& c) {
    return c.probability > 0 ? std::fabs(-std::log(c.probability) - entropy) : INFINITY;
  };
  KeepUntil(
      p,
      [&distance](const Candidate& a, const Candidate& b) {
        const float da = distance(a), db = distance(b);
        return da != db ? da < db : MoreProbable(a, b);
      },
      candidates);
}

void KeepMinP(float p, Candidates& candidates) {
  if (p <= 0) return;
  const float largest = std::min_element(candidates.begin(), candidates.end(), MoreProbable)->logit;
  const float least = largest + std::log(p);
  std::erase_if(candidates, [least](const Candidate& c) { return c.logit < least; });
}

uint32_t MostProbableToken(std::span<const float> logits) {
  return static_cast<uint32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

Candidates AllOf(std::span<const float> logits) {
  Candidates candidates(logits.size());
  for (uint32_t i = 0; i < candidates.size(); ++i) candidates[i] = {i, logits[i], 0};
  return candidates;
}

// ln of the sum of e^logit, shifted by the largest.
float LogTotal(std::span<const float> logits, float largest) {
  float total = 0;
  for (const float logit : logits) total += ExpOfNegative(logit - largest);
  return std::log(total);
}

}  // namespace

Status CheckSampler(const SamplerOptions& options, uint32_t vocabulary) {
  const auto fail = [](std::string_view what) {
    return Error(ErrorCode::kInvalidArgument, "sampler: ", what);
  };
  const auto is_share = [](float p) { return p >= 0 && p <= 1; };
  if (!(options.temperature >= 0) || !std::isfinite(options.temperature))
    return fail("temperature");
  if (!is_share(options.top_p)) return fail("top-p");
  if (!is_share(options.min_p)) return fail("min-p");
  if (!is_share(options.typical_p)) return fail("typical");
  if (!(options.repetition_penalty > 0) || !std::isfinite(options.repetition_penalty)) {
    return fail("repetition penalty");
  }
  if (!std::isfinite(options.presence_penalty)) return fail("presence penalty");
  if (!std::isfinite(options.frequency_penalty)) return fail("frequency penalty");
  for (const auto& [token, bias] : options.logit_bias) {
    if (token >= vocabulary || !(bias < INFINITY)) return fail("logit bias");
  }
  return Status();
}

Sampler::Sampler(const SamplerOptions& options) : options_(options), random_(options.seed) {
  // As PCG's own seeding: two steps with the seed between, so that near seeds give far streams.
  random_ = 0;
  NextRandom(random_);
  random_ += options.seed;
  NextRandom(random_);
}

void Sampler::Accept(uint32_t token) {
  if (options_.penalty_window == 0) return;
  if (seen_.size() == options_.penalty_window) seen_.pop_front();
  seen_.push_back(token);
}

void Sampler::Adjust(std::span<float> logits) const {
  for (const auto& [token, bias] : options_.logit_bias) logits[token] += bias;
  std::unordered_map<uint32_t, float> times;
  for (const uint32_t token : seen_) ++times[token];
  for (const auto& [token, count] : times) {
    float& logit = logits[token];
    logit = logit > 0 ? logit / options_.repetition_penalty : logit * options_.repetition_penalty;
    logit -= options_.presence_penalty + count * options_.frequency_penalty;
  }
}

uint32_t Sampler::Next(std::span<float> logits) {
  Adjust(logits);
  uint32_t chosen = MostProbableToken(logits);
  if (options_.temperature > 0) {
    Candidates candidates = AllOf(logits);
    KeepTopK(options_.top_k, candidates);
    KeepTypical(options_.typical_p, candidates);
    KeepTopP(options_.top_p, candidates);
    KeepMinP(options_.min_p, candidates);
    for (Candidate& c : candidates) c.logit /= options_.temperature;
    std::sort(candidates.begin(), candidates.end(), MoreProbable);
    Normalize(candidates);
    // 24 bits, so that every draw is a float without rounding.
    const float draw = static_cast<float>(NextRandom(random_) >> 8) * 0x1p-24F;
    float total = 0;
    chosen = candidates.back().token;
    for (const Candidate& c : candidates) {
      total += c.probability;
      if (draw < total) {
        chosen = c.token;
        break;
      }
    }
  }
  Accept(chosen);
  return chosen;
}

Sampler::State Sampler::Save() const { return {random_, {seen_.begin(), seen_.end()}}; }

void Sampler::Restore(const State& state) {
  random_ = state.random;
  seen_.assign(state.seen.begin(), state.seen.end());
}

std::vector<TokenProbability> MostProbable(std::span<const float> logits, uint32_t count) {
  Candidates candidates = AllOf(logits);
  KeepTopK(count, candidates);
  std::sort(candidates.begin(), candidates.end(), MoreProbable);
  const float largest = candidates.front().logit;
  const float log_total = LogTotal(logits, largest);
  std::vector<TokenProbability> result;
  for (const Candidate& c : candidates) result.push_back({c.token, c.logit - largest - log_total});
  return result;
}

float LogProbability(std::span<const float> logits, uint32_t token) {
  const float largest = logits[MostProbableToken(logits)];
  return logits[token] - largest - LogTotal(logits, largest);
}

}  // namespace andon
