#include "common/json.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/support/peak_memory.h"

namespace andon {
namespace {

using namespace std::string_literals;

Result<Json> Parse(const std::string& text, const JsonLimits& limits = {}) {
  return ParseJson(AsBytes(text), "test", limits);
}

std::string CodeOf(const std::string& text, const JsonLimits& limits = {}) {
  return std::string(ErrorCodeName(Parse(text, limits).code()));
}

std::string Nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, EveryKindOfValueIsRead) {
  const auto json = Parse(
      R"( {"null": null, "yes": true, "no": false, "int": -7, "uint": 18446744073709551615,)"
      R"( "float": -1.5e3, "text": "\u00e4\ud83d\ude42\n", "array": [1, [], {}], "object": {"k": []}} )");
  ASSERT_TRUE(json.ok()) << json.status().message();
  EXPECT_TRUE(json->at("null").is_null());
  EXPECT_EQ(json->at("yes"), true);
  EXPECT_EQ(json->at("no"), false);
  EXPECT_EQ(json->at("int"), -7);
  EXPECT_TRUE(json->at("uint").is_number_unsigned());
  EXPECT_EQ(json->at("uint").get<uint64_t>(), UINT64_MAX);
  EXPECT_EQ(json->at("float"), -1500.0);
  EXPECT_EQ(json->at("text"), "ä🙂\n");
  EXPECT_EQ(DumpJson(json->at("array")), "[1,[],{}]");
  EXPECT_EQ(DumpJson(json->at("object")), R"({"k":[]})");
}

TEST(Json, ScalarsAreDocumentsToo) {
  EXPECT_EQ(DumpJson(*Parse("\"a\"")), "\"a\"");
  EXPECT_EQ(DumpJson(*Parse(" 1 ")), "1");
  EXPECT_EQ(DumpJson(*Parse("null")), "null");
}

TEST(Json, MembersKeepTheirOrder) {
  const std::string text = R"({"z":1,"a":{"y":2,"b":3},"m":4})";
  EXPECT_EQ(DumpJson(*Parse(text)), text);
}

TEST(Json, IntegersPast64BitsAreNoIntegers) {
  EXPECT_TRUE(Parse("18446744073709551616")->is_number_float());
  EXPECT_TRUE(Parse("-9223372036854775809")->is_number_float());
}

TEST(Json, TextThatIsNotJsonIsRefused) {
  for (const std::string& text : {
           ""s,        " "s,        "{"s,          "["s,       "]"s,         "{]"s,    "[}"s,
           "{\"a\"}"s, "{\"a\":}"s, "{\"a\":1,}"s, "[1,]"s,    "[,1]"s,      "[1 2]"s, "{a:1}"s,
           "{1:1}"s,   "'a'"s,      "\"a"s,        "\"\\x\""s, "\"\\u12\""s, "tru"s,   "True"s,
           "nul"s,     "NaN"s,      "Infinity"s,   "-"s,       "+1"s,        "01"s,    "1."s,
           ".5"s,      "1e"s,       "0x1"s,        "1 2"s,     "{}{}"s,      "{} x"s,  "/* */ 1"s,
           "1 // c"s,  "[1]]"s,
       }) {
    EXPECT_EQ(CodeOf(text), "JsonSyntax") << text;
  }
}

TEST(Json, NumbersPastTheRangeOfDoubleAreRefused) {
  EXPECT_EQ(CodeOf("1e999"), "JsonSyntax");
  EXPECT_EQ(CodeOf("[-1e999]"), "JsonSyntax");
  EXPECT_EQ(CodeOf(std::string(400, '9')), "JsonSyntax");
  EXPECT_TRUE(Parse("1e-999").ok());  // zero, rounded
}

TEST(Json, LoneSurrogatesAreRefused) {
  for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800\ud800")",
                           R"("\ud800x")", R"({"\udfff":1})"}) {
    EXPECT_EQ(CodeOf(text), "JsonSyntax") << text;
  }
}

TEST(Json, TextThatIsNotUtf8IsRefused) {
  for (const char* text : {"\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
                           "\"\xE2\x82\"", "{\"\x80\":1}", "\xC2\xA0 1"}) {
    EXPECT_EQ(CodeOf(text), "JsonSyntax");
  }
}

TEST(Json, ControlCharactersInTextAreRefused) {
  EXPECT_EQ(CodeOf("\"a\nb\""), "JsonSyntax");
  EXPECT_EQ(CodeOf("\"a\x1F\""), "JsonSyntax");
}

TEST(Json, NulEndsNothing) {
  EXPECT_EQ(CodeOf("{}\0"s), "JsonSyntax");
  EXPECT_EQ(CodeOf("{}\0 hidden"s), "JsonSyntax");
  EXPECT_EQ(CodeOf("{\0}"s), "JsonSyntax");
  EXPECT_EQ(CodeOf("\"\0\""s), "JsonSyntax");
  EXPECT_TRUE(Parse(R"("\u0000")").ok());
}

TEST(Json, ByteOrderMarkIsRefused) { EXPECT_EQ(CodeOf("\xEF\xBB\xBF{}"), "JsonSyntax"); }

TEST(Json, DuplicateKeysAreRefusedAtAnyDepth) {
  EXPECT_EQ(CodeOf(R"({"a":1,"a":1})"), "JsonDuplicateKey");
  EXPECT_EQ(CodeOf(R"({"a":1,"b":2,"\u0061":3})"), "JsonDuplicateKey");
  EXPECT_EQ(CodeOf(R"([{"x":{"":0,"":0}}])"), "JsonDuplicateKey");
  EXPECT_TRUE(Parse(R"([{"a":{"a":1}},{"a":2}])").ok());
}

