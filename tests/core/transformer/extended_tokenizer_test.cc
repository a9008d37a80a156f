#include "transformer/extended_tokenizer.h"

#include <gtest/gtest.h>

#include "tests/core/support/sample_tokenizer.h"

namespace andon {
namespace {

using Ids = std::vector<uint32_t>;

std::unique_ptr<Tokenizer> Base() { return Tokenizer::Make(SampleBytePairs()).value(); }

TEST(ExtendedTokenizer, FindsAddedTokensInTextAndLeavesTheRestToTheBase) {
  const auto base = Base();
  const uint32_t first = base->size();
  const auto extended =
      ExtendTokenizer(*base, {{first + 1, "<sql>", true}, {first + 3, "select", false}});
  ASSERT_TRUE(extended.ok()) << extended.status().message();
  const Tokenizer& tokenizer = **extended;
  EXPECT_EQ(tokenizer.size(), first + 4);
  EXPECT_EQ(tokenizer.Encode("<sql>select", true), (Ids{first + 1, first + 3}));
  EXPECT_EQ(tokenizer.Encode("<sql>", false), base->Encode("<sql>", false));
  EXPECT_EQ(tokenizer.Encode("low lower", false), base->Encode("low lower", false));
  EXPECT_EQ(tokenizer.Piece(first + 3, false), "select");
  EXPECT_EQ(tokenizer.Piece(first + 1, false), "");
  EXPECT_EQ(tokenizer.Piece(first + 1, true), "<sql>");
  EXPECT_EQ(tokenizer.Piece(first + 2, true), "");  // between them there is none
  EXPECT_EQ(tokenizer.Piece(0, false), base->Piece(0, false));
  EXPECT_GE(tokenizer.bytes(), base->bytes());
}

TEST(ExtendedTokenizer, TokenizerError) {
  const auto base = Base();
  const uint32_t first = base->size();
  EXPECT_EQ(ExtendTokenizer(*base, {{first, "", false}}).code(), ErrorCode::kTokenizerError);
  EXPECT_EQ(ExtendTokenizer(*base, {{first, "<a>", false}, {first, "<b>", false}}).code(),
            ErrorCode::kTokenizerError);
  const std::string taken(base->data().vocabulary[0]);
  EXPECT_EQ(ExtendTokenizer(*base, {{first, taken, false}}).code(), ErrorCode::kTokenizerError);
}

TEST(Tokenizer, NumbersWithoutATokenStandForNothing) {
  const auto base = Base();
  EXPECT_EQ(base->Piece(base->size(), true), "");
  EXPECT_EQ(base->Encode("low", false, base->size()), base->Encode("low", false));
}

}  // namespace
}  // namespace andon
