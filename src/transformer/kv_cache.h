// Keys and values of the positions computed so far.

#ifndef ANDON_TRANSFORMER_KV_CACHE_H_
#define ANDON_TRANSFORMER_KV_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "transformer/config.h"

namespace andon {

class KvCache {
 public:
  KvCache(const TransformerConfig& config, uint32_t capacity)
      : features_(config.kv_features()),
        capacity_(capacity),
        keys_(size_t{config.layers} * capacity * features_),
        values_(keys_.size()) {}

  uint32_t capacity() const { return capacity_; }  // positions
  uint32_t length() const { return length_; }      // positions filled
  void Advance(uint32_t count) { length_ += count; }
  void Truncate(uint32_t length) { length_ = length; }

  uint32_t features() const { return features_; }

  // [kv_heads, head_dim] of one position; positions of a layer follow each other.
  float* key(uint32_t layer, uint32_t position) { return keys_.data() + Place(layer, position); }
  float* value(uint32_t layer, uint32_t position) { return values_.data() + Place(layer, position); }

 private:
  size_t Place(uint32_t layer, uint32_t position) const {
    return (size_t{layer} * capacity_ + position) * features_;
  }

  uint32_t features_;
  uint32_t capacity_;
  uint32_t length_ = 0;
  std::vector<float> keys_;    // [layers, capacity, kv_heads, head_dim]
  std::vector<float> values_;  // the same
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_KV_CACHE_H_