TEST(Json, DepthStopsAtItsLimit) {
  EXPECT_TRUE(Parse(Nested(limits::kMaxJsonDepth)).ok());
  EXPECT_EQ(CodeOf(Nested(limits::kMaxJsonDepth + 1)), "JsonDepth");
  EXPECT_EQ(CodeOf(std::string(1'000'000, '[')), "JsonDepth");
  EXPECT_EQ(CodeOf(R"({"a":{"b":{}}})", {.max_depth = 2}), "JsonDepth");
  EXPECT_TRUE(Parse(R"([{},[],{}])", {.max_depth = 2}).ok());
  EXPECT_EQ(CodeOf("[]", {.max_depth = 0}), "JsonDepth");
}

TEST(Json, ValuesStopAtTheirLimit) {
  EXPECT_TRUE(Parse("[1,2,[]]", {.max_values = 4}).ok());
  EXPECT_EQ(CodeOf("[1,2,[3]]", {.max_values = 4}), "JsonTooLarge");
  EXPECT_EQ(CodeOf("[1,2,3,[]]", {.max_values = 4}), "JsonTooLarge");
}

TEST(Json, BytesStopAtTheirLimit) {
  EXPECT_TRUE(Parse("[1]", {.max_bytes = 3}).ok());
  EXPECT_EQ(CodeOf("[1] ", {.max_bytes = 3}), "JsonTooLarge");
  EXPECT_EQ(CodeOf(std::string(limits::kMaxManifestBytes + 1, ' ')), "JsonTooLarge");
}

TEST(Json, LongWhiteSpaceOrNumbersAreRefused) {
  const std::string space(limits::kMaxJsonSpaceBytes - 1, '\n');
  EXPECT_TRUE(Parse("[" + space + "1," + space + "2]").ok());
  EXPECT_EQ(CodeOf("[" + space + "\n1]"), "JsonTooLarge");
  EXPECT_EQ(CodeOf(std::string(limits::kMaxJsonSpaceBytes + 1, '9')), "JsonTooLarge");
  EXPECT_EQ(CodeOf(space + "\n\n"), "JsonTooLarge");
}

TEST(Json, PunctuationAndEscapedQuotesDoNotEndAText) {
  const std::string part(limits::kMaxJsonSpaceBytes / 2, 'x');
  EXPECT_TRUE(Parse("[\"" + part + "\\\"" + part + "\\\\" + part + "[]{},:" + part + "\",1]").ok());
  EXPECT_FALSE(HasShortTokens(AsBytes("\"abc\\\"de\""), 6, 6));
  EXPECT_TRUE(HasShortTokens(AsBytes("\"abc\\\"de\""), 7, 0));
  EXPECT_TRUE(HasShortTokens(AsBytes("[12,345,{\"a\":6}]"), 1, 3));
  EXPECT_FALSE(HasShortTokens(AsBytes("[12,345,{\"a\":6}]"), 1, 2));
}

// The parser repeats what it does not understand, escaped, in its own message.
TEST(Json, ErrorsAreReportedInBoundedMemory) {
  const uint64_t most = limits::kMaxManifestBytes;
  const std::string space(limits::kMaxJsonSpaceBytes - 1, '\n');
  for (const std::string& text :
       {space + "x", "\"" + std::string(most - 2, 'a') + "\x01",
        "\"" + std::string(most - 1, '\x7f'), "\"" + std::string(most - 1, '\\')}) {
    const PeakMemory peak;
    EXPECT_EQ(CodeOf(text), "JsonSyntax");
    EXPECT_LT(peak.bytes(), 16 * limits::kMiB);
  }
}

// Were each key compared with each other one, this test would not end in our time.
TEST(Json, ManyKeysAreReadInBoundedMemory) {
  std::string text = "{";
  for (int i = 0; i < 90'000; ++i) text += "\"" + std::to_string(100'000 + i) + "\":0,";
  const std::string distinct = text + "\"\":0}";
  const std::string twice = text + "\"100000\":0}";
  const JsonLimits limits;
  ASSERT_LE(distinct.size(), limits.max_bytes);

  const PeakMemory peak;
  EXPECT_TRUE(Parse(distinct).ok());
  EXPECT_EQ(CodeOf(twice), "JsonDuplicateKey");
  EXPECT_LT(peak.bytes(), 16 * limits::kMiB);
}

TEST(Json, LongestDocumentIsReadInBoundedMemory) {
  const std::string text = "\"" + std::string(limits::kMaxManifestBytes - 2, 'x') + "\"";
  const PeakMemory peak;
  EXPECT_TRUE(Parse(text).ok());
  EXPECT_LT(peak.bytes(), 8 * limits::kMiB);
}

TEST(Json, MessagesNameTheDocumentAndThePlace) {
  EXPECT_EQ(Parse("[1,x]").status().message(), "test: not JSON at byte 4");
}

TEST(Json, DumpReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(DumpJson(Json("a\xFF")), "\"a\xEF\xBF\xBD\"");
  EXPECT_EQ(DumpJson(Json::array({1.0, "ä", nullptr})), "[1.0,\"ä\",null]");
}

}  // namespace
}  // namespace andon
