// Keys and values of the positions computed so far, in blocks that copies share until one of them
// writes.

#ifndef ANDON_TRANSFORMER_KV_CACHE_H_
#define ANDON_TRANSFORMER_KV_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/status.h"
#include "transformer/config.h"

namespace andon {

enum class CacheType : uint8_t {
  kF32,
  kF16,  // half the memory; a key or value is rounded to 11 bits, and one beyond 65,504 ends in
         // InferenceFailed
};

inline constexpr uint32_t kBlockPositions = 64;

enum class KvPart : uint8_t { kKeys, kValues };

class KvCache {
 public:
  KvCache(const TransformerConfig& config, uint32_t capacity, CacheType type = CacheType::kF32);

  CacheType type() const { return type_; }
  uint32_t capacity() const { return capacity_; }  // positions
  uint32_t length() const { return length_; }      // positions filled
  uint64_t bytes() const {
    return blocks_.size() * block_bytes_;
  }  // of memory, what is shared included

  // Makes memory of its own for `count` positions after those filled. REQUIRES: length() + count <=
  // capacity(). Error: OutOfMemory.
  Status Reserve(uint32_t count);
  // Writes a key and a value of one layer, each [kv_heads, head_dim]. REQUIRES: the position is
  // reserved.
  void Store(uint32_t layer, uint32_t position, const float* key, const float* value);
  void Advance(uint32_t count) { length_ += count; }
  // REQUIRES: length <= length().
  void Truncate(uint32_t length);

  // The first `count` positions of block `block`, [count, head_dim]: as they are, or widened into
  // `scratch`.
  const float* Read(KvPart part, uint32_t layer, uint32_t head, uint32_t block, uint32_t count,
                    float* scratch) const;

  // The same as stored, for saved sessions. REQUIRES for the second: reserved.
  std::span<const uint8_t> Stored(KvPart part, uint32_t layer, uint32_t head, uint32_t block,
                                  uint32_t count) const;
  std::span<uint8_t> Stored(KvPart part, uint32_t layer, uint32_t head, uint32_t block,
                            uint32_t count);
  // Of one position, all layers, keys and values.
  static uint64_t PositionBytes(const TransformerConfig& config, CacheType type);

 private:
  using Block =
      std::shared_ptr<uint8_t>;  // [layers][keys, values][kv_heads][kBlockPositions][head_dim]

  Block MakeBlock() const;
  size_t Place(KvPart part, uint32_t layer, uint32_t head, uint32_t position) const;
  size_t element_bytes() const { return type_ == CacheType::kF32 ? 4 : 2; }

  uint32_t heads_, head_dim_, capacity_;
  CacheType type_;
  uint64_t block_bytes_;
  uint32_t length_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_KV_CACHE_H_
