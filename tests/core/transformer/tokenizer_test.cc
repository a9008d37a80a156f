#include "transformer/tokenizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "common/utf8.h"
#include "tests/core/support/sample_tokenizer.h"

namespace andon {
namespace {

using Ids = std::vector<uint32_t>;

std::unique_ptr<Tokenizer> Made(TokenizerData data) {
  auto tokenizer = Tokenizer::Make(std::move(data));
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return std::move(*tokenizer);
}

ErrorCode CodeOf(TokenizerData data) { return Tokenizer::Make(std::move(data)).code(); }

// The texts of the tokens, between bars.
std::string Cut(const Tokenizer& tokenizer, std::string_view text, bool special = false) {
  std::string cut = "|";
  for (const uint32_t id : tokenizer.Encode(text, special)) {
    cut += std::string(tokenizer.data().vocabulary[id]) + "|";
  }
  return cut;
}

std::string Decoded(const Tokenizer& tokenizer, const Ids& ids, bool special = false) {
  Detokenizer detokenizer(tokenizer, true, special);
  std::string text;
  for (const uint32_t id : ids) text += detokenizer.Push(id);
  return text + detokenizer.Finish();
}

std::string Bytes256() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

// -- what no tokenizer is made of

TEST(Tokenizer, NoTokensAreRefused) { EXPECT_EQ(CodeOf({}), ErrorCode::kTokenizerError); }

TEST(Tokenizer, AHoleIsRefused) {
  TokenizerData data = SampleBytePairs();
  const uint32_t id = data.vocabulary.size() + 1;
  ASSERT_TRUE(data.vocabulary.Add(id, "after the hole").ok());
  data.types.resize(id + 1, TokenType::kNormal);
  EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
}

TEST(Tokenizer, TypesOfAnotherCountAreRefused) {
  TokenizerData data = SampleBytePairs();
  data.types.pop_back();
  EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
}

TEST(Tokenizer, SpecialIdsWithoutATokenAreRefused) {
  const uint32_t beyond = SampleBytePairs().vocabulary.size();
  for (auto id : {&TokenizerData::begin, &TokenizerData::end, &TokenizerData::unknown,
                  &TokenizerData::appended}) {
    TokenizerData data = SampleBytePairs();
    data.*id = beyond;
    EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
  }
  TokenizerData data = SampleBytePairs();
  data.end_of_turn = {beyond};
  EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
}

TEST(Tokenizer, AddingATokenThatThereIsNotIsRefused) {
  TokenizerData data = SampleBytePairs();
  data.add_begin = true;
  EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
}

TEST(Tokenizer, AByteWithoutALetterIsRefused) {
  TokenizerData data;
  for (int byte = 0; byte < 255; ++byte) AddToken(data, SampleLetter(byte));
  EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
}

TEST(Tokenizer, AMergeTwiceIsRefused) {
  for (TokenizerData data : {SampleBytePairs(), SampleSentencePiece()}) {
    data.merges = {*MakeTokenPair(data.vocabulary, "h", "e"),
                   *MakeTokenPair(data.vocabulary, "h", "e")};
    EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
  }
}

TEST(Tokenizer, ScoresOfAnotherCountAreRefused) {
  TokenizerData data = SampleSentencePiece();
  data.scores.pop_back();
  EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
}

TEST(Tokenizer, AScoreThatIsNoNumberIsRefused) {
  TokenizerData data = SampleSentencePiece();
  data.scores[5] = NAN;
  EXPECT_EQ(CodeOf(data), ErrorCode::kTokenizerError);
}

// -- byte-level BPE

TEST(BytePairs, MergesWithinWords) {
  const auto tokenizer = Made(SampleBytePairs());
  EXPECT_EQ(Cut(*tokenizer, "hello world"), "|hello|Ġw|o|r|l|d|");
  EXPECT_EQ(Cut(*tokenizer, "hellohow"), "|hello|h|ow|");
  EXPECT_EQ(Cut(*tokenizer, "aaaaaaa"), "|aaaa|aa|a|");
  EXPECT_EQ(Cut(*tokenizer, "é"), "|Ã©|");
  EXPECT_EQ(Cut(*tokenizer, ""), "|");
}

TEST(BytePairs, AWordThatIsATokenIgnoresMergesWhereItIsSaid) {
  TokenizerData data = SampleBytePairs();
  AddToken(data, "hex");
  AddToken(data, "control", TokenType::kControl);
  EXPECT_EQ(Cut(*Made(data), "hex"), "|he|x|");
  data.ignore_merges = true;
  const auto tokenizer = Made(data);
  EXPECT_EQ(Cut(*tokenizer, "hex hello"), "|hex|Ġ|hello|");
  EXPECT_EQ(Cut(*tokenizer, "control"), "|c|o|n|t|r|o|l|");
}

TEST(BytePairs, PlainTextNeverBecomesAControlToken) {
  TokenizerData data = SampleBytePairs();
  const uint32_t control = AddToken(data, "xy", TokenType::kControl);
  data.merges.push_back({*data.vocabulary.Find("x"), *data.vocabulary.Find("y"), control});
  const auto tokenizer = Made(data);
  EXPECT_EQ(Cut(*tokenizer, "xy<|end|>"), "|x|y|<|||e|n|d|||>|");
  EXPECT_EQ(tokenizer->Encode("xy<|end|>", true), (Ids{control, *data.end}));
}

TEST(BytePairs, UserDefinedTokensAreFoundInAnyText) {
  const auto tokenizer = Made(SampleBytePairs());
  EXPECT_EQ(Cut(*tokenizer, "a<tool>hello<tool"), "|a|<tool>|hello|<|t|o|o|l|");
  EXPECT_EQ(Cut(*tokenizer, "<tool><|end|><tool>", true), "|<tool>|<|end|>|<tool>|");
}

TEST(BytePairs, WhatIsBeforeAnAddedTokenEndsThere) {
  const auto tokenizer = Made(SampleBytePairs());
  EXPECT_EQ(Cut(*tokenizer, "  <tool> x"), "|Ġ|Ġ|<tool>|Ġ|x|");
}

TEST(BytePairs, AnyBytesComeBack) {
  std::mt19937 random(4);
  for (const auto rule :
       {WordRule::kGpt2, WordRule::kGpt2Digits, WordRule::kLlama3, WordRule::kQwen2}) {
    TokenizerData data = SampleBytePairs();
    data.words = rule;
    const auto tokenizer = Made(data);
    for (int round = 0; round < 200; ++round) {
      std::string text = round == 0 ? Bytes256() : "";
      for (size_t i = random() % 60; i > 0; --i) text += static_cast<char>(random() % 256);
      std::string back;
      for (const uint32_t id : tokenizer->Encode(text, false)) back += tokenizer->Piece(id, false);
      EXPECT_EQ(back, text);
    }
  }
}

TEST(BytePairs, PiecesOfControlTokensAreWrittenWhereTheyAreAskedFor) {
  const auto tokenizer = Made(SampleBytePairs());
  const uint32_t end = *tokenizer->data().end;
  EXPECT_EQ(tokenizer->Piece(end, false), "");
  EXPECT_EQ(tokenizer->Piece(end, true), "<|end|>");
  EXPECT_EQ(tokenizer->Piece(end + 1, false), "<tool>");
}

TEST(BytePairs, LettersOutsideTheAlphabetAreThemselves) {
  TokenizerData data = SampleBytePairs();
  const uint32_t token = AddToken(data, "Ġ北\u00AD\xFF");
  EXPECT_EQ(Made(data)->Piece(token, false), " 北\u00AD\xFF");
}

TEST(BytePairs, UnusedTokensMergeButAreNotWritten) {
  TokenizerData data = SampleBytePairs();
  const uint32_t unused = AddToken(data, "xy", TokenType::kUnused);
  data.merges.push_back(*MakeTokenPair(data.vocabulary, "x", "y"));
  const auto tokenizer = Made(data);
  EXPECT_EQ(tokenizer->Encode("xy", false), Ids{unused});
  EXPECT_EQ(tokenizer->Piece(unused, false), "");
  EXPECT_EQ(tokenizer->Piece(unused, true), "xy");
}

TEST(SentencePiece, PiecesThatLookLikeBytesAreText) {
  TokenizerData data = SampleSentencePiece();
  const uint32_t piece = AddToken(data, "<0xgg>");
  data.scores.push_back(-1000);
  EXPECT_EQ(Made(data)->Piece(piece, false), "<0xgg>");
}

TEST(Tokenizer, SeveralTokensEndAnAnswer) {
  TokenizerData data = SampleBytePairs();
  const uint32_t turn = AddToken(data, "<|turn|>", TokenType::kControl);
  data.end_of_turn = {turn};
  const auto tokenizer = Made(data);
  EXPECT_TRUE(tokenizer->EndsGeneration(*data.end));
  EXPECT_TRUE(tokenizer->EndsGeneration(turn));
  EXPECT_FALSE(tokenizer->EndsGeneration(0));
  EXPECT_EQ(tokenizer->size(), turn + 1);
}

// -- SentencePiece

TEST(SentencePiece, MergesByScore) {
  const auto tokenizer = Made(SampleSentencePiece());
  EXPECT_EQ(Cut(*tokenizer, "hello"), "|▁hello|");
  EXPECT_EQ(Cut(*tokenizer, "at t"), "|▁at|▁t|");
  EXPECT_EQ(Cut(*tokenizer, ""), "|");
}

TEST(SentencePiece, EqualScoresMergeFromTheLeft) {
  TokenizerData data = SampleSentencePiece();
  AddToken(data, "ss");
  data.scores.assign(data.vocabulary.size(), 0);
  EXPECT_EQ(Cut(*Made(data), "sss"), "|▁|ss|s|");
}

TEST(SentencePiece, MergesByPairsWhereThereAreNoScores) {
  TokenizerData data = SampleSentencePiece();
  data.scores.clear();
  EXPECT_EQ(Cut(*Made(data), "hell"), "|▁|h|e|l|l|");
  AddMerge(data, "l", "l");
  AddMerge(data, "h", "e");
  AddMerge(data, "he", "ll");
  EXPECT_EQ(Cut(*Made(data), "hell"), "|▁|hell|");
  data.ignore_merges = true;
  EXPECT_EQ(Cut(*Made(data), "hello"), "|▁hello|");
  EXPECT_EQ(Cut(*Made(data), "hellos"), "|▁|hell|o|s|");
}

TEST(SentencePiece, WhatHasNoPieceBecomesBytes) {
  const auto tokenizer = Made(SampleSentencePiece());
  EXPECT_EQ(Cut(*tokenizer, "é€\xFF\n"), "|▁|é|<0xE2>|<0x82>|<0xAC>|<0xFF>|<0x0A>|");
}

TEST(SentencePiece, BytesWithoutATokenAreUnknown) {
  TokenizerData data;
  data.kind = TokenizerKind::kSentencePiece;
  AddToken(data, "a");
  data.scores = {0};
  EXPECT_EQ(Made(data)->Encode("ab", false), Ids{0});
  data.unknown = AddToken(data, "<unk>", TokenType::kUnknown);
  data.scores = {0, 0};
  EXPECT_EQ(Made(data)->Encode("ab", false), (Ids{0, 1}));
}

TEST(SentencePiece, NamesOfBytesAndControlTokensInTextAreText) {
  const auto tokenizer = Made(SampleSentencePiece());
  EXPECT_EQ(Cut(*tokenizer, "<s>"), "|▁|<s|>|");
  EXPECT_EQ(Cut(*tokenizer, "<s>", true), "|<s>|");
  for (const uint32_t id : tokenizer->Encode("<0x0A>", false)) EXPECT_NE(id, 3U + 0x0A);
}

TEST(SentencePiece, ASpaceIsPutBeforeTheTextAndAfterAddedTokens) {
  EXPECT_EQ(Cut(*Made(SampleSentencePiece()), " t<s>t", true), "|▁|▁t|<s>|▁t|");
}

TEST(SentencePiece, ASpaceIsPutBeforeATextThatHasNone) {
  TokenizerData data = SampleSentencePiece();
  data.space_prefix = SpacePrefix::kFirst;
  const auto tokenizer = Made(data);
  EXPECT_EQ(Cut(*tokenizer, "t<s>t", true), "|▁t|<s>|t|");
  EXPECT_EQ(Cut(*tokenizer, " t", true), "|▁t|");
  EXPECT_EQ(Cut(*tokenizer, "<s>t", true), "|<s>|t|");
}

TEST(SentencePiece, PartsOfATextAreEncodedAsTheWhole) {
  for (const SpacePrefix prefix : {SpacePrefix::kEach, SpacePrefix::kFirst, SpacePrefix::kNone}) {
    TokenizerData data = SampleSentencePiece();
    data.space_prefix = prefix;
    const auto tokenizer = Made(data);
    Ids parts;
    for (const auto* const part : {"<s>", "at t", "\n", "</s>", "hello", "<s>"}) {
      const auto before = parts.empty() ? std::nullopt : std::optional(parts.back());
      for (const uint32_t id : tokenizer->Encode(part, true, before)) parts.push_back(id);
    }
    EXPECT_EQ(parts, tokenizer->Encode("<s>at t\n</s>hello<s>", true));
  }
}

TEST(SentencePiece, NoSpaceIsPut) {
  TokenizerData data = SampleSentencePiece();
  data.space_prefix = SpacePrefix::kNone;
  const auto tokenizer = Made(data);
  EXPECT_EQ(Cut(*tokenizer, "t t"), "|t|▁t|");
  EXPECT_EQ(Decoded(*tokenizer, tokenizer->Encode(" t", false)), " t");
}

TEST(SentencePiece, TextComesBack) {
  const auto tokenizer = Made(SampleSentencePiece());
  for (const auto* const text :
       {"hello at t", "  two", "a", " ", "日本\n😀é", "<0x41>", "<0x4", "<0xGG>"}) {
    EXPECT_EQ(Decoded(*tokenizer, tokenizer->Encode(text, false)), text);
  }
}

// -- text as it is written

TEST(Detokenizer, WaitsForTheWholeCharacter) {
  const auto tokenizer = Made(SampleSentencePiece());
  Detokenizer text(*tokenizer, false, false);
  EXPECT_EQ(text.Push(3 + 0xF0), "");
  EXPECT_EQ(text.Push(3 + 0x9F), "");
  EXPECT_EQ(text.Push(3 + 0x98), "");
  EXPECT_EQ(text.Push(3 + 0x80), "😀");
  EXPECT_EQ(text.Finish(), "");
}

TEST(Detokenizer, WhatNeverBecameACharacterIsReplacedOnce) {
  const auto tokenizer = Made(SampleSentencePiece());
  const std::string replacement = "\xEF\xBF\xBD";
  Detokenizer text(*tokenizer, false, false);
  EXPECT_EQ(text.Push(3 + 0xFF), replacement);
  EXPECT_EQ(text.Push(3 + 0xE2), "");
  EXPECT_EQ(text.Push(3 + 0x82), "");
  EXPECT_EQ(text.Push(3 + 'A'), replacement + "A");
  EXPECT_EQ(text.Push(3 + 0xF0), "");
  EXPECT_EQ(text.Push(3 + 0x9F), "");
  EXPECT_EQ(text.Finish(), replacement);
  EXPECT_EQ(text.Finish(), "");
}

TEST(Detokenizer, ContinuesACharacterButNotAcrossAControlToken) {
  const auto tokenizer = Made(SampleSentencePiece());
  const Ids cut = {3 + 'a', 3 + 0xF0, 3 + 0x9F, 3 + 0x98};
  Detokenizer whole(*tokenizer, false, false);
  whole.ContinueAfter(cut);
  EXPECT_EQ(whole.Push(3 + 0x80), "😀");
  Detokenizer ended(*tokenizer, false, false);
  ended.ContinueAfter(Ids{3 + 0xF0, 3 + 0x9F, 3 + 0x98, *tokenizer->data().end});
  EXPECT_EQ(ended.Push(3 + 'b'), "b");
  Detokenizer fresh(*tokenizer, false, false);
  fresh.ContinueAfter({});
  EXPECT_EQ(fresh.Push(3 + 'b'), "b");
}

TEST(Detokenizer, HidesTheFirstSpaceOfSentencePieceAtTheStart) {
  const auto tokenizer = Made(SampleSentencePiece());
  const uint32_t t = *tokenizer->data().vocabulary.Find("▁t");
  EXPECT_EQ(Decoded(*tokenizer, {1, t, t}), "t t");
  Detokenizer later(*tokenizer, false, false);
  EXPECT_EQ(later.Push(t), " t");
  Detokenizer other(*tokenizer, true, false);
  EXPECT_EQ(other.Push(3 + 'x') + other.Push(t), "x t");
}

TEST(Detokenizer, WritesControlTokensWhereTheyAreAskedFor) {
  const auto tokenizer = Made(SampleSentencePiece());
  EXPECT_EQ(Decoded(*tokenizer, {0, 1, 2}), "");
  EXPECT_EQ(Decoded(*tokenizer, {0, 1, 2}, true), "<unk><s></s>");
}

TEST(Detokenizer, NeverWritesAPartOfACharacter) {
  std::mt19937 random(5);
  const auto tokenizer = Made(SampleBytePairs());
  for (int round = 0; round < 200; ++round) {
    Detokenizer detokenizer(*tokenizer, true, false);
    for (int i = 0; i < 40; ++i) {
      const std::string text = detokenizer.Push(random() % 256);
      EXPECT_TRUE(IsUtf8(text));
    }
    EXPECT_TRUE(IsUtf8(detokenizer.Finish()));
  }
}

// A way to encode that is slower than n log n would not end here.
TEST(Tokenizer, HostileTextIsEncodedAndComesBack) {
  constexpr size_t kBytes = 1 << 15;
  TokenizerData pieces = SampleSentencePiece();
  TokenizerData pairs = SampleBytePairs();
  std::string long_one = "<";
  for (int i = 0; i < 200; ++i) {
    AddToken(pairs, long_one += "<", TokenType::kUserDefined);
  }
  for (TokenizerData& data : {std::ref(pieces), std::ref(pairs)}) {
    const auto tokenizer = Made(data);
    for (const std::string unit : {"a", " ", "\n", "a ", " \n", "a\u0301", "<|end|", "<tool", "'s",
                                   "0", "😀", "\x80", "< <", "<"}) {
      std::string text = "x";
      while (text.size() < kBytes) text += unit;
      std::string back;
      for (const uint32_t id : tokenizer->Encode(text, false)) back += tokenizer->Piece(id, false);
      if (back.size() > text.size()) back.erase(0, 1);  // the space of SentencePiece
      EXPECT_TRUE(back == text) << unit;
    }
  }
}

}  // namespace
}  // namespace andon
