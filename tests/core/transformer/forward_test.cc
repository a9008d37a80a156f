#include "transformer/forward.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/core/transformer/tiny_transformer.h"

namespace andon {
namespace {

std::vector<uint32_t> Text(uint32_t length) {
  std::vector<uint32_t> tokens(length);
  for (uint32_t i = 0; i < length; ++i) tokens[i] = (i * 7 + i / 3) % 20;
  return tokens;
}

struct Way {
  uint32_t batch = 1000, threads = 1;
  CacheType cache = CacheType::kF32;
  Precision precision = Precision::kExact;
};

// Logits of the last token, the text computed in batches.
std::vector<float> LogitsOf(const TinyTransformer& tiny, std::span<const uint32_t> text,
                            const Way& way = {}) {
  ThreadPool pool(way.threads);
  Transformer transformer(tiny.config, tiny.weights, way.precision, pool);
  KvCache cache(tiny.config, 256, way.cache);
  std::vector<float> logits;
  while (!text.empty()) {
    const auto batch = text.first(std::min<size_t>(way.batch, text.size()));
    text = text.subspan(batch.size());
    EXPECT_TRUE(cache.Reserve(static_cast<uint32_t>(batch.size())).ok());
    logits = transformer.Forward(batch, cache, text.empty() ? Logits::kLast : Logits::kNone);
  }
  return logits;
}

void ExpectObvious(const TinyTransformer& tiny, float tolerance = 2e-5F) {
  const auto text = Text(70);
  const Vector expected = tiny.Expected(text);
  const auto logits = LogitsOf(tiny, text);
  ASSERT_EQ(logits.size(), expected.size());
  for (size_t i = 0; i < logits.size(); ++i)
    EXPECT_NEAR(static_cast<double>(logits[i]), expected[i], tolerance);
}

TinyTransformer Tiny() {
  TinyTransformer tiny;
  tiny.Fill();
  return tiny;
}

TEST(Forward, NormsOfQueriesAndKeysAsInQwen3) { ExpectObvious(Tiny()); }

TEST(Forward, BiasesAsInQwen2) {
  TinyTransformer tiny;
  tiny.norms = false;
  tiny.biases = true;
  tiny.Fill();
  ExpectObvious(tiny);
}

TEST(Forward, InterleavedRotationsAsInLlama) {
  TinyTransformer tiny;
  tiny.norms = false;
  tiny.config.rope.interleaved = true;
  tiny.Fill();
  ExpectObvious(tiny);
}

TEST(Forward, SomeDimensionsRotatedAndScaled) {
  TinyTransformer tiny;
  tiny.config.rope.dimensions = 4;
  tiny.config.rope.attention_factor = 1.2;
  tiny.Fill();
  ExpectObvious(tiny);
}

TEST(Forward, OneHeadOfKeysForAll) {
  TinyTransformer tiny;
  tiny.config.kv_heads = 1;
  tiny.Fill();
  ExpectObvious(tiny);
}

TEST(Forward, BatchesAndThreadsChangeNoBit) {
  const TinyTransformer tiny = Tiny();
  const auto text = Text(70);
  for (const Precision precision : {Precision::kExact, Precision::kFast}) {
    for (const CacheType cache : {CacheType::kF32, CacheType::kF16}) {
      const auto whole = LogitsOf(tiny, text, {.cache = cache, .precision = precision});
      for (const uint32_t batch : {1u, 7u, 64u}) {
        for (const uint32_t threads : {1u, 3u}) {
          EXPECT_EQ(LogitsOf(tiny, text, {batch, threads, cache, precision}), whole)
              << batch << " " << threads;
        }
      }
    }
  }
}

// A key or value is off by 2^-11 of itself at most; logits of this model are around 3.
TEST(Forward, KeysAndValuesInFloat16ChangeLittle) {
  const TinyTransformer tiny = Tiny();
  const auto text = Text(150);
  const auto f32 = LogitsOf(tiny, text), f16 = LogitsOf(tiny, text, {.cache = CacheType::kF16});
  for (size_t i = 0; i < f32.size(); ++i) EXPECT_NEAR(f16[i], f32[i], 5e-3F);
}

TEST(Forward, LogitsOfAllTokensAreThoseOfEach) {
  const TinyTransformer tiny = Tiny();
  const auto text = Text(9);
  ThreadPool pool(1);
  Transformer transformer(tiny.config, tiny.weights, Precision::kExact, pool);
  KvCache cache(tiny.config, 16);
  ASSERT_TRUE(cache.Reserve(9).ok());
  const auto all = transformer.Forward(text, cache, Logits::kAll);
  ASSERT_EQ(all.size(), 9u * 20);
  for (size_t t = 0; t < text.size(); ++t) {
    const auto one = LogitsOf(tiny, std::span(text).first(t + 1));
    for (size_t i = 0; i < 20; ++i) EXPECT_EQ(all[t * 20 + i], one[i]);
  }
}

TEST(Forward, StatesAreWhatTheHeadSees) {
  const TinyTransformer tiny = Tiny();
  const auto text = Text(5);
  ThreadPool pool(1);
  Transformer transformer(tiny.config, tiny.weights, Precision::kExact, pool);
  KvCache cache(tiny.config, 16);
  ASSERT_TRUE(cache.Reserve(5).ok());
  const auto states = transformer.States(text, cache);
  ASSERT_EQ(states.size(), 5u * 32);
  const auto logits = LogitsOf(tiny, text);
  std::vector<float> row(32);
  for (uint32_t token = 0; token < 20; ++token) {
    UnpackRow(tiny.weights.head, token, row.data());
    float dot = 0;
    for (size_t i = 0; i < 32; ++i) dot += row[i] * states[4 * 32 + i];
    EXPECT_NEAR(dot, logits[token], 1e-5F);
  }
}

}  // namespace
}  // namespace andon
