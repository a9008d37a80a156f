#include "common/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace andon {
namespace {

// As a number: a stream does not take a char32_t.
uint32_t Number(char32_t code_point) { return code_point; }

// RFC 3629, section 3, for code points in its range: the oracle.
std::string Encode(char32_t code_point) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  const auto tail = [&](int shift) { return byte(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) return {byte(0xC0 | code_point >> 6), tail(0)};
  if (code_point < 0x10000) return {byte(0xE0 | code_point >> 12), tail(6), tail(0)};
  return {byte(0xF0 | code_point >> 18), tail(12), tail(6), tail(0)};
}

TEST(Utf8, EveryCodePointButSurrogatesIsTaken) {
  for (char32_t code_point = 0; code_point <= 0x110FFF; ++code_point) {
    const std::string text = Encode(code_point) + "!";
    const bool valid = code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
    std::string_view rest = text;
    const auto taken = TakeCodePoint(rest);
    const bool right = taken.has_value() == valid && taken.value_or(code_point) == code_point &&
                       rest.size() == (valid ? 1 : text.size() - 1) && IsUtf8(text) == valid;
    ASSERT_TRUE(right) << Number(code_point);
  }
}

TEST(Utf8, EveryCutIsRefused) {
  for (const char32_t code_point : {0x80u, 0x7FFu, 0x800u, 0xFFFFu, 0x10000u, 0x10FFFFu}) {
    const std::string text = Encode(code_point);
    for (size_t size = 1; size < text.size(); ++size) {
      EXPECT_FALSE(IsUtf8(text.substr(0, size))) << Number(code_point) << ' ' << size;
      EXPECT_FALSE(IsUtf8(text.substr(0, size) + "aaa")) << Number(code_point) << ' ' << size;
    }
  }
}

TEST(Utf8, OverlongFormsAreRefused) {
  for (const char* text : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
                           "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_FALSE(IsUtf8(text));
  }
}

TEST(Utf8, BytesThatNeverOccurAreRefused) {
  for (const char* text :
       {"\x80", "\xBF", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF"})
    EXPECT_FALSE(IsUtf8(text));
}

TEST(Utf8, EmptyTextIsUtf8) { EXPECT_TRUE(IsUtf8("")); }

TEST(Utf8, LettersOfAnyScriptDeceiveNobody) {
  for (const char32_t letter : U"a~ é漢א🙂\u00A0\u2010\uFFFD")
    if (letter != 0) EXPECT_FALSE(IsDeceptive(letter)) << Number(letter);
}

TEST(Utf8, RunsOfDeceptiveCharactersEndWhereTheyShould) {
  for (const char32_t yes : {0x00u, 0x1Fu, 0x7Fu, 0x9Fu, 0xADu, 0x61Cu, 0x180Eu, 0x200Bu, 0x200Fu,
                             0x2028u, 0x202Eu, 0x2060u, 0x206Fu, 0xFEFFu, 0xFFF9u, 0xE0001u})
    EXPECT_TRUE(IsDeceptive(yes)) << Number(yes);
  for (const char32_t no : {0x20u, 0x7Eu, 0xA0u, 0xACu, 0xAEu, 0x200Au, 0x2010u, 0x2027u, 0x202Fu,
                            0x205Fu, 0x2070u, 0xFEFEu, 0xFF00u, 0xE1000u})
    EXPECT_FALSE(IsDeceptive(no)) << Number(no);
}

}  // namespace
}  // namespace andon
