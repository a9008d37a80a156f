#include "formats/peft_pattern.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace andon {
namespace {

constexpr std::string_view kModule = "model.layers.10.self_attn.q_proj";

TEST(PeftPattern, KeyMatchesWholeNamesAndTheirEnds) {
  for (const char* key : {"q_proj", "self_attn.q_proj", "model.layers.10.self_attn.q_proj",
                          "layers.10.self_attn.q_proj", "^model.layers.10.self_attn.q_proj$"}) {
    EXPECT_TRUE(PeftKeyMatches(key, kModule)) << key;
  }
}

TEST(PeftPattern, KeyMatchesNoPartOfAComponent) {
  for (const char* key :
       {"_proj", "q_pro", "0.self_attn.q_proj", "self_attn", "^q_proj", "", "k_proj"}) {
    EXPECT_FALSE(PeftKeyMatches(key, kModule)) << key;
  }
}

TEST(PeftPattern, KeyMayBeARegularExpression) {
  for (const char* key : {"(q|k)_proj", "[a-q]_proj", "[^k]_proj", R"(layers\.\d+\..*)",
                          R"(layers\.(9|1\d)\.self_attn\.q_proj)", "model.*", ".+_proj", "qx?_proj",
                          R"(\w_proj)", "(?:k|q)_proj", "k_proj|q_proj"}) {
    EXPECT_TRUE(CheckPeftPattern(key).ok()) << key;
    EXPECT_TRUE(PeftKeyMatches(key, kModule)) << key;
  }
  for (const char* key :
       {"(k|v)_proj", R"(layers\.\d\..*)", R"(\d_proj)", "[^q]_proj", "[r-z]_proj"}) {
    EXPECT_FALSE(PeftKeyMatches(key, kModule)) << key;
  }
}

TEST(PeftPattern, RepetitionTakesAnyNumber) {
  for (const char* text : {"", "ab", "abab", "ababab"}) {
    EXPECT_TRUE(PeftPatternMatches("(ab)*", text)) << text;
    EXPECT_EQ(PeftPatternMatches("(ab)+", text), *text != '\0') << text;
  }
  EXPECT_FALSE(PeftPatternMatches("(ab)*", "aba"));
  EXPECT_TRUE(PeftPatternMatches("(a*)*b", "aaab"));
}

TEST(PeftPattern, WhatIsNotUnderstoodIsRefused) {
  for (const char* pattern :
       {"(", ")", "(a", "a)", "[", "[]", "[a", "*", "a**", "+a", "?", "a{2}", "(?=a)", "(?P<n>a)",
        R"(\b)", R"(\1)", "\\", R"([\d])", "(((((a)))))"}) {
    const Status status = CheckPeftPattern(pattern);
    EXPECT_EQ(status.code(), ErrorCode::kPeftUnsupported) << pattern;
  }
  EXPECT_EQ(CheckPeftPattern(std::string(257, 'a')).code(), ErrorCode::kPeftUnsupported);
}

TEST(PeftPattern, NestedRepetitionsStayFast) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(PeftPatternMatches("((((a*)*)*)*)*b", std::string(300, 'a')));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace andon
