// GBNF, as llama.cpp reads it:
//
//   grammar     = rule*                              newlines, blanks and # comments between
//   rule        = name "::=" choice newline
//   choice      = sequence ("|" sequence)*           a newline may follow "::=" and "|"
//   sequence    = (item repetition*)*                ends with the line, but in a group
//   item        = "text" | [class] | [^class] | . | name | "(" choice ")"
//   repetition  = ? | * | + | {m} | {m,} | {m,n}
//   name        = [A-Za-z0-9_-]+
//   escape      = \n \t \r \\ \" \[ \] \- \xHH \uHHHH \UHHHHHHHH     a code point, in text and
//   class

#include "grammar/gbnf.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/limits.h"
#include "common/utf8.h"
#include "grammar/grammar.h"

namespace andon {
namespace {

bool IsDigit(char c) { return '0' <= c && c <= '9'; }

bool IsNameCharacter(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || IsDigit(c) || c == '-' || c == '_';
}

class Parser {
 public:
  explicit Parser(std::string_view source) : source_(source) {}

  Result<Rules> Parse() {
    RuleNumber("root");
    SkipSpace(true);
    while (at_ < source_.size()) ANDON_RETURN_IF_ERROR(ParseRule());
    for (const Rule& rule : rules_) {
      if (!defined_[RuleNumber(rule.name)])
        return Error(ErrorCode::kGrammarRule, "grammar: rule ", Quoted(rule.name), " is missing");
    }
    return std::move(rules_);
  }

