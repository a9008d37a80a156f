#include "transformer/added_tokens.h"

#include <gtest/gtest.h>

#include <random>

#include "common/limits.h"
#include "tests/core/support/sample_tokenizer.h"

namespace andon {
namespace {

TEST(AddedTokens, TheLongestIsFound) {
  TokenizerData data;
  const uint32_t short_one = AddToken(data, "<a", TokenType::kControl);
  const uint32_t long_one = AddToken(data, "<a>b", TokenType::kControl);
  AddToken(data, "<a>bc>", TokenType::kControl);
  const AddedTokens added(data);
  EXPECT_EQ(added.At("<a>b", true), long_one);
  EXPECT_EQ(added.At("<a>bc", true), long_one);
  EXPECT_EQ(added.At("<a>", true), short_one);
  EXPECT_EQ(added.At("<", true), std::nullopt);
  EXPECT_EQ(added.At("a", true), std::nullopt);
}

TEST(AddedTokens, ControlTokensAreFoundWhereTheyAreAskedFor) {
  TokenizerData data;
  const uint32_t user = AddToken(data, "<a", TokenType::kUserDefined);
  const uint32_t control = AddToken(data, "<a>", TokenType::kControl);
  const uint32_t unknown = AddToken(data, "<unk>", TokenType::kUnknown);
  const AddedTokens added(data);
  EXPECT_EQ(added.At("<a>", true), control);
  EXPECT_EQ(added.At("<a>", false), user);
  EXPECT_EQ(added.At("<unk>", true), unknown);
  EXPECT_EQ(added.At("<unk>", false), std::nullopt);
}

TEST(AddedTokens, OtherTokensAndEmptyOnesAreNone) {
  TokenizerData data;
  AddToken(data, "a");
  AddToken(data, "", TokenType::kControl);
  AddToken(data, "<0x0A>", TokenType::kByte);
  AddToken(data, "[PAD]", TokenType::kUnused);
  const AddedTokens added(data);
  for (const auto* const text : {"a", "<0x0A>", "[PAD]"}) {
    EXPECT_EQ(added.At(text, true), std::nullopt) << text;
  }
}

TEST(AddedTokens, AgreeWithTryingEach) {
  std::mt19937 random(2);
  const auto text = [&random](size_t most) {
    std::string made;
    for (size_t i = 1 + random() % most; i > 0; --i) made += "ab\xFF"[random() % 3];
    return made;
  };
  for (int round = 0; round < 300; ++round) {
    TokenizerData data;
    for (int i = 0; i < 12; ++i) {
      const std::string token = text(5);
      if (data.vocabulary.Find(token)) continue;
      AddToken(data, token, random() % 2 ? TokenType::kControl : TokenType::kUserDefined);
    }
    const AddedTokens added(data);
    for (int i = 0; i < 50; ++i) {
      const std::string asked = text(7);
      const bool special = random() % 2;
      std::optional<uint32_t> longest;
      for (uint32_t id = 0; id < data.vocabulary.size(); ++id) {
        const bool allowed = special || data.types[id] == TokenType::kUserDefined;
        if (!allowed || !asked.starts_with(data.vocabulary[id])) continue;
        if (!longest || data.vocabulary[id].size() > data.vocabulary[*longest].size()) longest = id;
      }
      EXPECT_EQ(added.At(asked, special), longest) << asked;
    }
  }
}

}  // namespace
}  // namespace andon
