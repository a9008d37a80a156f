// Grouped-query attention (Ainslie et al. 2023) of a batch of tokens to all positions up to their
// own.

#ifndef ANDON_TRANSFORMER_ATTENTION_H_
#define ANDON_TRANSFORMER_ATTENTION_H_

#include <cstdint>
#include <vector>

#include "kernels/thread_pool.h"
#include "transformer/config.h"
#include "transformer/kv_cache.h"

namespace andon {

// One pass over the cache, block by block, with a running maximum and total for each query (Milakov
// and Gimelshein 2018, "Online normalizer calculation for softmax"). A query meets the blocks in
// their order whatever the batch and the threads, so neither changes a bit of the result.
class Attention {
 public:
  explicit Attention(const TransformerConfig& config) : config_(config) {}

  // query and to [tokens, heads, head_dim], of the positions after cache.length(); keys and values
  // of these are stored.
  void Run(const KvCache& cache, uint32_t layer, const float* query, uint32_t tokens,
           ThreadPool& pool, float* to);

 private:
  // What one thread works with.
  struct Scratch {
    std::vector<float> keys, values;    // [kBlockPositions, head_dim], widened
    std::vector<float> sum;             // [head_dim]
    std::vector<float> largest, total;  // of each query of the part
  };
  // Tokens [first, last) of the batch, the query heads that share one head of keys.
  struct Part {
    uint32_t layer, kv_head, first, last;
  };
  void RunPart(const KvCache& cache, const Part& part, const float* query, Scratch& scratch,
               float* to) const;

  const TransformerConfig& config_;
  std::vector<Scratch> scratch_;  // by thread
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_ATTENTION_H_
