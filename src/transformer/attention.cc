#include "transformer/attention.h"

#include <algorithm>
#include <cmath>

#include "kernels/exp.h"
#include "kernels/rows.h"

namespace andon {
namespace {

// Tokens of a part: enough to use a widened block several times, few enough that a batch makes
// parts for several threads.
constexpr uint32_t kPartTokens = 8;

float Exp(float x) { return wasm_f32x4_extract_lane(ExpNonPositive(F32x4::Splat(x)).bits, 0); }

// x = e^(x - largest), [kBlockPositions]; the sum of the first `count`.
float ExpAll(float* x, uint32_t count, float largest) {
  const F32x4 shift = F32x4::Splat(largest);
  for (uint32_t i = 0; i < kBlockPositions; i += 4) {
    wasm_v128_store(x + i, ExpNonPositive(F32x4::Load(x + i) - shift).bits);
  }
  float total = 0;
  for (uint32_t i = 0; i < count; ++i) total += x[i];
  return total;
}

}  // namespace

void Attention::Run(const KvCache& cache, uint32_t layer, const float* query, uint32_t tokens,
                    ThreadPool& pool, float* to) {
  scratch_.resize(pool.threads());
  for (Scratch& scratch : scratch_) {
    scratch.keys.resize(size_t{kBlockPositions} * config_.head_dim);
    scratch.values.resize(scratch.keys.size());
    scratch.sum.resize(config_.head_dim);
    scratch.largest.resize(size_t{kPartTokens} * (config_.heads / config_.kv_heads));
    scratch.total.resize(scratch.largest.size());
  }
  const uint32_t tiles = (tokens + kPartTokens - 1) / kPartTokens;
  pool.Run(tiles * config_.kv_heads, [&](uint32_t part, uint32_t thread) {
    const uint32_t first = part / config_.kv_heads * kPartTokens;
    const uint32_t last = std::min(first + kPartTokens, tokens);
    RunPart(cache, {layer, part % config_.kv_heads, first, last}, query, scratch_[thread], to);
  });
}

void Attention::RunPart(const KvCache& cache, const Part& part, const float* query,
                        Scratch& scratch, float* to) const {
  const uint32_t dim = config_.head_dim, group = config_.heads / config_.kv_heads;
  const uint32_t queries = (part.last - part.first) * group;
  const float scale = 1 / std::sqrt(static_cast<float>(dim));
  std::fill_n(scratch.largest.begin(), queries, -INFINITY);
  std::fill_n(scratch.total.begin(), queries, 0.0F);
  const auto row_of = [&](uint32_t q) {  // of query and to
    const size_t token = part.first + q / group, head = part.kv_head * group + q % group;
    return (token * config_.heads + head) * dim;
  };
  for (uint32_t q = 0; q < queries; ++q) std::fill_n(to + row_of(q), dim, 0.0F);
  const uint32_t end = cache.length() + part.last;
  for (uint32_t begin = 0; begin < end; begin += kBlockPositions) {
    const uint32_t block = begin / kBlockPositions, there = std::min(end - begin, kBlockPositions);
    const float* const keys =
        cache.Read(KvPart::kKeys, part.layer, part.kv_head, block, there, scratch.keys.data());
    const float* const values =
        cache.Read(KvPart::kValues, part.layer, part.kv_head, block, there, scratch.values.data());
    for (uint32_t q = 0; q < queries; ++q) {
      const uint32_t seen =
          cache.length() + part.first + q / group + 1;  // positions, its own included
      if (seen <= begin) continue;
      const uint32_t count = std::min(seen - begin, there);
      float scores[kBlockPositions];
      std::fill_n(scores, kBlockPositions, -INFINITY);
      AttentionScores(query + row_of(q), keys, dim, count, dim, scale, scores);
      const float largest = std::max(scratch.largest[q], *std::max_element(scores, scores + count));
      const float kept =
          Exp(scratch.largest[q] - largest);  // of what was summed under the old maximum
      scratch.largest[q] = largest;
      scratch.total[q] = scratch.total[q] * kept + ExpAll(scores, count, largest);
      WeightedSum(scores, values, dim, count, dim, scratch.sum.data());
      float* const sum = to + row_of(q);
      for (uint32_t i = 0; i < dim; ++i) sum[i] = sum[i] * kept + scratch.sum[i];
    }
  }
  for (uint32_t q = 0; q < queries; ++q) {
    float* const sum = to + row_of(q);
    const float inverse = 1 / scratch.total[q];
    for (uint32_t i = 0; i < dim; ++i) sum[i] *= inverse;
  }
}

}  // namespace andon
