// Small grammars and vocabularies made of bytes that decide about everything, for tests and
// fuzzers: recursion of every kind, empty rules and ambiguity come about by chance.

#ifndef ANDON_TESTS_CORE_SUPPORT_MADE_GRAMMAR_H_
#define ANDON_TESTS_CORE_SUPPORT_MADE_GRAMMAR_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "grammar/expression.h"
#include "grammar/vocabulary.h"

namespace andon {

// Bytes one by one, and zeros behind the last.
class Choices {
 public:
  explicit Choices(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint32_t Below(uint32_t bound) { return Byte() % bound; }
  bool done() const { return bytes_.empty(); }

 private:
  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }

  std::span<const uint8_t> bytes_;
};

inline const std::vector<std::string> kMadeLetters = {"a", "b", "\xC3\xA9", "\xF0\x9F\x98\x80"};

inline Expression MadeExpression(Choices& choices, uint32_t rules, int depth) {
  switch (choices.Below(depth > 0 ? 8 : 3)) {
    case 0:
      return RuleReference(choices.Below(rules));
    case 1:
      return Literal(kMadeLetters[choices.Below(4)]);
    case 2:
      return choices.Below(2) == 0 ? Characters({{'a', 'b'}}) : Characters({{0x80, 0x10FFFF}});
    case 3:
    case 4: {
      std::vector<Expression> parts;
      for (uint32_t count = choices.Below(4); count > 0; --count)
        parts.push_back(MadeExpression(choices, rules, depth - 1));
      return Sequence(std::move(parts));
    }
    case 5: {
      const uint32_t least = choices.Below(3);
      const uint32_t more = choices.Below(4);
      Expression part = MadeExpression(choices, rules, depth - 1);
      return Repetition(std::move(part), least, more == 3 ? kUnbounded : least + more);
    }
    default: {
      std::vector<Expression> parts;
      for (uint32_t count = 1 + choices.Below(3); count > 0; --count)
        parts.push_back(MadeExpression(choices, rules, depth - 1));
      return Choice(std::move(parts));
    }
  }
}

inline Rules MadeRules(Choices& choices) {
  Rules rules(1 + choices.Below(4));
  for (size_t i = 0; i < rules.size(); ++i) {
    rules[i].name = "rule-" + std::to_string(i);
    rules[i].body = MadeExpression(choices, static_cast<uint32_t>(rules.size()), 3);
  }
  return rules;
}

// Tokens of one to five bytes, parts of characters among them, then one that ends the text and one
// that is special.
inline GrammarVocabulary MadeVocabulary() {
  const std::string letters = "ab\xC3\xA9\xF0\x9F\x98\x80";
  std::vector<std::string> tokens;
  for (const char c : letters) tokens.emplace_back(1, c);
  for (const std::string& left : kMadeLetters) {
    for (const std::string& right : kMadeLetters) {
      tokens.push_back(left + right);
      tokens.push_back(left + right.substr(0, 1) + (right.size() == 1 ? "a" : ""));
    }
  }
  for (const char* more : {"aaa", "abab", "bbbbb", "\x98\x80", "\xA9\x61", "", "c"})
    tokens.emplace_back(more);
  std::vector<TokenRole> roles(tokens.size(), TokenRole::kText);
  tokens.emplace_back("");
  roles.push_back(TokenRole::kEnd);
  tokens.emplace_back("a");
  roles.push_back(TokenRole::kSpecial);
  return {std::move(tokens), std::move(roles)};
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_MADE_GRAMMAR_H_
