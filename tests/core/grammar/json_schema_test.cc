#include <gtest/gtest.h>

#include "common/json.h"
#include "common/limits.h"
#include "tests/core/grammar/texts.h"

namespace andon {
namespace {

struct Case {
  const char* name;
  const char* schema;
  std::vector<std::string> accepted;
  std::vector<std::string> refused;
};

class JsonSchema : public testing::TestWithParam<Case> {};

TEST_P(JsonSchema, GivesTheTextsThatSatisfyIt) {
  ExpectTexts(GrammarFromJsonSchema(GetParam().schema), GetParam().accepted, GetParam().refused);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Types, JsonSchema,
    testing::Values(
        Case{"True", "true", {"1", "[]", "{\"a\": null}"}, {"", "x"}},
        Case{"Empty",
             R"({"title":"t","description":"d","default":1,"examples":[2],"$comment":"c"})",
             {"true", "[1, \"a\"]", "-1.5e+3", "\"\\ud83d\\ude00\\n\xC3\xA9\""},
             {"01", "\"\\ud83d\"", "\"\n\"", "[1,]", "{\"a\":}"}},
        Case{"Null", R"({"type":"null"})", {"null"}, {"0"}},
        Case{"Boolean", R"({"type":"boolean"})", {"true", "false"}, {"null"}},
        Case{"Integer", R"({"type":"integer"})", {"0", "-12"}, {"1.5", "-", "007"}},
        Case{"Number", R"({"type":"number"})", {"0", "-12", "1.5", "2E-7"}, {".5", "1."}},
        Case{"NumberFromZero", R"({"type":"number","minimum":0})", {"0.5", "7"}, {"-1"}},
        Case{"Several", R"({"type":["string","null"]})", {"\"\"", "null"}, {"1"}},
        Case{"OfKeywords", R"({"maxLength":1})", {"\"a\"", "\"\""}, {"\"ab\"", "1"}},
        Case{"Const",
             R"({"const":{"a":[1,"\""]}})",
             {R"({"a": [1, "\""]})"},
             {"{}", R"({"a":[1]})"}},
        Case{"Enum", R"({"enum":["a",1,null,[]]})", {"\"a\"", "1", "null", "[]"}, {"2", "\"b\""}},
        Case{"EnumOfType", R"({"type":"string","enum":["a",1]})", {"\"a\""}, {"1"}},
        Case{"EnumAndConst", R"({"enum":[1,2],"const":2})", {"2"}, {"1"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Numbers, JsonSchema,
    testing::Values(
        Case{"Between",
             R"({"type":"integer","minimum":-12,"maximum":105})",
             {"-12", "-9", "0", "7", "99", "105"},
             {"-13", "106", "200", "-0", "05"}},
        Case{"Exclusive",
             R"({"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":5.5})",
             {"4", "5"},
             {"3", "6"}},
        Case{
            "BothKindsOfBounds",
            R"({"type":"integer","minimum":2,"exclusiveMinimum":2,"maximum":9,"exclusiveMaximum":9})",
            {"3", "8"},
            {"2", "9"}},
        Case{"Fractions",
             R"({"type":"integer","minimum":0.5,"maximum":2.5})",
             {"1", "2"},
             {"0", "3"}},
        Case{"Large",
             R"({"type":"integer","minimum":1e300,"maximum":1e301})",
             {"9007199254740991"},
             {"1"}},
        Case{"Open", R"({"type":"integer","minimum":100})", {"100", "123456"}, {"99", "-100"}},
        Case{"Negative", R"({"type":"integer","maximum":-5})", {"-5", "-10"}, {"-4", "5"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Strings, JsonSchema,
    testing::Values(
        Case{"Lengths",
             R"({"type":"string","minLength":2,"maxLength":3})",
             {"\"ab\"", "\"\xC3\xA9\xF0\x9F\x98\x80\xC3\xA9\"", R"("\n\u00e9")",
              R"("\ud83d\ude00x")"},
             {"\"a\"", "\"abcd\""}},
        Case{"AtLeast", R"({"type":"string","minLength":1})", {"\"abc\""}, {"\"\""}},
        Case{"Pattern",
             R"({"type":"string","pattern":"^(a|b)+[^x-z\\d]?$"})",
             {"\"ab\"", "\"ba!\"", R"("a\"")"},
             {"\"\"", "\"ax\"", "\"a1\""}},
        Case{"PatternAnywhere", R"({"pattern":"b{2,3}"})", {"\"abba\"", "\"bbbb\""}, {"\"aba\""}},
        Case{"PatternClasses",
             R"({"pattern":"^\\d\\D\\w\\W\\s\\S.\\x41\\u00e9\\t\\/[\\]a-]$"})",
             {R"("0a_! bcA)"
              "\xC3\xA9"
              R"(\t/]")",
              R"("0a_! bcA)"
              "\xC3\xA9"
              R"(\t/-")"},
             {R"("00_! bcA)"
              "\xC3\xA9"
              R"(\t/]")"}},
        Case{"PatternGroups",
             R"({"pattern":"^(?:a)(?<n>b)*?c{2}d{1,}e?$"})",
             {"\"accd\"", "\"abbccdde\""},
             {"\"acd\""}},
        Case{"Date",
             R"({"format":"date"})",
             {"\"2026-11-21\"", "\"2024-02-29\"", "\"2000-02-29\""},
             {"\"2026-13-01\"", "\"2026-04-31\"", "\"2023-02-29\"", "\"1900-02-29\""}},
        Case{"Time",
             R"({"format":"time"})",
             {"\"23:59:59Z\"", "\"01:02:03.5+01:00\""},
             {"\"24:00:00Z\""}},
        Case{"DateTime",
             R"({"format":"date-time"})",
             {"\"2026-11-21T10:00:00Z\""},
             {"\"2026-11-21\""}},
        Case{"Uuid",
             R"({"format":"uuid"})",
             {"\"6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11\""},
             {"\"6f1c1d9e8d0b4c2f9a572f0e8d9b7c11\""}},
        Case{"Email", R"({"format":"email"})", {"\"a.b@c.example\""}, {"\"a@b\"", "\"@b.de\""}},
        Case{"Ipv4", R"({"format":"ipv4"})", {"\"255.0.10.1\""}, {"\"256.0.0.1\"", "\"1.2.3\""}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Objects, JsonSchema,
    testing::Values(
        Case{
            "Order",
            R"({"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"null"}},"required":["a","b"]})",
            {R"({"a":1,"b":null})", "{\n  \"a\": 1,\n  \"b\": null\n}"},
            {R"({"b":null,"a":1})", R"({"a":1})", R"({"a":1,"b":null,"c":1})"}},
        Case{
            "Optional",
            R"({"properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3},"d":{"const":4}},"required":["c"]})",
            {R"({"c":3})", R"({"a":1,"c":3})", R"({"b":2,"c":3,"d":4})", R"({"a":1,"b":2,"c":3})"},
            {"{}", R"({"a":1})", R"({"b":2,"a":1,"c":3})", R"({"a":1 "c":3})"}},
        Case{"AllOptional",
             R"({"properties":{"a":{"const":1},"b":{"const":2}}})",
             {"{}", "{ }", R"({"a":1})", R"({"b":2})", R"({"a":1,"b":2})"},
             {R"({"a":1,})", R"({,"b":2})"}},
        Case{
            "Others",
            R"({"properties":{"ab":{"const":1},"ac":{"const":2}},"additionalProperties":{"type":"boolean"}})",
            {R"({"ab":1,"ac":2,"x":true,"":false})", R"({"a":true,"abc":true})",
             R"({"x":true,"y":true})"},
            {R"({"ab":true})", R"({"x":true,"ab":1})", R"({"x":1})", R"({"\u0061b":true})"}},
        Case{"EmptyName",
             R"({"properties":{"":{"const":1}},"additionalProperties":true})",
             {R"({"":1,"x":2})"},
             {R"({"":2})"}},
        Case{"Closed", R"({"type":"object","additionalProperties":false})", {"{}"}, {R"({"a":1})"}},
        Case{"Map",
             R"({"additionalProperties":{"type":"integer"}})",
             {"{}", R"({"\n":1})"},
             {R"({"a":""})"}},
        Case{"RequiredAlone",
             R"({"required":["b","a"]})",
             {R"({"a":1,"b":[]})", R"({"a":1,"b":2,"c":3})"},
             {"{}", R"({"a":1})"}},
        Case{"NeverProperty",
             R"({"properties":{"a":false,"b":{"const":1}}})",
             {"{}", R"({"b":1})"},
             {R"({"a":1})"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Arrays, JsonSchema,
    testing::Values(
        Case{"Any", R"({"type":"array"})", {"[]", "[1, [2]]"}, {"[1 2]"}},
        Case{"Items", R"({"items":{"const":1}})", {"[]", "[1]", "[1,1]"}, {"[2]", "[1,]"}},
        Case{"Counted",
             R"({"items":{"const":1},"minItems":2,"maxItems":3})",
             {"[1,1]", "[1,1,1]"},
             {"[]", "[1]", "[1,1,1,1]"}},
        Case{"None", R"({"type":"array","maxItems":0})", {"[]"}, {"[1]"}},
        Case{"Prefix",
             R"({"prefixItems":[{"const":1},{"const":2}]})",
             {"[]", "[1]", "[1,2]"},
             {"[2]", "[1,2,3]"}},
        Case{
            "PrefixAndItems",
            R"({"prefixItems":[{"const":1},{"const":2}],"items":{"const":3},"minItems":1,"maxItems":4})",
            {"[1]", "[1,2]", "[1,2,3,3]"},
            {"[]", "[1,3]", "[1,2,3,3,3]"}},
        Case{"PrefixAndMore",
             R"({"prefixItems":[{"const":1}],"items":{"const":3},"minItems":3})",
             {"[1,3,3]", "[1,3,3,3]"},
             {"[1,3]"}},
        Case{"PrefixCut",
             R"({"prefixItems":[{"const":1},{"const":2}],"maxItems":1})",
             {"[1]"},
             {"[1,2]"}}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Together, JsonSchema,
    testing::Values(
        Case{"AnyOf", R"({"anyOf":[{"type":"integer"},{"const":"a"}]})", {"1", "\"a\""}, {"true"}},
        Case{
            "AnyOfBeside",
            R"({"type":"object","properties":{"a":{"const":1},"b":{"const":2}},"anyOf":[{"required":["a"]},{"required":["b"]}]})",
            {R"({"a":1})", R"({"b":2})", R"({"a":1,"b":2})"},
            {"{}"}},
        Case{"OneOf", R"({"oneOf":[{"type":"string"},{"type":"null"}]})", {"\"\"", "null"}, {"1"}},
        Case{
            "OneOfTagged",
            R"({"oneOf":[{"properties":{"k":{"const":"a"}},"required":["k"]},{"properties":{"k":{"enum":["b"]}},"required":["k"]}]})",
            {R"({"k":"a"})", R"({"k":"b"})"},
            {R"({"k":"c"})"}},
        Case{
            "AllOf",
            R"({"allOf":[{"type":["integer","string"]},{"type":"number","minimum":3},{"minimum":2,"maximum":9},{"maximum":8}]})",
            {"3", "8"},
            {"2", "9", "\"\""}},
        Case{
            "AllOfObjects",
            R"({"allOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"a":{"minimum":5},"b":true},"required":["a","b"]}]})",
            {R"({"a":5,"b":[]})"},
            {R"({"a":4,"b":1})", R"({"a":5})"}},
        Case{"AllOfEnums",
             R"({"allOf":[{"enum":[1,2,3]},{"enum":[2,3,4]},{"const":3}]})",
             {"3"},
             {"2"}},
        Case{
            "AllOfOneItem",
            R"({"allOf":[{"items":{"type":"integer"}},{"items":{"minimum":1},"minItems":1},true]})",
            {"[1]"},
            {"[]", "[0]"}},
        Case{"Reference",
             R"({"$defs":{"a/b~c":{"type":"integer"}},"items":{"$ref":"#/$defs/a~1b~0c"}})",
             {"[1]"},
             {"[\"\"]"}},
        Case{"ReferenceBeside",
             R"({"$defs":{"a":{"type":"integer"}},"$ref":"#/$defs/a","minimum":3})",
             {"3"},
             {"2"}},
        Case{
            "Recursion",
            R"({"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]})",
            {R"({"next":null})", R"({"next":{"next":null}})"},
            {R"({"next":1})", "{}"}},
        Case{"IntoArrays",
             R"({"anyOf":[{"const":1},{"items":{"$ref":"#/anyOf/0"}}]})",
             {"1", "[1]"},
             {"[2]"}}),
    NameOf);

