#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "common/limits.h"
#include "tests/core/grammar/texts.h"

namespace andon {
namespace {

TEST(Gbnf, AlternativesSequencesAndGroups) {
  ExpectTexts(
      ParseGbnf("root ::= \"a\" (\"b\" | | c) \"d\"\nc ::=\n  \"c\" |\n  # two\n  \"cc\"\r\n"),
      {"abd", "ad", "acd", "accd"}, {"", "a", "abcd"});
}

TEST(Gbnf, Repetitions) {
  ExpectTexts(ParseGbnf("root ::= \"a\"? \"b\"* \"c\"+ [d]{2} \"e\"{ 1 , 2 } (\"f\" \"g\"){1,}"),
              {"acddefg", "bbccddeefgfg", "cddefg"}, {"addefg", "acdefg", "acddeeefg", "acdde"});
}

TEST(Gbnf, RepetitionsOfRepetitions) {
  ExpectTexts(ParseGbnf("root ::= \"a\"{2}{2}"), {"aaaa"}, {"aa", "aaa", "aaaaa"});
}

TEST(Gbnf, ClassesAndEscapes) {
  ExpectTexts(
      ParseGbnf(R"(root ::= [a-c\-\]] [^\n\x41-\u00e9\U0001F600] . "\t\r\"\\\[" [-a] [a-])"),
      {"b!\xF0\x9F\x98\x80\t\r\"\\[-a", "-\xE4\xBA\x8C\n\t\r\"\\[a-"},
      {"d!x\t\r\"\\[-a", "b\nx\t\r\"\\[-a", "b\xC3\xA9x\t\r\"\\[-a",
       "b\xF0\x9F\x98\x80x\t\r\"\\[-a"});
}

TEST(Gbnf, EveryCharacterOfUnicodeAndNothingElse) {
  ExpectTexts(ParseGbnf("root ::= ."), {"a", "\xC2\x80", "\xE0\xA0\x80", "\xF4\x8F\xBF\xBF"},
              {"\x80", "\xC1\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC2"});
}

TEST(Gbnf, LeftRecursion) {
  ExpectTexts(ParseGbnf("root ::= root \"+\" root | \"(\" root \")\" | [0-9]"),
              {"1", "1+2+3", "(1+2)+3"}, {"+", "1+", "(1", "1)"});
}

TEST(Gbnf, HiddenLeftRecursionAndEmptyRules) {
  ExpectTexts(ParseGbnf("root ::= e root \"a\" | e | b\ne ::= \"\" | e\nb ::= e b e | \"b\""),
              {"", "a", "aaa", "b", "baa"}, {"ab", "bb"});
}

TEST(Gbnf, Palindromes) {
  ExpectTexts(ParseGbnf("root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"\""),
              {"", "aa", "abba", "baab"}, {"a", "ab", "aba"});
}

TEST(Gbnf, RulesThatNoTextSatisfiesAreNoWay) {
  const auto grammar = ParseGbnf("root ::= \"a\" endless | \"b\"\nendless ::= \"a\" endless");
  ExpectTexts(grammar, {"b"}, {"a"});
  EXPECT_FALSE(*MatcherOf(*grammar).AcceptBytes("a"));
}

struct Refusal {
  const char* name;
  std::string grammar;
  ErrorCode code;
};

class RefusedGbnf : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedGbnf, HasItsCode) {
  const auto grammar = ParseGbnf(GetParam().grammar);
  ASSERT_FALSE(grammar.ok());
  EXPECT_EQ(ErrorCodeName(grammar.code()), ErrorCodeName(GetParam().code))
      << grammar.status().message();
}

std::string Repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

constexpr ErrorCode kSyntax = ErrorCode::kGrammarSyntax;
constexpr ErrorCode kTooLarge = ErrorCode::kGrammarTooLarge;

INSTANTIATE_TEST_SUITE_P(
    All, RefusedGbnf,
    testing::Values(
        Refusal{"NoName", "::= \"a\"", kSyntax}, Refusal{"NoDefinition", "root = \"a\"", kSyntax},
        Refusal{"NextLine", "root ::= \"a\"\n | \"b\"", kSyntax},
        Refusal{"Token", "root ::= <[12]>", kSyntax}, Refusal{"Rest", "root ::= \"a\" )", kSyntax},
        Refusal{"OpenText", "root ::= \"a", kSyntax}, Refusal{"OpenClass", "root ::= [a", kSyntax},
        Refusal{"OpenGroup", "root ::= (\"a\"", kSyntax},
        Refusal{"Escape", "root ::= \"\\q\"", kSyntax},
        Refusal{"EscapeAtEnd", "root ::= \"\\", kSyntax},
        Refusal{"Hex", "root ::= \"\\x4g\"", kSyntax},
        Refusal{"HexAtEnd", "root ::= \"\\x4", kSyntax},
        Refusal{"Surrogate", "root ::= \"\\ud83d\"", kSyntax},
        Refusal{"BeyondUnicode", "root ::= \"\\U00110000\"", kSyntax},
        Refusal{"Range", "root ::= [b-a]", kSyntax},
        Refusal{"RangeEnd", "root ::= [a-\\q]", kSyntax},
        Refusal{"NotUtf8", "root ::= \"\xFF\"", kSyntax},
        Refusal{"NoBound", "root ::= \"a\"{}", kSyntax},
        Refusal{"OpenBound", "root ::= \"a\"{1", kSyntax},
        Refusal{"ReversedBounds", "root ::= \"a\"{2,1}", kSyntax},
        Refusal{"NoRoot", "a ::= \"a\"", ErrorCode::kGrammarRule},
        Refusal{"Empty", "", ErrorCode::kGrammarRule},
        Refusal{"Missing", "root ::= a", ErrorCode::kGrammarRule},
        Refusal{"Twice", "root ::= \"a\"\nroot ::= \"b\"", ErrorCode::kGrammarRule},
        Refusal{"Endless", "root ::= \"a\" root", ErrorCode::kGrammarEmpty},
        Refusal{"EmptyClass", "root ::= []", ErrorCode::kGrammarEmpty},
        Refusal{"LongestShortest", "root ::= a{300}\na ::= \"x\"{300}", ErrorCode::kGrammarEmpty},
        Refusal{"Bytes", std::string(limits::kMaxGrammarBytes + 1, ' '), kTooLarge},
        Refusal{"Rules",
                "root ::= " + Repeated("a", 1) +
                    [] {
                      std::string names;
                      for (uint64_t i = 0; i <= limits::kMaxGrammarRules; ++i)
                        names += " r" + std::to_string(i);
                      return names;
                    }(),
                kTooLarge},
        Refusal{"Parts", "root ::= " + std::string(limits::kMaxGrammarParts + 1, '.'), kTooLarge},
        Refusal{"PartsOfText",
                "root ::= \"" + std::string(limits::kMaxGrammarParts + 1, 'a') + "\"", kTooLarge},
        Refusal{"Depth", "root ::= " + Repeated("(", 200) + Repeated(")", 200), kTooLarge},
        Refusal{"StackedRepetitions", "root ::= \"a\"" + Repeated("*", 9), kTooLarge},
        Refusal{"Repetition", "root ::= \"a\"{0,200001}", kTooLarge},
        Refusal{"ExpandedTexts", "root ::= (\"a\"{1000}){1000}", kTooLarge},
        Refusal{"ExpandedNothing", "root ::= \"\"{100000}{100000}", kTooLarge},
        Refusal{"ExpandedChoice", "root ::= (.{1000} | [^a]){0,1000}", kTooLarge},
        Refusal{"Edges", "root ::= ([a-z]?){3000}", kTooLarge}),
    [](const testing::TestParamInfo<Refusal>& info) { return info.param.name; });

TEST(Gbnf, ErrorsSayLineAndColumn) {
  const auto grammar = ParseGbnf("root ::= a\na ::= \"b\" ]");
  EXPECT_EQ(grammar.status().message(), "grammar: line 2, column 11: not the end of the rule");
}

// Grammars of experts and of llama.cpp, with texts that they accept and refuse.
struct Shared {
  const char* file;
  std::vector<std::string> accepted;
  std::vector<std::string> refused;
};

TEST(Gbnf, SharedGrammars) {
  const std::vector<Shared> grammars = {
      {"expert/expert-json/grammar.gbnf",
       {"{\"a\": [1, -2.5e+3, \"\\u00e9\"]}", "[ ]"},
       {"01", "{a:1}"}},
      {"expert/expert-sql/grammar.gbnf",
       {"SELECT a FROM b",
        "SELECT COUNT( * ), u.name AS n FROM users AS u INNER JOIN orders ON u.id = o.uid "
        "WHERE a + 1 > 2 AND NOT b = 'x' GROUP BY n ORDER BY n DESC LIMIT 10 OFFSET 5"},
       {"SELECT FROM b", "DELETE FROM a"}},
      {"grammars/llama.cpp/arithmetic.gbnf", {"a +1=2\n", "(a)*b=c\n"}, {"1 +\n"}},
      {"grammars/llama.cpp/c.gbnf", {"int main(){return 0;}"}, {"int main({}"}},
      {"grammars/llama.cpp/chess.gbnf", {"1. e4 e5\n2. Nf3 Nc6\n"}, {"1. e9 e5\n"}},
      {"grammars/llama.cpp/english.gbnf", {"It works!"}, {"\xC3\xA9t\xC3\xA9"}},
      {"grammars/llama.cpp/japanese.gbnf", {"\xE3\x81\x82 \xE4\xB8\x80"}, {"a"}},
      {"grammars/llama.cpp/json.gbnf", {"{\"a\": [true, 1.5]}", "{}"}, {"[]", "{\"a\"}"}},
      {"grammars/llama.cpp/json_arr.gbnf", {"[\n1,\n{\"a\":2}]"}, {"[1]"}},
      {"grammars/llama.cpp/list.gbnf", {"- a\n- b\n"}, {"a\n"}},
  };
  for (const Shared& shared : grammars) {
    std::ifstream file(std::string(ANDON_SHARED_DIR) + "/data/" + shared.file);
    if (!file) {
      std::fprintf(stderr, "LOUD: %s is absent; it is not read\n", shared.file);
      return;
    }
    SCOPED_TRACE(shared.file);
    ExpectTexts(ParseGbnf(std::string(std::istreambuf_iterator<char>(file), {})), shared.accepted,
                shared.refused);
  }
}

}  // namespace
}  // namespace andon
