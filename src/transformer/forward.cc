#include "transformer/forward.h"

#include <algorithm>
#include <cmath>

#include "kernels/rows.h"
#include "transformer/parts.h"

namespace andon {
Transformer::Transformer(const TransformerConfig& config, const TransformerWeights& weights,
                         Precision precision, ThreadPool& pool)
    : config_(config),
      weights_(weights),
      precision_(precision),
      pool_(pool),
      frequencies_(RopeFrequencies(config.rope)),
      attention_(config_) {}

std::vector<float> Transformer::Forward(std::span<const uint32_t> tokens, KvCache& cache,
                                        Logits wanted, std::span<const float> embeddings) {
  Compute(embeddings, tokens, cache);
  std::vector<float> logits;
  if (wanted == Logits::kNone) return logits;
  const uint32_t rows = wanted == Logits::kAll ? batch_ : 1;
  NormalizeLast(rows);
  Project(0, normed_, rows, {{Module::kHead, weights_.head, nullptr, logits}});
  return logits;
}

std::span<const float> Transformer::States(std::span<const uint32_t> tokens, KvCache& cache) {
  Compute({}, tokens, cache);
  NormalizeLast(batch_);
  return normed_;
}

void Transformer::Compute(std::span<const float> embeddings, std::span<const uint32_t> tokens,
                          KvCache& cache) {
  batch_ = static_cast<uint32_t>(embeddings.size() / config_.hidden + tokens.size());
  Embed(embeddings, tokens);
  PrepareRotations(cache.length());
  for (uint32_t i = 0; i < config_.layers; ++i) {
    Attend(weights_.layers[i], i, cache);
    FeedForward(weights_.layers[i], i);
  }
  cache.Advance(batch_);
}

void Transformer::NormalizeLast(uint32_t rows) {
  normed_.resize(size_t{rows} * config_.hidden);
  Normalize(residual_.data() + size_t{batch_ - rows} * config_.hidden, weights_.final_norm, rows,
            normed_.data());
}

void Transformer::Embed(std::span<const float> embeddings, std::span<const uint32_t> tokens) {
  residual_.assign(embeddings.begin(), embeddings.end());
  residual_.resize(size_t{batch_} * config_.hidden);
  std::span<float> rest = std::span(residual_).subspan(embeddings.size());
  for (const uint32_t token : tokens) {
    UnpackRow(weights_.embedding, token, rest.data());
    adapters_.CompleteColumn(0, Module::kEmbedding, token, 0, config_.hidden,
                             rest.first(config_.hidden));
    rest = rest.subspan(config_.hidden);
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
  Project(index, normed_, batch_,
          {{Module::kQuery, layer.query, &layer.query_bias, query_},
           {Module::kKey, layer.key, &layer.key_bias, key_},
           {Module::kValue, layer.value, &layer.value_bias, value_}});
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
  Project(index, attended_, batch_,
          {{Module::kOutput, layer.output, &layer.output_bias, projected_}});
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

void Transformer::FeedForward(const LayerWeights& layer, uint32_t index) {
  Normalize(residual_.data(), layer.ffn_norm, batch_, normed_.data());
  Project(index, normed_, batch_,
          {{Module::kGate, layer.gate, nullptr, gate_}, {Module::kUp, layer.up, nullptr, up_}});
  const size_t width = config_.intermediate;
  pool_.Run(batch_, [&](uint32_t t, uint32_t) {
    SwiGlu(gate_.data() + t * width, up_.data() + t * width, width);
  });
  Project(index, gate_, batch_, {{Module::kDown, layer.down, nullptr, projected_}});
  AddRows(projected_.data(), projected_.size(), residual_.data());
}

void Transformer::Normalize(const float* x, const std::vector<float>& weight, uint32_t rows,
                            float* to) const {
  RmsNorm(x, weight.data(), config_.norm_epsilon, rows, weight.size(), to);
}

void Transformer::Project(uint32_t layer, const std::vector<float>& x, uint32_t rows,
                          std::initializer_list<Product> products) {
  const bool is_scaled = std::ranges::any_of(
      products, [&](const Product& p) { return adapters_.ScalesInput(layer, p.module); });
  if (!is_scaled) return Multiply(layer, x.data(), rows, products);
  for (const Product& product : products) {  // inputs may differ now
    scaled_ = x;
    adapters_.ScaleInput(layer, product.module, product.w.columns, scaled_);
    Multiply(layer, scaled_.data(), rows, {&product, 1});
  }
}

void Transformer::Multiply(uint32_t layer, const float* x, uint32_t rows,
                           std::span<const Product> products) {
  const uint32_t columns = products.front().w.columns;
  std::vector<Module> modules;
  std::vector<uint32_t> groups;
  uint64_t work = 0;
  for (const Product& product : products) {
    product.y.resize(size_t{rows} * product.w.rows);
    modules.push_back(product.module);
    groups.push_back(product.w.groups());
    work += uint64_t{product.w.groups()} * kGroupRows * columns * rows;
  }
  activations_.Quantize(x, rows, columns);
  adapters_.Prepare(layer, modules, x, rows, pool_);
  const auto multiply = precision_ == Precision::kExact ? MultiplyExact : andon::Multiply;
  RunInParts(pool_, groups, work, [&](uint32_t i, uint32_t first, uint32_t last) {
    const Product& product = products[i];
    multiply(product.w, activations_, first, last, product.y.data());
    adapters_.Apply(i, first * kGroupRows, std::min(last * kGroupRows, product.w.rows),
                    {product.y.data(), product.w.rows, product.bias});
  });
}

}  // namespace andon