struct Refusal {
  const char* name;
  const char* schema;
  ErrorCode code;
  const char* place;  // in the message
};

class RefusedSchema : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedSchema, SaysWhere) {
  const auto grammar = GrammarFromJsonSchema(GetParam().schema);
  ASSERT_FALSE(grammar.ok());
  EXPECT_EQ(grammar.code(), GetParam().code) << grammar.status().message();
  EXPECT_NE(grammar.status().message().find(GetParam().place), std::string::npos)
      << grammar.status().message();
}

constexpr ErrorCode kUnsupported = ErrorCode::kSchemaUnsupported;
constexpr ErrorCode kMalformed = ErrorCode::kSchemaMalformed;

INSTANTIATE_TEST_SUITE_P(
    All, RefusedSchema,
    testing::Values(
        Refusal{"Not", R"({"not":{}})", kUnsupported, "'/not'"},
        Refusal{"If", R"({"items":{"if":{}}})", kUnsupported, "'/items/if'"},
        Refusal{"Unknown", R"({"a/b":1})", kUnsupported, "'/a~1b'"},
        Refusal{"MultipleOf", R"({"multipleOf":2})", kUnsupported, "'/multipleOf'"},
        Refusal{"Draft", R"({"$schema":"http://json-schema.org/draft-07/schema#"})", kUnsupported,
                "'/$schema'"},
        Refusal{"Format", R"({"format":"idn-email"})", kUnsupported, "'/format'"},
        Refusal{"Lookahead", R"({"pattern":"^(?=a)b$"})", kUnsupported, "'/pattern'"},
        Refusal{"PatternAndLength", R"({"pattern":"a","minLength":1})", kUnsupported, "pattern"},
        Refusal{"NumberBound", R"({"type":"number","maximum":1})", kUnsupported, "'/maximum'"},
        Refusal{"NumberMinimum", R"({"type":"number","minimum":1})", kUnsupported, "'/minimum'"},
        Refusal{"EnumBeside", R"({"enum":["a"],"minLength":1})", kUnsupported, "'/minLength'"},
        Refusal{"OneOfOverlap", R"({"oneOf":[{"type":"string"},{"minLength":1}]})", kUnsupported,
                "'/oneOf/1'"},
        Refusal{"AnyAndOne", R"({"oneOf":[true],"anyOf":[true]})", kUnsupported, "'/anyOf'"},
        Refusal{"TwoPatterns", R"({"allOf":[{"pattern":"a"},{"pattern":"b"}]})", kUnsupported,
                "/pattern'"},
        Refusal{
            "ClosedObject",
            R"({"allOf":[{"properties":{"a":true},"additionalProperties":false},{"properties":{"b":true}}]})",
            kUnsupported, "'/allOf/1'"},
        Refusal{"ClosedArray",
                R"({"allOf":[{"prefixItems":[true],"items":false},{"prefixItems":[true,true]}]})",
                kUnsupported, "'/allOf/1'"},
        Refusal{"RemoteReference", R"({"$ref":"https://example.org/a"})", kUnsupported, "'/$ref'"},
        Refusal{"Anchor", R"({"$ref":"#a"})", kUnsupported, "'/$ref'"},
        Refusal{"Percent", R"({"$ref":"#/a%20b"})", kUnsupported, "'/$ref'"},
        Refusal{"MergedCircle", R"({"allOf":[{"$ref":"#"}]})", kUnsupported, "itself"},
        Refusal{"EndlessMerge",
                R"({"properties":{"x":{"allOf":[{"$ref":"#"},{"required":["x"]}]}}})", kUnsupported,
                "without end"},
        Refusal{"ReferenceToNothing", R"({"$ref":"#/a"})", kMalformed, "'/$ref'"},
        Refusal{"ReferenceToNoIndex", R"({"anyOf":[true],"items":{"$ref":"#/anyOf/1"}})",
                kMalformed, "/items/$ref'"},
        Refusal{"ReferenceIntoText", R"({"title":"a","items":{"$ref":"#/title/b"}})", kMalformed,
                "'/items/$ref'"},
        Refusal{"ReferenceToNoSchema", R"({"title":"a","items":{"$ref":"#/title"}})", kMalformed,
                "'/title'"},
        Refusal{"NoSchema", "[]", kMalformed, "''"},
        Refusal{"Type", R"({"type":"text"})", kMalformed, "'/type'"},
        Refusal{"TypeList", R"({"type":[1]})", kMalformed, "'/type'"},
        Refusal{"Properties", R"({"properties":{"a":1}})", kMalformed, "'/properties'"},
        Refusal{"Required", R"({"required":[1]})", kMalformed, "'/required'"},
        Refusal{"Count", R"({"minItems":-1})", kMalformed, "'/minItems'"},
        Refusal{"Number", R"({"minimum":"1"})", kMalformed, "'/minimum'"},
        Refusal{"EmptyAnyOf", R"({"anyOf":[]})", kMalformed, "'/anyOf'"},
        Refusal{"Items", R"({"items":[{}]})", kMalformed, "'/items'"},
        Refusal{"EnumNoList", R"({"enum":1})", kMalformed, "'/enum'"},
        Refusal{"Json", "{", ErrorCode::kJsonSyntax, "schema"},
        Refusal{"False", "false", ErrorCode::kGrammarEmpty, "root"},
        Refusal{"NoValue", R"({"type":"string","enum":[1]})", ErrorCode::kGrammarEmpty, "root"},
        Refusal{"NoType", R"({"allOf":[{"type":"null"},{"type":"array"}]})",
                ErrorCode::kGrammarEmpty, "root"},
        Refusal{"NoLength", R"({"minLength":2,"maxLength":1})", ErrorCode::kGrammarEmpty, "root"},
        Refusal{"NoCount", R"({"minItems":2,"maxItems":1})", ErrorCode::kGrammarEmpty, "root"},
        Refusal{"NoNumber", R"({"type":"integer","minimum":2,"maximum":1})",
                ErrorCode::kGrammarEmpty, "root"},
        Refusal{"Endless", R"({"$ref":"#"})", ErrorCode::kGrammarEmpty, "root"},
        Refusal{"LongString", R"({"minLength":200001})", ErrorCode::kGrammarTooLarge,
                "'/minLength'"},
        Refusal{"LongArray", R"({"minItems":200001})", ErrorCode::kGrammarTooLarge, "'/minItems'"},
        Refusal{"LongArrayMost", R"({"maxItems":200001})", ErrorCode::kGrammarTooLarge,
                "'/maxItems'"}),
    [](const testing::TestParamInfo<Refusal>& info) { return info.param.name; });

class RefusedPattern : public testing::TestWithParam<const char*> {};

TEST_P(RefusedPattern, IsUnsupported) {
  const auto grammar = GrammarFromJsonSchema(DumpJson({{"pattern", GetParam()}}));
  EXPECT_EQ(grammar.code(), kUnsupported) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, RefusedPattern,
                         testing::Values("a)", "(a", "[a", "[b-a]", "[\\d-a]", "[\\q]", "[a-\\q]",
                                         "\\b", "\\1", "\\", "\\xg1", "\\ud83d", "a{2,1}", "a{x}",
                                         "a{1", "*a", "a^b", "a$b", "^a|b", "a|b$", "(?!a)",
                                         "(?<=a)", "(?<a", "]", "a**", "(a{x})", "[\\"));

TEST(JsonSchema, GroupsInGroupsOfAPatternAreLimited) {
  const std::string deep =
      "{\"pattern\":\"" + std::string(200, '(') + std::string(200, ')') + "\"}";
  EXPECT_EQ(GrammarFromJsonSchema(deep).code(), kUnsupported);
}

TEST(JsonSchema, LongNamesBesideOthersAreRefused) {
  const std::string name(limits::kMaxSchemaNameBytes + 1, 'a');
  const std::string schema = "{\"properties\":{\"" + name + "\":{}},\"additionalProperties\":true}";
  EXPECT_EQ(GrammarFromJsonSchema(schema).code(), ErrorCode::kGrammarTooLarge);
}

TEST(JsonSchema, MergingWithoutEndIsRefused) {
  std::string schema = R"({"$defs":{"d0":true)";
  for (int i = 1; i < 30; ++i) {
    const std::string below = R"({"$ref":"#/$defs/d)" + std::to_string(i - 1) + "\"}";
    schema += ",\"d" + std::to_string(i) + "\":{\"allOf\":[" + below + "," + below + "]}";
  }
  schema += R"(},"$ref":"#/$defs/d29","type":"null"})";
  EXPECT_EQ(GrammarFromJsonSchema(schema).code(), ErrorCode::kGrammarTooLarge);
}

TEST(JsonSchema, MergingLongListsIsRefused) {
  std::string list = "[0";
  for (int i = 1; i < 1100; ++i) list += "," + std::to_string(i);
  list += "]";
  const std::string schema =
      "{\"allOf\":[{\"enum\":" + list + "},{\"enum\":" + list.insert(1, "-1,") + "}]}";
  EXPECT_EQ(GrammarFromJsonSchema(schema).code(), ErrorCode::kGrammarTooLarge);
}

}  // namespace
}  // namespace andon
