// The forward pass of a decoder-only transformer: RMSNorm (Zhang and Sennrich 2019), rotary
// positions (Su et al. 2021), grouped-query attention (Ainslie et al. 2023), SwiGLU (Shazeer 2020).

#ifndef ANDON_TRANSFORMER_FORWARD_H_
#define ANDON_TRANSFORMER_FORWARD_H_

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "kernels/thread_pool.h"
#include "transformer/adapter_stage.h"
#include "transformer/attention.h"
#include "transformer/config.h"
#include "transformer/kv_cache.h"
#include "transformer/weights.h"

namespace andon {

enum class Precision : uint8_t {
  kFast,   // activations quantised to int8 before quantised weights
  kExact,  // activations in float32 throughout: what kFast is measured against
};

enum class Logits : uint8_t { kNone, kLast, kAll };  // which tokens' logits are wanted

// The same bits for any number of threads and any cutting of a text into batches.
class Transformer {
 public:
  // REQUIRES: weights and pool outlive the transformer, and the weights fit the config.
  Transformer(const TransformerConfig& config, const TransformerWeights& weights,
              Precision precision, ThreadPool& pool);
  Transformer(const Transformer&) = delete;
  Transformer& operator=(const Transformer&) = delete;

  const TransformerConfig& config() const { return config_; }

  // What is added to the weights from now on; a cache keeps what it was computed with. REQUIRES:
  // adapters made for these weights, sorted by id, each once.
  void SetAdapters(std::vector<AdapterUse> uses) { adapters_.SetUses(std::move(uses)); }
  const std::vector<AdapterUse>& adapters() const { return adapters_.uses(); }

  // Computes `embeddings`, [count, hidden], and then `tokens` at the positions after those in
  // `cache`, and the logits that are wanted, [count + tokens, vocabulary]. REQUIRES: there are
  // some, tokens below the vocabulary, and the cache has reserved room for them.
  std::vector<float> Forward(std::span<const uint32_t> tokens, KvCache& cache, Logits wanted,
                             std::span<const float> embeddings = {});
  // The same up to the head: the last layer's states, normed, [tokens, hidden]; there until the
  // next call.
  std::span<const float> States(std::span<const uint32_t> tokens, KvCache& cache);

 private:
  // A module, and where its product goes.
  struct Product {
    Module module;
    const Matrix& w;
    const std::vector<float>* bias;  // nullptr or empty: none
    std::vector<float>& y;
  };

  void Compute(std::span<const float> embeddings, std::span<const uint32_t> tokens, KvCache& cache);
  // Of the last `rows` tokens, to normed_.
  void NormalizeLast(uint32_t rows);
  void Embed(std::span<const float> embeddings, std::span<const uint32_t> tokens);
  void PrepareRotations(uint32_t position);
  void Attend(const LayerWeights& layer, uint32_t index, KvCache& cache);
  void FeedForward(const LayerWeights& layer, uint32_t index);
  // x [batch, count, head_dim].
  void Rotate(float* x, uint32_t count) const;
  void Normalize(const float* x, const std::vector<float>& weight, uint32_t rows, float* to) const;
  // y = W' x + bias for `rows` rows of x, for all matrices, W' as adapters have made it; x [rows,
  // W.columns].
  void Project(uint32_t layer, const std::vector<float>& x, uint32_t rows,
               std::initializer_list<Product> products);
  void Multiply(uint32_t layer, const float* x, uint32_t rows, std::span<const Product> products);

  const TransformerConfig config_;
  const TransformerWeights& weights_;
  const Precision precision_;
  ThreadPool& pool_;
  const std::vector<double> frequencies_;  // [rope.dimensions / 2]

  AdapterStage adapters_;

  uint32_t batch_ = 0;                  // tokens and embeddings under way
  std::vector<float> cosines_, sines_;  // [batch, rope.dimensions / 2]
  std::vector<float> residual_;         // [batch, hidden]
  std::vector<float> normed_;           // [batch, hidden]
  std::vector<float> query_;            // [batch, heads, head_dim]
  std::vector<float> key_, value_;      // [batch, kv_heads, head_dim]
  std::vector<float> attended_;         // [batch, heads, head_dim]
  std::vector<float> projected_;        // [batch, hidden]
  std::vector<float> gate_, up_;        // [batch, intermediate]
  std::vector<float> scaled_;           // an input that an adapter scales
  Attention attention_;
  Activations activations_;
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_FORWARD_H_
