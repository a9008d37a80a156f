#include "transformer/forward.h"

#include <algorithm>
#include <cmath>

#include "kernels/rows.h"

namespace andon {
namespace {

void AddBias(const std::vector<float>& bias, uint32_t rows, std::vector<float>& y) {
  for (size_t r = 0; r < rows && !bias.empty(); ++r) {
    for (size_t i = 0; i < bias.size(); ++i) y[r * bias.size() + i] += bias[i];
  }
}

}  // namespace

Transformer::Transformer(const TransformerConfig& config, const TransformerWeights& weights,
                         Precision precision)
    : config_(config),
      weights_(weights),
      precision_(precision),
      frequencies_(RopeFrequencies(config.rope)) {}

std::vector<float> Transformer::Forward(std::span<const uint32_t> tokens, KvCache& cache, Logits wanted) {
  Compute(tokens, cache);
  std::vector<float> logits;
  if (wanted == Logits::kNone) return logits;
  const uint32_t rows = wanted == Logits::kAll ? batch_ : 1;
  NormalizeLast(rows);
  Project(weights_.head, normed_, rows, logits);
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
  for (uint32_t i = 0; i < config_.layers; ++i) {
    Attention(weights_.layers[i], i, cache);
    FeedForward(weights_.layers[i]);
  }
  cache.Advance(batch_);
}

void Transformer::NormalizeLast(uint32_t rows) {
  normed_.resize(size_t{rows} * config_.hidden);
  Normalize(residual_.data() + size_t{batch_ - rows} * config_.hidden, weights_.final_norm, rows, normed_.data());
}

void Transformer::Embed(std::span<const uint32_t> tokens) {
  residual_.resize(tokens.size() * config_.hidden);
  for (size_t t = 0; t < tokens.size(); ++t) {
    UnpackRow(weights_.embedding, tokens[t], residual_.data() + t * config_.hidden);
  }
}

void Transformer::Attention(const LayerWeights& layer, uint32_t index, KvCache& cache) {
  normed_.resize(residual_.size());
  Normalize(residual_.data(), layer.attention_norm, batch_, normed_.data());
  Project(layer.query, normed_, batch_, query_);
  Project(layer.key, normed_, batch_, key_);
  Project(layer.value, normed_, batch_, value_);
  AddBias(layer.query_bias, batch_, query_);
  AddBias(layer.key_bias, batch_, key_);
  AddBias(layer.value_bias, batch_, value_);
  if (!layer.query_norm.empty()) {
    Normalize(query_.data(), layer.query_norm, batch_ * config_.heads, query_.data());
    Normalize(key_.data(), layer.key_norm, batch_ * config_.kv_heads, key_.data());
  }
  attended_.resize(query_.size());
  for (uint32_t t = 0; t < batch_; ++t) {
    const uint32_t position = cache.length() + t;
    Rotate(query_.data() + size_t{t} * config_.query_features(), config_.heads, position);
    Rotate(key_.data() + size_t{t} * config_.kv_features(), config_.kv_heads, position);
    const size_t kv = size_t{t} * config_.kv_features();
    std::copy_n(key_.data() + kv, config_.kv_features(), cache.key(index, position));
    std::copy_n(value_.data() + kv, config_.kv_features(), cache.value(index, position));
    Attend(index, t, cache);
  }
  Project(layer.output, attended_, batch_, projected_);
  AddBias(layer.output_bias, batch_, projected_);
  AddRows(projected_.data(), projected_.size(), residual_.data());
}

void Transformer::Rotate(float* heads, uint32_t count, uint32_t position) const {
  const RopeConfig& rope = config_.rope;
  const uint32_t pairs = rope.dimensions / 2;
  for (uint32_t i = 0; i < pairs; ++i) {
    const double angle = position * frequencies_[i];
    const float cosine = static_cast<float>(std::cos(angle) * rope.attention_factor);
    const float sine = static_cast<float>(std::sin(angle) * rope.attention_factor);
    for (uint32_t h = 0; h < count; ++h) {
      float* const head = heads + size_t{h} * config_.head_dim;
      float& a = rope.interleaved ? head[2 * i] : head[i];
      float& b = rope.interleaved ? head[2 * i + 1] : head[i + pairs];
      const float rotated = a * cosine - b * sine;
      b = a * sine + b * cosine;
      a = rotated;
    }
  }
}

void Transformer::Attend(uint32_t layer, uint32_t token, KvCache& cache) {
  const uint32_t last = cache.length() + token;
  const float scale = 1 / std::sqrt(static_cast<float>(config_.head_dim));
  scores_.resize(last + 1);
  for (uint32_t h = 0; h < config_.heads; ++h) {
    const size_t head = size_t{h} * config_.head_dim;
    const size_t kv_head = size_t{h / (config_.heads / config_.kv_heads)} * config_.head_dim;
    const float* const query = query_.data() + size_t{token} * config_.query_features() + head;
    float* const out = attended_.data() + size_t{token} * config_.query_features() + head;
    AttentionScores(query, cache.key(layer, 0) + kv_head, cache.features(), last + 1, config_.head_dim, scale,
                    scores_.data());
    Softmax(scores_.data(), last + 1);
    WeightedSum(scores_.data(), cache.value(layer, 0) + kv_head, cache.features(), last + 1, config_.head_dim, out);
  }
}

void Transformer::FeedForward(const LayerWeights& layer) {
  Normalize(residual_.data(), layer.ffn_norm, batch_, normed_.data());
  Project(layer.gate, normed_, batch_, gate_);
  Project(layer.up, normed_, batch_, up_);
  SwiGlu(gate_.data(), up_.data(), gate_.size());
  Project(layer.down, gate_, batch_, projected_);
  AddRows(projected_.data(), projected_.size(), residual_.data());
}

void Transformer::Normalize(const float* x, const std::vector<float>& weight, uint32_t rows, float* to) const {
  RmsNorm(x, weight.data(), config_.norm_epsilon, rows, weight.size(), to);
}

void Transformer::Project(const Matrix& w, const std::vector<float>& x, uint32_t tokens,
                          std::vector<float>& y) {
  activations_.Quantize(x.data(), tokens, w.columns);
  y.resize(size_t{tokens} * w.rows);
  if (precision_ == Precision::kExact) {
    MultiplyExact(w, activations_, 0, w.groups(), y.data());
  } else {
    Multiply(w, activations_, 0, w.groups(), y.data());
  }
}

}  // namespace andon
