#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "common/limits.h"
#include "language/gguf_model.h"
#include "tests/core/support/sample_tokenizer.h"
#include "transformer/tokenizer.h"

namespace andon {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<int64_t>;

const std::string kPrefix = "tokenizer.ggml.";

// The 256 letters, "he", "<|stop|>" (control) and "<tool>" (user-defined).
Gguf BytePairsFile() {
  Texts tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.push_back(SampleLetter(byte));
  for (const auto* const text : {"he", "<|stop|>", "<tool>"}) tokens.emplace_back(text);
  Numbers types(tokens.size(), 1);
  types[257] = 3;
  types[258] = 4;
  Gguf gguf;
  gguf.pairs = {{kPrefix + "model", "gpt2"},        {kPrefix + "pre", "qwen2"},
                {kPrefix + "tokens", tokens},       {kPrefix + "token_type", types},
                {kPrefix + "merges", Texts{"h e"}}, {kPrefix + "eos_token_id", uint64_t{257}}};
  return gguf;
}

Gguf SentencePieceFile() {
  Gguf gguf;
  gguf.pairs = {{kPrefix + "model", "llama"},
                {kPrefix + "tokens", Texts{"<unk>", "<s>", "</s>", "a", "b", "ab"}},
                {kPrefix + "token_type", Numbers{2, 3, 3, 1, 1, 1}},
                {kPrefix + "scores", std::vector<double>{0, 0, 0, -1, -2, -3}},
                {kPrefix + "bos_token_id", uint64_t{1}},
                {kPrefix + "eos_token_id", uint64_t{2}},
                {kPrefix + "unknown_token_id", uint64_t{0}},
                {kPrefix + "seperator_token_id", uint64_t{UINT32_MAX}}};
  return gguf;
}

TokenizerData DataOf(const Gguf& gguf) {
  auto data = TokenizerOfGguf(gguf);
  EXPECT_TRUE(data.ok()) << data.status().message();
  return std::move(*data);
}

ErrorCode CodeWith(Gguf gguf, const std::string& key, GgufValue value) {
  gguf.pairs.insert_or_assign(kPrefix + key, std::move(value));
  return TokenizerOfGguf(gguf).code();
}

ErrorCode CodeWithout(Gguf gguf, const std::string& key) {
  gguf.pairs.erase(kPrefix + key);
  return TokenizerOfGguf(gguf).code();
}

constexpr auto kRefused = ErrorCode::kTokenizerError;

TEST(GgufTokenizer, BytePairsAreRead) {
  const TokenizerData data = DataOf(BytePairsFile());
  EXPECT_EQ(data.kind, TokenizerKind::kBytePairs);
  EXPECT_EQ(data.words, WordRule::kQwen2);
  EXPECT_TRUE(data.normalize_nfc);
  EXPECT_FALSE(data.ignore_merges);
  EXPECT_FALSE(data.add_begin);
  EXPECT_EQ(data.space_prefix, SpacePrefix::kNone);
  EXPECT_EQ(data.end, 257);
  EXPECT_EQ(data.begin, std::nullopt);
  EXPECT_EQ(data.end_of_turn, std::vector<uint32_t>());
  const auto tokenizer = Tokenizer::Make(data);
  ASSERT_TRUE(tokenizer.ok());
  EXPECT_EQ((*tokenizer)->Encode("he<tool><|stop|>", true), (std::vector<uint32_t>{256, 258, 257}));
}

TEST(GgufTokenizer, SentencePieceIsRead) {
  const TokenizerData data = DataOf(SentencePieceFile());
  EXPECT_EQ(data.kind, TokenizerKind::kSentencePiece);
  EXPECT_EQ(data.scores[5], -3);
  EXPECT_TRUE(data.add_begin);
  EXPECT_EQ(data.appended, std::nullopt);
  EXPECT_EQ(data.space_prefix, SpacePrefix::kEach);
  EXPECT_EQ(data.begin, 1);
  EXPECT_EQ(data.unknown, 0);
  EXPECT_EQ(data.end_of_turn, std::vector<uint32_t>{2});  // by its name
}

TEST(GgufTokenizer, RulesOfWordsHaveManyNames) {
  const std::vector<std::pair<std::string, WordRule>> names = {
      {"gpt-2", WordRule::kGpt2},       {"smollm", WordRule::kGpt2Digits},
      {"llama-bpe", WordRule::kLlama3}, {"smaug-bpe", WordRule::kLlama3},
      {"qwen2", WordRule::kQwen2},      {"deepseek-r1-qwen", WordRule::kQwen2}};
  for (const auto& [name, rule] : names) {
    Gguf gguf = BytePairsFile();
    gguf.pairs[kPrefix + "pre"] = name;
    EXPECT_EQ(DataOf(gguf).words, rule) << name;
  }
}

TEST(GgufTokenizer, Llama3IgnoresMergesAndBegins) {
  Gguf gguf = BytePairsFile();
  gguf.pairs[kPrefix + "pre"] = "llama-bpe";
  EXPECT_TRUE(DataOf(gguf).ignore_merges);
  EXPECT_FALSE(DataOf(gguf).add_begin);  // with nothing
  gguf.pairs[kPrefix + "bos_token_id"] = uint64_t{257};
  EXPECT_TRUE(DataOf(gguf).add_begin);
  EXPECT_FALSE(DataOf(gguf).normalize_nfc);
  gguf.pairs[kPrefix + "pre"] = "qwen2";
  EXPECT_FALSE(DataOf(gguf).add_begin);
}

TEST(GgufTokenizer, FlagsSayMore) {
  Gguf gguf = SentencePieceFile();
  gguf.pairs[kPrefix + "add_bos_token"] = false;
  gguf.pairs[kPrefix + "add_eos_token"] = true;
  gguf.pairs[kPrefix + "add_space_prefix"] = false;
  const TokenizerData data = DataOf(gguf);
  EXPECT_FALSE(data.add_begin);
  EXPECT_EQ(data.appended, data.end);
  EXPECT_EQ(data.space_prefix, SpacePrefix::kNone);
}

TEST(GgufTokenizer, AppendingAnEndThatThereIsNotIsRefused) {
  Gguf gguf = BytePairsFile();
  gguf.pairs.erase(kPrefix + "eos_token_id");
  gguf.pairs[kPrefix + "add_eos_token"] = true;
  EXPECT_EQ(TokenizerOfGguf(gguf).code(), kRefused);
}

TEST(GgufTokenizer, EndsOfTurnsAreRead) {
  Gguf gguf = BytePairsFile();
  gguf.pairs[kPrefix + "eot_token_id"] = uint64_t{258};
  gguf.pairs[kPrefix + "eom_token_id"] = uint64_t{256};
  EXPECT_EQ(DataOf(gguf).end_of_turn, (std::vector<uint32_t>{258, 256}));
}

TEST(GgufTokenizer, AllOnesStandForNoToken) {
  Gguf gguf = SentencePieceFile();
  gguf.pairs[kPrefix + "unknown_token_id"] = uint64_t{UINT32_MAX};
  gguf.pairs[kPrefix + "eot_token_id"] = uint64_t{UINT32_MAX};
  EXPECT_EQ(DataOf(gguf).unknown, std::nullopt);
  EXPECT_EQ(DataOf(gguf).end_of_turn, std::vector<uint32_t>{2});
}

TEST(GgufTokenizer, WithoutTypesAllTokensAreNormal) {
  Gguf gguf = BytePairsFile();
  gguf.pairs.erase(kPrefix + "token_type");
  EXPECT_EQ(DataOf(gguf).types, std::vector<TokenType>(259, TokenType::kNormal));
}

TEST(GgufTokenizer, WhatIsNeededIsMissing) {
  for (const auto* const key : {"model", "tokens", "pre", "merges"}) {
    EXPECT_EQ(CodeWithout(BytePairsFile(), key), kRefused) << key;
  }
  EXPECT_EQ(CodeWithout(SentencePieceFile(), "scores"), kRefused);
}

TEST(GgufTokenizer, ValuesOfAnotherFormAreRefused) {
  for (const auto* const key : {"model", "tokens", "token_type", "pre", "merges", "bos_token_id",
                                "eos_token_id", "unknown_token_id", "eot_token_id", "eom_token_id",
                                "add_bos_token", "add_eos_token", "add_space_prefix"}) {
    EXPECT_EQ(CodeWith(BytePairsFile(), key, 0.5), kRefused) << key;
  }
  EXPECT_EQ(CodeWith(SentencePieceFile(), "scores", Numbers{}), kRefused);
  EXPECT_EQ(CodeWith(BytePairsFile(), "bos_token_id", uint64_t{1} << 32), kRefused);
}

TEST(GgufTokenizer, NoTokensAndNoScoresAreRefused) {
  EXPECT_EQ(CodeWith(BytePairsFile(), "tokens", Texts{}), kRefused);
  EXPECT_EQ(CodeWith(SentencePieceFile(), "scores", std::vector<double>{}), kRefused);
}

TEST(GgufTokenizer, ATokenTwiceIsRefused) {
  EXPECT_EQ(CodeWith(SentencePieceFile(), "tokens", Texts{"a", "a"}), kRefused);
}

TEST(GgufTokenizer, AnUnknownTypeIsRefused) {
  EXPECT_EQ(CodeWith(SentencePieceFile(), "token_type", Numbers{0, 3, 3, 1, 1, 1}), kRefused);
  EXPECT_EQ(CodeWith(SentencePieceFile(), "token_type", Numbers{7, 3, 3, 1, 1, 1}), kRefused);
  EXPECT_EQ(CodeWith(SentencePieceFile(), "token_type", Numbers{1}), kRefused);
}

TEST(GgufTokenizer, AnUnknownRuleOfWordsIsNamed) {
  Gguf gguf = BytePairsFile();
  for (const auto* const name : {"default", "tekken"}) {
    gguf.pairs[kPrefix + "pre"] = name;
    const auto data = TokenizerOfGguf(gguf);
    EXPECT_EQ(data.code(), kRefused);
    EXPECT_NE(data.status().message().find(name), std::string::npos);
  }
}

TEST(GgufTokenizer, AnUnknownKindIsNamed) {
  Gguf gguf = BytePairsFile();
  gguf.pairs[kPrefix + "model"] = "bert";
  const auto data = TokenizerOfGguf(gguf);
  EXPECT_EQ(data.code(), kRefused);
  EXPECT_NE(data.status().message().find("bert"), std::string::npos);
}

TEST(GgufTokenizer, AMergeThatIsNoPairOfTokensIsRefused) {
  for (const auto* const merge : {"", "h", "h ", " h", "h h", "he x", "x he"}) {
    EXPECT_EQ(CodeWith(BytePairsFile(), "merges", Texts{merge}), kRefused) << merge;
  }
}

TEST(GgufTokenizer, TooManyMergesAreRefused) {
  EXPECT_EQ(CodeWith(BytePairsFile(), "merges", Texts(limits::kMaxMerges + 1, "h e")), kRefused);
}

}  // namespace
}  // namespace andon
