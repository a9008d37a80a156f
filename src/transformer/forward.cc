#include "transformer/forward.h"

#include <algorithm>
#include <cmath>

#include "kernels/rows.h"

namespace andon {
namespace {

// Parts of a product for each thread: enough that one which is held up costs the others little.
constexpr uint32_t kPartsPerThread = 8;
// Products of a part at least: some microseconds, below which a second thread costs more than it
// does.
constexpr uint64_t kPartProducts = 1 << 16;

void AddBias(const std::vector<float>& bias, uint32_t rows, std::vector<float>& y) {
  for (size_t r = 0; r < rows && !bias.empty(); ++r) {
    AddRows(bias.data(), bias.size(), y.data() + r * bias.size());
  }
}

}  // namespace

Transformer::Transformer(const TransformerConfig& config, const TransformerWeights& weights,
                         Precision precision, ThreadPool& pool)
    : config_(config),
      weights_(weights),
      precision_(precision),
      pool_(pool),
      frequencies_(RopeFrequencies(config.rope)),
      attention_(config_) {}

std::vector<float> Transformer::Forward(std::span<const uint32_t> tokens, KvCache& cache,
                                        Logits wanted) {
  Compute(tokens, cache);
  std::vector<float> logits;
  if (wanted == Logits::kNone) return logits;
  const uint32_t rows = wanted == Logits::kAll ? batch_ : 1;
  NormalizeLast(rows);
  Project(normed_, rows, {{weights_.head, logits}});
  return logits;
}

std::span<const float> Transformer::States(std::span<const uint32_t> tokens, KvCache& cache) {
  Compute(tokens, cache);
  NormalizeLast(batch_);
  return normed_;
}

void Transformer::Compute(std::span<const uint32_t> tokens, KvCache& cache) {
  batch_ = static_cast<uint32_t>(tokens.size());
  Embed(tokens);
  PrepareRotations(cache.length());
  for (uint32_t i = 0; i < config_.layers; ++i) {
    Attend(weights_.layers[i], i, cache);
    FeedForward(weights_.layers[i]);
  }
  cache.Advance(batch_);
}

void Transformer::NormalizeLast(uint32_t rows) {
  normed_.resize(size_t{rows} * config_.hidden);
  Normalize(residual_.data() + size_t{batch_ - rows} * config_.hidden, weights_.final_norm, rows,
            normed_.data());
}

void Transformer::Embed(std::span<const uint32_t> tokens) {
  residual_.resize(tokens.size() * config_.hidden);
  for (size_t t = 0; t < tokens.size(); ++t) {
    UnpackRow(weights_.embedding, tokens[t], residual_.data() + t * config_.hidden);
  }
}

void Transformer::PrepareRotations(uint32_t position) {
  const size_t pairs = frequencies_.size();
  cosines_.resize(batch_ * pairs);
  sines_.resize(batch_ * pairs);
  for (size_t i = 0; i < cosines_.size(); ++i) {
    const double angle = static_cast<double>(position + i / pairs) * frequencies_[i % pairs];
    cosines_[i] = static_cast<float>(std::cos(angle) * config_.rope.attention_factor);
    sines_[i] = static_cast<float>(std::sin(angle) * config_.rope.attention_factor);
  }
}

void Transformer::Attend(const LayerWeights& layer, uint32_t index, KvCache& cache) {
  normed_.resize(residual_.size());
  Normalize(residual_.data(), layer.attention_norm, batch_, normed_.data());
  Project(normed_, batch_, {{layer.query, query_}, {layer.key, key_}, {layer.value, value_}});
  AddBias(layer.query_bias, batch_, query_);
  AddBias(layer.key_bias, batch_, key_);
  AddBias(layer.value_bias, batch_, value_);
  if (!layer.query_norm.empty()) {
    Normalize(query_.data(), layer.query_norm, batch_ * config_.heads, query_.data());
    Normalize(key_.data(), layer.key_norm, batch_ * config_.kv_heads, key_.data());
  }
  Rotate(query_.data(), config_.heads);
  Rotate(key_.data(), config_.kv_heads);
  for (uint32_t t = 0; t < batch_; ++t) {
    const size_t kv = size_t{t} * config_.kv_features();
    cache.Store(index, cache.length() + t, key_.data() + kv, value_.data() + kv);
  }
  attended_.resize(query_.size());
  attention_.Run(cache, index, query_.data(), batch_, pool_, attended_.data());
  Project(attended_, batch_, {{layer.output, projected_}});
  AddBias(layer.output_bias, batch_, projected_);
  AddRows(projected_.data(), projected_.size(), residual_.data());
}

void Transformer::Rotate(float* x, uint32_t count) const {
  const size_t pairs = frequencies_.size();
  const bool interleaved = config_.rope.interleaved;
  const size_t second = interleaved ? 1 : pairs, step = interleaved ? 2 : 1;
  for (size_t row = 0; row < size_t{batch_} * count; ++row, x += config_.head_dim) {
    const float* const cosine = cosines_.data() + row / count * pairs;
    const float* const sine = sines_.data() + row / count * pairs;
    for (size_t i = 0; i < pairs; ++i) {
      float& a = x[step * i];
      float& b = x[step * i + second];
      const float rotated = a * cosine[i] - b * sine[i];
      b = a * sine[i] + b * cosine[i];
      a = rotated;
    }
  }
}

void Transformer::FeedForward(const LayerWeights& layer) {
  Normalize(residual_.data(), layer.ffn_norm, batch_, normed_.data());
  Project(normed_, batch_, {{layer.gate, gate_}, {layer.up, up_}});
  const size_t width = config_.intermediate;
  pool_.Run(batch_, [&](uint32_t t, uint32_t) {
    SwiGlu(gate_.data() + t * width, up_.data() + t * width, width);
  });
  Project(gate_, batch_, {{layer.down, projected_}});
  AddRows(projected_.data(), projected_.size(), residual_.data());
}

void Transformer::Normalize(const float* x, const std::vector<float>& weight, uint32_t rows,
                            float* to) const {
  RmsNorm(x, weight.data(), config_.norm_epsilon, rows, weight.size(), to);
}

void Transformer::Project(const std::vector<float>& x, uint32_t rows,
                          std::initializer_list<Product> products) {
  activations_.Quantize(x.data(), rows, products.begin()->w.columns);
  uint32_t groups = 0;
  for (const auto& [w, y] : products) {
    y.resize(size_t{rows} * w.rows);
    groups += w.groups();
  }
  const auto multiply = precision_ == Precision::kExact ? MultiplyExact : Multiply;
  const uint64_t work = uint64_t{groups} * kGroupRows * products.begin()->w.columns * rows;
  const uint64_t most = std::min<uint64_t>(groups, uint64_t{pool_.threads()} * kPartsPerThread);
  const auto parts = static_cast<uint32_t>(std::clamp<uint64_t>(work / kPartProducts, 1, most));
  pool_.Run(parts, [&](uint32_t part, uint32_t) {
    // The part's groups of all matrices, one after the other.
    const uint32_t first = static_cast<uint32_t>(uint64_t{groups} * part / parts);
    const uint32_t last = static_cast<uint32_t>(uint64_t{groups} * (part + 1) / parts);
    uint32_t before = 0;
    for (const auto& [w, y] : products) {
      const uint32_t from = std::max(first, before), to = std::min(last, before + w.groups());
      if (from < to) multiply(w, activations_, from - before, to - before, y.data());
      before += w.groups();
    }
  });
}

}  // namespace andon