 private:
  bool AtEnd() const { return at_ == source_.size(); }
  char Peek() const { return AtEnd() ? '\0' : source_[at_]; }
  bool Take(std::string_view text) {
    if (!source_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  Status Fail(std::string_view what) const {
    const std::string_view before = source_.substr(0, at_);
    const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return Error(ErrorCode::kGrammarSyntax, "grammar: line ",
                 1 + std::count(before.begin(), before.end(), '\n'), ", column ",
                 before.size() - line_start + 1, ": ", what);
  }

  void SkipSpace(bool lines) {
    while (!AtEnd()) {
      const char c = Peek();
      if (c == '#') {
        at_ = std::min(source_.find_first_of("\r\n", at_), source_.size());
      } else if (c == ' ' || c == '\t' || (lines && (c == '\r' || c == '\n'))) {
        ++at_;
      } else {
        return;
      }
    }
  }

  std::string_view TakeName() {
    const size_t begin = at_;
    while (IsNameCharacter(Peek())) ++at_;
    return source_.substr(begin, at_ - begin);
  }

  RuleId RuleNumber(std::string_view name) {
    const auto known = numbers_.find(name);
    if (known != numbers_.end()) return known->second;
    const RuleId number = static_cast<RuleId>(rules_.size());
    numbers_.emplace(name, number);
    rules_.emplace_back().name = name;
    defined_.push_back(false);
    return number;
  }

  Status ParseRule() {
    const std::string_view name = TakeName();
    if (name.empty()) return Fail("no name of a rule");
    const RuleId number = RuleNumber(name);
    SkipSpace(false);
    if (!Take("::=")) return Fail("no '::=' behind the name of a rule");
    if (defined_[number])
      return Error(ErrorCode::kGrammarRule, "grammar: rule ", Quoted(name), " is defined twice");
    defined_[number] = true;
    SkipSpace(true);
    ANDON_ASSIGN_OR_RETURN(Expression body, ParseChoice(0));
    rules_[number].body = std::move(body);
    if (!AtEnd() && Peek() != '\r' && Peek() != '\n') return Fail("not the end of the rule");
    SkipSpace(true);
    if (rules_.size() > limits::kMaxGrammarRules) {
      return Error(ErrorCode::kGrammarTooLarge, "grammar: more than ", limits::kMaxGrammarRules,
                   " rules");
    }
    return Status();
  }

  Result<Expression> ParseChoice(uint64_t depth) {
    std::vector<Expression> parts;
    do {
      if (!parts.empty()) SkipSpace(true);
      ANDON_ASSIGN_OR_RETURN(Expression part, ParseSequence(depth));
      parts.push_back(std::move(part));
    } while (Take("|"));
    return Choice(std::move(parts));
  }

  Result<Expression> ParseSequence(uint64_t depth) {
    std::vector<Expression> parts;
    while (true) {
      ANDON_ASSIGN_OR_RETURN(std::optional<Expression> item, ParseItem(depth));
      if (!item) return Sequence(std::move(parts));
      SkipSpace(depth > 0);
      ANDON_ASSIGN_OR_RETURN(Expression repeated, ParseRepetitions(*std::move(item), depth));
      parts.push_back(std::move(repeated));
    }
  }

  // Nothing where no item begins.
  Result<std::optional<Expression>> ParseItem(uint64_t depth) {
    ANDON_RETURN_IF_ERROR(CountPart());
    if (Take("\"")) return Some(ParseLiteral());
    if (Take("[")) return Some(ParseClass());
    if (Take("(")) return Some(ParseGroup(depth + 1));
    if (Take(".")) return Some(Characters({{0, kMaxCodePoint}}));
    if (IsNameCharacter(Peek())) return Some(RuleReference(RuleNumber(TakeName())));
    return std::optional<Expression>();
  }

  static Result<std::optional<Expression>> Some(Result<Expression> expression) {
    if (!expression.ok()) return expression.status();
    return std::optional(*std::move(expression));
  }

  Result<Expression> ParseLiteral() {
    std::vector<Expression> parts;
    while (!Take("\"")) {
      ANDON_ASSIGN_OR_RETURN(const uint32_t code_point, ParseCharacter());
      parts.push_back(Characters({{code_point, code_point}}));
    }
    return Sequence(std::move(parts));
  }

  Result<Expression> ParseClass() {
    const bool negated = Take("^");
    CodePointRanges ranges;
    while (!Take("]")) {
      ANDON_ASSIGN_OR_RETURN(const uint32_t first, ParseCharacter());
      uint32_t last = first;
      if (Peek() == '-' && !source_.substr(at_).starts_with("-]")) {
        ++at_;
        ANDON_ASSIGN_OR_RETURN(last, ParseCharacter());
        if (last < first) return Fail("a range that ends before it begins");
      }
      ranges.push_back({first, last});
    }
    return Characters(negated ? Complement(std::move(ranges)) : std::move(ranges));
  }

  Result<Expression> ParseGroup(uint64_t depth) {
    if (depth > limits::kMaxGrammarDepth) {
      return Error(ErrorCode::kGrammarTooLarge, "grammar: groups in groups, more than ",
                   limits::kMaxGrammarDepth, " deep");
    }
    SkipSpace(true);
    ANDON_ASSIGN_OR_RETURN(Expression group, ParseChoice(depth));
    if (!Take(")")) return Fail("no ')' at the end of a group");
    return group;
  }

  Status CountPart() {
    if (++parts_ <= limits::kMaxGrammarParts) return Status();
    return Error(ErrorCode::kGrammarTooLarge, "grammar: more than ", limits::kMaxGrammarParts,
                 " parts");
  }

  Result<uint32_t> ParseCharacter() {
    ANDON_RETURN_IF_ERROR(CountPart());
    if (AtEnd()) return Fail("the grammar ends within a text or a class");
    if (Take("\\")) return ParseEscape();
    std::string_view rest = source_.substr(at_);
    const std::optional<char32_t> code_point = TakeCodePoint(rest);
    if (!code_point) return Fail("bytes that are not UTF-8");
    at_ = source_.size() - rest.size();
    return static_cast<uint32_t>(*code_point);
  }

  Result<uint32_t> ParseEscape() {
    constexpr std::string_view kNames = "ntr\\\"[]-";
    constexpr std::string_view kMeanings = "\n\t\r\\\"[]-";
    const char name = Peek();
    if (name == 'x' || name == 'u' || name == 'U') {
      ++at_;
      return ParseHex(name == 'x' ? 2 : name == 'u' ? 4 : 8);
    }
    const size_t place = kNames.find(name);
    if (AtEnd() || place == kNames.npos) return Fail("an unknown escape");
    ++at_;
    return static_cast<uint32_t>(kMeanings[place]);
  }

  Result<uint32_t> ParseHex(int digits) {
    uint32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const char c = Peek();
      const size_t digit = kDigits.find('A' <= c && c <= 'F' ? static_cast<char>(c | 0x20) : c);
      if (AtEnd() || digit == kDigits.npos) return Fail("no hexadecimal digit");
      value = value << 4 | static_cast<uint32_t>(digit);
      ++at_;
    }
    if (value > kMaxCodePoint || (0xD800 <= value && value <= 0xDFFF))
      return Fail("an escape that is no character of Unicode");
    return value;
  }

  Result<Expression> ParseRepetitions(Expression item, uint64_t depth) {
    for (uint64_t repetitions = 0;; ++repetitions) {
      uint32_t least = 0;
      uint32_t most = kUnbounded;
      if (Take("?")) {
        most = 1;
      } else if (Take("+")) {
        least = 1;
      } else if (Take("{")) {
        ANDON_RETURN_IF_ERROR(ParseBounds(least, most));
      } else if (!Take("*")) {
        return item;
      }
      if (repetitions == limits::kMaxStackedRepetitions) {
        return Error(ErrorCode::kGrammarTooLarge, "grammar: repetitions of repetitions, more than ",
                     limits::kMaxStackedRepetitions, " deep");
      }
      item = Repetition(std::move(item), least, most);
      SkipSpace(depth > 0);
    }
  }

  Status ParseBounds(uint32_t& least, uint32_t& most) {
    SkipSpace(false);
    ANDON_ASSIGN_OR_RETURN(least, ParseNumber());
    most = least;
    SkipSpace(false);
    if (Take(",")) {
      SkipSpace(false);
      most = kUnbounded;
      if (IsDigit(Peek())) {
        ANDON_ASSIGN_OR_RETURN(most, ParseNumber());
      }
      SkipSpace(false);
    }
    if (!Take("}")) return Fail("no '}' at the end of a repetition");
    if (most < least) return Fail("a repetition with less at most than at least");
    return Status();
  }

  Result<uint32_t> ParseNumber() {
    if (!IsDigit(Peek())) return Fail("no number of repetitions");
    uint64_t value = 0;
    while (IsDigit(Peek())) {
      value = value * 10 + static_cast<uint64_t>(source_[at_++] - '0');
      if (value > limits::kMaxGrammarStates) {
        return Error(ErrorCode::kGrammarTooLarge, "grammar: a repetition of more than ",
                     limits::kMaxGrammarStates);
      }
    }
    return static_cast<uint32_t>(value);
  }

  const std::string_view source_;
  size_t at_ = 0;
  uint64_t parts_ = 0;
  Rules rules_;
  std::vector<bool> defined_;  // by rule
  std::map<std::string, RuleId, std::less<>> numbers_;
};

}  // namespace

Result<Rules> ParseGbnfRules(std::string_view source) {
  if (source.size() > limits::kMaxGrammarBytes) {
    return Error(ErrorCode::kGrammarTooLarge, "grammar: ", source.size(), " bytes, more than ",
                 limits::kMaxGrammarBytes);
  }
  return Parser(source).Parse();
}

Result<std::shared_ptr<const Grammar>> ParseGbnf(std::string_view source) {
  ANDON_ASSIGN_OR_RETURN(const Rules rules, ParseGbnfRules(source));
  return CompileGrammar(rules);
}

}  // namespace andon
