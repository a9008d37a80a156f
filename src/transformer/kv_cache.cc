#include "transformer/kv_cache.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "common/half.h"
#include "kernels/half_rows.h"

namespace andon {
namespace {

uint32_t BlocksFor(uint32_t positions) {
  return (positions + kBlockPositions - 1) / kBlockPositions;
}

}  // namespace

uint64_t KvCache::PositionBytes(const TransformerConfig& config, CacheType type) {
  return uint64_t{2} * config.layers * config.kv_features() * (type == CacheType::kF32 ? 4 : 2);
}

KvCache::KvCache(const TransformerConfig& config, uint32_t capacity, CacheType type)
    : heads_(config.kv_heads),
      head_dim_(config.head_dim),
      capacity_(capacity),
      type_(type),
      block_bytes_(PositionBytes(config, type) * kBlockPositions) {}

// From malloc: a failing `new` would not return.
KvCache::Block KvCache::MakeBlock() const {
  if (block_bytes_ > SIZE_MAX / 2) return nullptr;
  auto* const memory = static_cast<uint8_t*>(std::malloc(static_cast<size_t>(block_bytes_)));
  return memory == nullptr ? nullptr : Block(memory, [](uint8_t* bytes) { std::free(bytes); });
}

Status KvCache::Reserve(uint32_t count) {
  const uint32_t wanted = BlocksFor(length_ + count);
  for (uint32_t i = length_ / kBlockPositions; i < wanted; ++i) {
    if (i < blocks_.size() && blocks_[i].use_count() == 1) continue;
    Block fresh = MakeBlock();
    if (fresh == nullptr) {
      return Error(ErrorCode::kOutOfMemory, "session: ", block_bytes_, " bytes for ",
                   kBlockPositions, " positions more");
    }
    if (i < blocks_.size()) {
      std::memcpy(fresh.get(), blocks_[i].get(), static_cast<size_t>(block_bytes_));
      blocks_[i] = std::move(fresh);
    } else {
      blocks_.push_back(std::move(fresh));
    }
  }
  return Status();
}

void KvCache::Truncate(uint32_t length) {
  length_ = length;
  blocks_.resize(std::min<size_t>(blocks_.size(), BlocksFor(length)));
}

size_t KvCache::Place(KvPart part, uint32_t layer, uint32_t head, uint32_t position) const {
  const size_t run = (size_t{2} * layer + (part == KvPart::kKeys ? 0 : 1)) * heads_ + head;
  return (run * kBlockPositions + position) * head_dim_ * element_bytes();
}

void KvCache::Store(uint32_t layer, uint32_t position, const float* key, const float* value) {
  uint8_t* const block = blocks_[position / kBlockPositions].get();
  for (const auto& [part, from] : {std::pair{KvPart::kKeys, key}, {KvPart::kValues, value}}) {
    for (uint32_t head = 0; head < heads_; ++head) {
      uint8_t* const to = block + Place(part, layer, head, position % kBlockPositions);
      const float* const values = from + size_t{head} * head_dim_;
      if (type_ == CacheType::kF32) {
        std::memcpy(to, values, head_dim_ * sizeof(float));
      } else {
        std::transform(values, values + head_dim_, reinterpret_cast<uint16_t*>(to), FloatToF16);
      }
    }
  }
}

const float* KvCache::Read(KvPart part, uint32_t layer, uint32_t head, uint32_t block,
                           uint32_t count, float* scratch) const {
  const uint8_t* const from = Stored(part, layer, head, block, count).data();
  if (type_ == CacheType::kF32) return reinterpret_cast<const float*>(from);
  WidenF16(reinterpret_cast<const uint16_t*>(from), size_t{count} * head_dim_, scratch);
  return scratch;
}

std::span<const uint8_t> KvCache::Stored(KvPart part, uint32_t layer, uint32_t head, uint32_t block,
                                         uint32_t count) const {
  return {blocks_[block].get() + Place(part, layer, head, 0),
          size_t{count} * head_dim_ * element_bytes()};
}

std::span<uint8_t> KvCache::Stored(KvPart part, uint32_t layer, uint32_t head, uint32_t block,
                                   uint32_t count) {
  return {blocks_[block].get() + Place(part, layer, head, 0),
          size_t{count} * head_dim_ * element_bytes()};
}

}  // namespace andon
