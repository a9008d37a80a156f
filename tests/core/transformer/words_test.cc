#include "transformer/words.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>

#include "transformer/unicode.h"

namespace andon {
namespace {

using Words = std::vector<std::string>;

Words WordsOf(std::string_view text, WordRule rule) {
  Words words;
  while (!text.empty()) {
    words.emplace_back(FirstWord(text, rule));
    if (words.back().empty()) ADD_FAILURE() << "an empty word";
    text.remove_prefix(std::max<size_t>(words.back().size(), 1));
  }
  return words;
}

TEST(Words, OfGpt2) {
  EXPECT_EQ(WordsOf("Hello world, it's 2024!  x\n\n y", WordRule::kGpt2),
            (Words{"Hello", " world", ",", " it", "'s", " 2024", "!", " ", " x", "\n\n", " y"}));
  EXPECT_EQ(WordsOf("IT'S", WordRule::kGpt2), (Words{"IT", "'", "S"}));
}

TEST(Words, OfGpt2WithDigitsApart) {
  EXPECT_EQ(WordsOf("a 12  3 b", WordRule::kGpt2Digits),
            (Words{"a", " ", "1", "2", "  ", "3", " b"}));
}

TEST(Words, OfLlama3) {
  EXPECT_EQ(WordsOf("Hello\tworld 12345 IT'S...\n\n  x", WordRule::kLlama3),
            (Words{"Hello", "\tworld", " ", "123", "45", " IT", "'S", "...\n\n", " ", " x"}));
}

TEST(Words, OfQwen2) {
  EXPECT_EQ(WordsOf("(ab 12 \n \n  ", WordRule::kQwen2),
            (Words{"(ab", " ", "1", "2", " \n \n", "  "}));
}

TEST(Words, LettersNumbersAndSpacesAreThoseOfUnicode) {
  EXPECT_EQ(WordsOf("naïve 北京½\u00A0ж", WordRule::kQwen2),
            (Words{"naïve", " 北京", "½", "\u00A0ж"}));
  // A vowel sign is a mark, no letter.
  EXPECT_EQ(WordsOf("नमस्ते", WordRule::kQwen2), (Words{"नमस", "्त", "े"}));
  EXPECT_EQ(WordsOf("a\u3000\u2028 b", WordRule::kLlama3), (Words{"a", "\u3000\u2028", " b"}));
}

TEST(Words, AContractionInAnyCaseKnowsTheLongS) {
  EXPECT_EQ(WordsOf("a'\u017Fx", WordRule::kQwen2), (Words{"a", "'\u017F", "x"}));
  EXPECT_EQ(WordsOf("a'\u017Fx", WordRule::kGpt2), (Words{"a", "'", "\u017Fx"}));
}

TEST(Words, BytesThatAreNoCharacterBelongToNoLetter) {
  EXPECT_EQ(WordsOf("a\xFF\x80 \xC3", WordRule::kQwen2), (Words{"a", "\xFF\x80", " \xC3"}));
}

// The expressions themselves, with ASCII for Unicode.
std::string PatternOf(WordRule rule) {
  const std::string any_case = "'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]";
  const std::string tail = R"(| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  switch (rule) {
    case WordRule::kLlama3:
      return any_case + R"(|[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]{1,3})" + tail;
    case WordRule::kQwen2:
      return any_case + R"(|[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9])" + tail;
    default:
      return R"('s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+)";
  }
}

Words MatchesOf(const std::string& text, const std::regex& pattern) {
  Words words;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    words.push_back(match->str());
  }
  return words;
}

Words ByExpression(const std::string& text, WordRule rule, const std::regex& pattern) {
  if (rule != WordRule::kGpt2Digits) return MatchesOf(text, pattern);
  Words words;
  for (const std::string& part : MatchesOf(text, std::regex("[0-9]|[^0-9]+"))) {
    for (const std::string& word : MatchesOf(part, pattern)) words.push_back(word);
  }
  return words;
}

TEST(Words, AgreeWithTheExpressions) {
  constexpr std::string_view kCharacters = "aSsTteErlLvmdD'' \t\n\r  09.,-_<";
  std::mt19937 random(3);
  for (const auto rule :
       {WordRule::kGpt2, WordRule::kGpt2Digits, WordRule::kLlama3, WordRule::kQwen2}) {
    const std::regex pattern(PatternOf(rule));
    for (int round = 0; round < 1500; ++round) {
      std::string text;
      for (size_t i = random() % 14; i > 0; --i) text += kCharacters[random() % kCharacters.size()];
      EXPECT_EQ(WordsOf(text, rule), ByExpression(text, rule, pattern)) << text;
    }
  }
}

TEST(Unicode, ClassesOfCharacters) {
  for (const char32_t c : {U'a', U'Z', U'é', U'ж', U'北', U'\U0001D400', U'ª', U'\U00020000'}) {
    EXPECT_TRUE(IsUnicodeLetter(c)) << static_cast<uint32_t>(c);
  }
  for (const char32_t c :
       {U'@', U'[', U'`', U'{', U'1', U'\u0301', U'😀', U'\uE000', U'\U0010FFFF'}) {
    EXPECT_FALSE(IsUnicodeLetter(c)) << static_cast<uint32_t>(c);
  }
  for (const char32_t c : {U'0', U'9', U'½', U'٣', U'Ⅻ', U'²'}) EXPECT_TRUE(IsUnicodeNumber(c));
  for (const char32_t c : {U'/', U':', U'a', U'一'}) EXPECT_FALSE(IsUnicodeNumber(c));
  for (const char32_t c : {U'\t', U'\r', U' ', char32_t{0x85}, U'\u00A0', U'\u1680', U'\u2000',
                           U'\u200A', U'\u2028', U'\u2029', U'\u202F', U'\u205F', U'\u3000'}) {
    EXPECT_TRUE(IsUnicodeSpace(c)) << static_cast<uint32_t>(c);
  }
  for (const char32_t c : {char32_t{0x08}, char32_t{0x0E}, U'\u200B', U'\uFEFF', U'a'}) {
    EXPECT_FALSE(IsUnicodeSpace(c)) << static_cast<uint32_t>(c);
  }
}

}  // namespace
}  // namespace andon
