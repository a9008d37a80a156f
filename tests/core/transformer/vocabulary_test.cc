#include "transformer/vocabulary.h"

#include <gtest/gtest.h>

#include "common/limits.h"
#include "tests/core/support/sample_tokenizer.h"

namespace andon {
namespace {

TEST(Vocabulary, FindsTextsByIdAndIdsByText) {
  Vocabulary vocabulary;
  for (uint32_t id = 0; id < 1000; ++id) {
    ASSERT_TRUE(vocabulary.Add(id, "token" + std::to_string(id)).ok());
  }
  EXPECT_EQ(vocabulary.size(), 1000);
  EXPECT_EQ(vocabulary[777], "token777");
  for (uint32_t id = 0; id < 1000; ++id) EXPECT_EQ(vocabulary.Find(vocabulary[id]), id);
  EXPECT_EQ(vocabulary.Find("token1000"), std::nullopt);
}

TEST(Vocabulary, FindsNothingWhereThereIsNothing) {
  EXPECT_EQ(Vocabulary().Find("a"), std::nullopt);
  EXPECT_FALSE(Vocabulary().Has(0));
}

TEST(Vocabulary, TakesIdsInAnyOrder) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.Add(5, "five").ok());
  ASSERT_TRUE(vocabulary.Add(2, "two").ok());
  EXPECT_EQ(vocabulary.size(), 6);
  EXPECT_TRUE(vocabulary.Has(2));
  EXPECT_FALSE(vocabulary.Has(3));
  EXPECT_EQ(vocabulary[3], "");
  EXPECT_EQ(vocabulary[5], "five");
}

TEST(Vocabulary, SeveralTokensMayBeEmpty) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.Add(0, "").ok());
  ASSERT_TRUE(vocabulary.Add(1, "").ok());
  EXPECT_TRUE(vocabulary.Has(1));
  EXPECT_EQ(vocabulary.Find(""), std::nullopt);
}

TEST(Vocabulary, AnIdTwiceIsRefused) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.Add(0, "").ok());
  EXPECT_EQ(vocabulary.Add(0, "a").code(), ErrorCode::kTokenizerError);
}

TEST(Vocabulary, ATextTwiceIsRefused) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.Add(0, "a").ok());
  EXPECT_EQ(vocabulary.Add(1, "a").code(), ErrorCode::kTokenizerError);
}

TEST(Vocabulary, AnIdBeyondTheLimitIsRefused) {
  Vocabulary vocabulary;
  EXPECT_TRUE(vocabulary.Add(limits::kMaxVocabulary - 1, "a").ok());
  EXPECT_EQ(vocabulary.Add(limits::kMaxVocabulary, "b").code(), ErrorCode::kTokenizerError);
  EXPECT_EQ(vocabulary.Add(UINT64_MAX, "c").code(), ErrorCode::kTokenizerError);
}

TEST(Vocabulary, ATextBeyondTheLimitIsRefused) {
  Vocabulary vocabulary;
  EXPECT_TRUE(vocabulary.Add(0, std::string(limits::kMaxTokenBytes, 'a')).ok());
  EXPECT_EQ(vocabulary.Add(1, std::string(limits::kMaxTokenBytes + 1, 'a')).code(),
            ErrorCode::kTokenizerError);
}

TEST(Vocabulary, TextsBeyondTheLimitInAllAreRefused) {
  Vocabulary vocabulary;
  const uint64_t most = limits::kMaxVocabularyBytes / limits::kMaxTokenBytes;
  const auto text = [](uint64_t id) {
    std::string number = std::to_string(id);
    return number + std::string(limits::kMaxTokenBytes - number.size(), ' ');
  };
  for (uint64_t id = 0; id < most; ++id) ASSERT_TRUE(vocabulary.Add(id, text(id)).ok());
  EXPECT_EQ(vocabulary.Add(most, "x").code(), ErrorCode::kTokenizerError);
}

TEST(TokenPairs, BothAndTheMergedHaveTokens) {
  TokenizerData data;
  for (const auto* const text : {"a", "b", "ab"}) AddToken(data, text);
  const auto pair = MakeTokenPair(data.vocabulary, "a", "b");
  ASSERT_TRUE(pair.ok());
  EXPECT_EQ(pair->left, 0);
  EXPECT_EQ(pair->right, 1);
  EXPECT_EQ(pair->merged, 2);
  EXPECT_EQ(MakeTokenPair(data.vocabulary, "x", "b").code(), ErrorCode::kTokenizerError);
  EXPECT_EQ(MakeTokenPair(data.vocabulary, "a", "x").code(), ErrorCode::kTokenizerError);
  EXPECT_EQ(MakeTokenPair(data.vocabulary, "b", "a").code(), ErrorCode::kTokenizerError);
}

TEST(KnownEnds, AreControlTokensNotNamedYet) {
  TokenizerData data;
  const uint32_t end = AddToken(data, "<|im_end|>", TokenType::kControl);
  const uint32_t text = AddToken(data, "<|endoftext|>", TokenType::kControl);
  AddToken(data, "</s>");  // plain text
  data.end_of_turn = {text};
  AddKnownEnds(data);
  EXPECT_EQ(data.end_of_turn, (std::vector<uint32_t>{text, end}));
}

}  // namespace
}  // namespace andon
