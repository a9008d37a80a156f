#include "transformer/kv_cache.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace andon {
namespace {

TransformerConfig SmallConfig() {
  TransformerConfig config;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 4;
  return config;
}

// A key, or with `add` a value, of a position that no other has.
std::vector<float> RowOf(uint32_t layer, uint32_t position, float add) {
  std::vector<float> row(8);
  std::iota(row.begin(), row.end(), static_cast<float>(layer * 2048 + position * 8) + add);
  return row;
}

void Fill(KvCache& cache, uint32_t count, float add = 0) {
  ASSERT_TRUE(cache.Reserve(count).ok());
  for (uint32_t i = 0; i < count; ++i) {
    for (uint32_t layer = 0; layer < 2; ++layer) {
      const uint32_t position = cache.length() + i;
      cache.Store(layer, position, RowOf(layer, position, add).data(),
                  RowOf(layer, position, add + 0.5F).data());
    }
  }
  cache.Advance(count);
}

void ExpectPosition(const KvCache& cache, uint32_t position, float add = 0) {
  std::vector<float> scratch(kBlockPositions * 4);
  for (uint32_t layer = 0; layer < 2; ++layer) {
    for (uint32_t head = 0; head < 2; ++head) {
      const uint32_t at = position % kBlockPositions;
      const auto row = [&](KvPart part) {
        return cache.Read(part, layer, head, position / kBlockPositions, at + 1, scratch.data()) +
               at * 4;
      };
      for (uint32_t i = 0; i < 4; ++i) {
        EXPECT_EQ(row(KvPart::kKeys)[i], RowOf(layer, position, add)[head * 4 + i]);
        EXPECT_EQ(row(KvPart::kValues)[i], RowOf(layer, position, add + 0.5F)[head * 4 + i]);
      }
    }
  }
}

TEST(KvCache, GivesWhatWasStored) {
  KvCache cache(SmallConfig(), 200);
  Fill(cache, 3);
  Fill(cache, 130);
  EXPECT_EQ(cache.length(), 133u);
  for (const uint32_t position : {0u, 2u, 3u, 63u, 64u, 132u}) ExpectPosition(cache, position);
}

TEST(KvCache, Float16KeepsElevenBits) {
  KvCache cache(SmallConfig(), 64, CacheType::kF16);
  Fill(cache, 64, 0.1F);
  float scratch[kBlockPositions * 4];
  const float* const values = cache.Read(KvPart::kValues, 1, 1, 0, 64, scratch);
  for (uint32_t position = 0; position < 64; ++position) {
    for (uint32_t i = 0; i < 4; ++i) {
      const float exact = RowOf(1, position, 0.6F)[4 + i];
      EXPECT_NEAR(values[position * 4 + i], exact, exact * 0x1p-11F);
    }
  }
}

TEST(KvCache, MemoryComesWithThePositions) {
  KvCache cache(SmallConfig(), 1000, CacheType::kF16);
  EXPECT_EQ(KvCache::PositionBytes(SmallConfig(), CacheType::kF16), 2u * 2 * 8 * 2);
  EXPECT_EQ(KvCache::PositionBytes(SmallConfig(), CacheType::kF32), 2u * 2 * 8 * 4);
  EXPECT_EQ(cache.bytes(), 0u);
  Fill(cache, 1);
  EXPECT_EQ(cache.bytes(), 64u * 64);
  Fill(cache, 64);
  EXPECT_EQ(cache.bytes(), 2u * 64 * 64);
  cache.Truncate(64);
  EXPECT_EQ(cache.bytes(), 64u * 64);
  cache.Truncate(0);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(KvCache, ACopyWritesToBlocksOfItsOwn) {
  KvCache cache(SmallConfig(), 200);
  Fill(cache, 70);
  KvCache copy = cache;
  copy.Truncate(66);
  Fill(copy, 10, 0.25F);
  ExpectPosition(copy, 65);
  ExpectPosition(copy, 66, 0.25F);
  for (const uint32_t position : {0u, 64u, 66u, 69u}) ExpectPosition(cache, position);
  Fill(cache, 2, 0.75F);
  ExpectPosition(cache, 70, 0.75F);
  ExpectPosition(copy, 70, 0.25F);
}

TEST(KvCache, BlocksAreSharedUntilWritten) {
  KvCache cache(SmallConfig(), 200);
  Fill(cache, 70);
  KvCache copy = cache;
  const auto place = [](const KvCache& of, uint32_t block) {
    return of.Stored(KvPart::kKeys, 0, 0, block, 1).data();
  };
  EXPECT_EQ(place(cache, 1), place(copy, 1));
  Fill(copy, 1);
  EXPECT_EQ(place(cache, 0), place(copy, 0));
  EXPECT_NE(place(cache, 1), place(copy, 1));
}

TEST(KvCache, MemoryThatIsNotToBeHadIsAnError) {
  TransformerConfig config = SmallConfig();
  config.layers = config.kv_heads = config.head_dim = 1024;  // half a terabyte
  KvCache cache(config, 64);
  EXPECT_EQ(cache.Reserve(1).code(), ErrorCode::kOutOfMemory);
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace andon
