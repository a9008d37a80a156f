// What a grammar says before it is compiled: rules over code points, as GBNF and JSON Schema both
// give them.

#ifndef ANDON_GRAMMAR_EXPRESSION_H_
#define ANDON_GRAMMAR_EXPRESSION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace andon {

struct CodePointRange {
  uint32_t first = 0;
  uint32_t last = 0;  // inclusive
  bool operator==(const CodePointRange&) const = default;
};
using CodePointRanges = std::vector<CodePointRange>;

inline constexpr uint32_t kMaxCodePoint = 0x10FFFF;
inline constexpr uint32_t kUnbounded = UINT32_MAX;

struct Expression {
  enum class Kind : uint8_t { kCharacters, kRule, kSequence, kChoice, kRepetition };

  Kind kind = Kind::kSequence;    // an empty sequence is the empty text
  CodePointRanges characters;     // of kCharacters: one code point out of these; none: no text
  uint32_t rule = 0;              // of kRule
  uint32_t least = 0, most = 0;   // of kRepetition; most may be kUnbounded
  std::vector<Expression> parts;  // of the others; one of a repetition

  bool IsEmptyText() const { return kind == Kind::kSequence && parts.empty(); }
};

struct Rule {
  std::string name;
  Expression body;
};

// Rule 0 is the root.
using Rules = std::vector<Rule>;

Expression Characters(CodePointRanges ranges);
// REQUIRES: `text` is UTF-8.
Expression Literal(std::string_view text);
Expression RuleReference(uint32_t rule);
Expression Sequence(std::vector<Expression> parts);
Expression Choice(std::vector<Expression> parts);
Expression Repetition(Expression part, uint32_t least, uint32_t most = kUnbounded);
inline Expression Optional(Expression part) { return Repetition(std::move(part), 0, 1); }

// Every code point but these, without the surrogates, which UTF-8 does not encode.
CodePointRanges Complement(CodePointRanges ranges);

// The bytes of one run of UTF-8: a range for each byte, all combinations of which are characters.
struct ByteInterval {
  uint8_t first = 0;
  uint8_t last = 0;  // inclusive
  auto operator<=>(const ByteInterval&) const = default;
};
using ByteIntervals = std::vector<ByteInterval>;  // 1 to 4

// Splits code points so that together these runs are exactly their UTF-8.
std::vector<ByteIntervals> Utf8Runs(const CodePointRanges& ranges);

}  // namespace andon

#endif  // ANDON_GRAMMAR_EXPRESSION_H_
