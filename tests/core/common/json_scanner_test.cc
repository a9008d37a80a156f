#include "common/json_scanner.h"

#include <gtest/gtest.h>

#include <vector>

namespace andon {
namespace {

// What Text makes of one text, or "JsonSyntax".
std::string TextOf(const std::string& json) {
  JsonScanner scanner(AsBytes(json), "test");
  std::string text;
  scanner.Text(&text);
  const Status status = scanner.Finish();
  return status.ok() ? text : std::string(ErrorCodeName(status.code()));
}

std::string NumberOf(const std::string& json) {
  JsonScanner scanner(AsBytes(json), "test");
  uint32_t value = 0;
  scanner.Unsigned(&value);
  const Status status = scanner.Finish();
  return status.ok() ? std::to_string(value) : std::string(ErrorCodeName(status.code()));
}

std::string SkippedOf(const std::string& json) {
  JsonScanner scanner(AsBytes(json), "test");
  const ByteView skipped = scanner.Skip();
  const Status status = scanner.Finish();
  return std::string(status.ok() ? AsText(skipped) : ErrorCodeName(status.code()));
}

// The members of an object of numbers: "a=1 b=2 ".
std::string MembersOf(const std::string& json) {
  JsonScanner scanner(AsBytes(json), "test");
  std::string members;
  scanner.Open('{');
  for (std::string key; scanner.Member(&key);) {
    uint32_t value = 0;
    scanner.Unsigned(&value);
    members += key + "=" + std::to_string(value) + " ";
  }
  const Status status = scanner.Finish();
  return status.ok() ? members : std::string(ErrorCodeName(status.code()));
}

std::string ElementsOf(const std::string& json) {
  JsonScanner scanner(AsBytes(json), "test");
  std::string elements;
  scanner.Open('[');
  while (scanner.Element()) elements += std::string(AsText(scanner.Skip())) + ";";
  const Status status = scanner.Finish();
  return status.ok() ? elements : std::string(ErrorCodeName(status.code()));
}

constexpr auto kRefused = "JsonSyntax";

TEST(JsonScanner, TextsAreRead) {
  EXPECT_EQ(TextOf(R"("")"), "");
  EXPECT_EQ(TextOf(" \t\r\n\"a b\" "), "a b");
  EXPECT_EQ(TextOf(R"("ä🙂")"), "ä🙂");
}

TEST(JsonScanner, EscapesAreResolved) {
  EXPECT_EQ(TextOf(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(TextOf(R"("\u0041\u00e4\u20AC\ud83d\ude42x")"), "Aä€🙂x");
  EXPECT_EQ(TextOf(R"("\uE000\uFFFD")"), "\xEE\x80\x80\xEF\xBF\xBD");
  EXPECT_EQ(TextOf(R"("\\")"), "\\");
  EXPECT_EQ(TextOf(R"("\\\"")"), "\\\"");
}

TEST(JsonScanner, WrongEscapesAreRefused) {
  for (const auto* const json :
       {R"("\x")", R"("\u12")", R"("\u12g4")", R"("\u+123")", R"("\ud83d")", R"("\ud83dx")",
        R"("\ud83d\n")", R"("\ud83d\u0041")", R"("\ud83d\u12")", R"("\ud83d\ue000")",
        R"("\ude42")"}) {
    EXPECT_EQ(TextOf(json), kRefused) << json;
  }
}

TEST(JsonScanner, WrongTextsAreRefused) {
  for (const std::string json :
       {"", "a", "\"", "\"a", "\"a\\\"", "\"a\nb\"", "\"\xFF\"", "1", "\"a\" 1"}) {
    EXPECT_EQ(TextOf(json), kRefused) << json;
  }
}

TEST(JsonScanner, NumbersAreRead) {
  EXPECT_EQ(NumberOf("0"), "0");
  EXPECT_EQ(NumberOf(" 4294967295 "), "4294967295");
}

TEST(JsonScanner, OtherNumbersAreRefused) {
  for (const auto* const json : {"", "-1", "+1", "01", "1.0", "1e3", "4294967296", "x", "1x"}) {
    EXPECT_EQ(NumberOf(json), kRefused) << json;
  }
}

TEST(JsonScanner, ValuesAreSkipped) {
  EXPECT_EQ(SkippedOf(" 12 "), "12");
  EXPECT_EQ(SkippedOf("null"), "null");
  EXPECT_EQ(SkippedOf(R"("a]\"b")"), R"("a]\"b")");
  EXPECT_EQ(SkippedOf(R"( {"a": [1, {"b": "}"}], "c": true} )"),
            R"({"a": [1, {"b": "}"}], "c": true})");
}

TEST(JsonScanner, ValuesThatDoNotEndAreRefused) {
  for (const auto* const json : {"", "[", "{\"a\":", "[1", "[\"", "]", ",", ":", "[] 1"}) {
    EXPECT_EQ(SkippedOf(json), kRefused) << json;
  }
}

TEST(JsonScanner, MembersAreRead) {
  EXPECT_EQ(MembersOf("{}"), "");
  EXPECT_EQ(MembersOf(R"( { "a" : 1 , "b":2} )"), "a=1 b=2 ");
}

TEST(JsonScanner, WrongObjectsAreRefused) {
  for (const auto* const json :
       {"", "[]", "{", R"({"a":1)", R"({"a" 1})", R"({"a":1,})", R"({,"a":1})", R"({"a":1 "b":2})",
        R"({a:1})", R"({"a":})", R"({"a":1]})", "{}}"}) {
    EXPECT_EQ(MembersOf(json), kRefused) << json;
  }
}

TEST(JsonScanner, ElementsAreRead) {
  EXPECT_EQ(ElementsOf("[ ]"), "");
  EXPECT_EQ(ElementsOf(R"([1, [2, 3], "x"])"), R"(1;[2, 3];"x";)");
}

TEST(JsonScanner, WrongArraysAreRefused) {
  for (const auto* const json : {"", "{}", "[", "[1", "[1,]", "[,1]", "[1 2]", "[1}", "[]]"}) {
    EXPECT_EQ(ElementsOf(json), kRefused) << json;
  }
}

TEST(JsonScanner, TheFirstFailureStays) {
  JsonScanner scanner(AsBytes("[x, 1]"), "test");
  std::string text;
  uint32_t value = 7;
  scanner.Open('[');
  EXPECT_TRUE(scanner.Element());
  scanner.Text(&text);
  EXPECT_FALSE(scanner.ok());
  EXPECT_FALSE(scanner.At('x'));
  scanner.Unsigned(&value);
  EXPECT_EQ(value, 7);
  EXPECT_FALSE(scanner.Element());
  EXPECT_FALSE(scanner.Member(&text));
  scanner.Fail("anything else");
  EXPECT_EQ(scanner.Finish().message(), "test: no \" at byte 1");
}

}  // namespace
}  // namespace andon
