#include "grammar/pattern.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "common/utf8.h"
#include "grammar/json_text.h"

namespace andon {
namespace {

const CodePointRanges kDigits = {{'0', '9'}};
const CodePointRanges kWord = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
// ECMA-262, WhiteSpace and LineTerminator.
const CodePointRanges kSpace = {
    {'\t', '\r'},     {' ', ' '},       {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
const CodePointRanges kLineEnds = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};
const CodePointRanges kAnything = {{0, kMaxCodePoint}};

// Each function returns nothing, and notes the problem, where it does not understand the source.
class PatternParser {
 public:
  explicit PatternParser(std::string_view source) : source_(source) {}

  Pattern Parse() {
    const bool from_start = Take("^");
    std::optional<Expression> body = ParseChoice(0);
    if (body && has_alternatives_ && (from_start || AtFinalDollar()))
      Fail("an end of the text in one alternative of several");
    const bool to_end = Take("$");
    if (body && at_ < source_.size()) Fail("an unexpected character");
    if (!problem_.empty()) return {std::nullopt, std::move(problem_)};
    const Expression anything = Repetition(InString(kAnything), 0);
    return {Sequence({from_start ? Sequence({}) : anything, *std::move(body),
                      to_end ? Sequence({}) : anything}),
            ""};
  }

 private:
  bool AtEnd() const { return at_ == source_.size(); }
  char Peek() const { return AtEnd() ? '\0' : source_[at_]; }
  bool AtFinalDollar() const { return source_.substr(at_) == "$"; }
  bool Take(std::string_view text) {
    if (!source_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  std::nullopt_t Fail(std::string_view what) {
    if (problem_.empty()) problem_ = std::string(what) + " at byte " + std::to_string(at_);
    return std::nullopt;
  }

  std::optional<Expression> ParseChoice(uint64_t depth) {
    std::vector<Expression> parts;
    do {
      std::optional<Expression> part = ParseSequence(depth);
      if (!part) return std::nullopt;
      parts.push_back(*std::move(part));
    } while (Take("|"));
    has_alternatives_ = parts.size() > 1;  // the outermost is the last to say so
    return Choice(std::move(parts));
  }

  std::optional<Expression> ParseSequence(uint64_t depth) {
    std::vector<Expression> parts;
    while (!AtEnd() && Peek() != '|' && Peek() != ')' && !(depth == 0 && AtFinalDollar())) {
      std::optional<Expression> part = ParseAtom(depth);
      if (part) part = ParseQuantifier(*std::move(part));
      if (!part) return std::nullopt;
      parts.push_back(*std::move(part));
    }
    return Sequence(std::move(parts));
  }

  std::optional<Expression> ParseAtom(uint64_t depth) {
    if (Take("(")) return ParseGroup(depth + 1);
    if (Take("[")) return ParseClass();
    if (Take(".")) return InString(Complement(kLineEnds));
    if (Peek() == '\\') {
      const std::optional<CodePointRanges> escaped = ParseEscape();
      return escaped ? std::optional(InString(*escaped)) : std::nullopt;
    }
    if (std::string_view("^$*+?{}]").find(Peek()) != std::string_view::npos)
      return Fail("a character that must be escaped, or an assertion");
    const uint32_t character = TakeCharacter();
    return InString({{character, character}});
  }

  std::optional<Expression> ParseGroup(uint64_t depth) {
    if (depth > limits::kMaxGrammarDepth) return Fail("groups too deep");
    if (Take("?") && !Take(":")) {
      const size_t name_end = source_.find('>', at_);
      const bool named = Take("<") && Peek() != '=' && Peek() != '!' && name_end != source_.npos;
      if (!named) return Fail("an assertion");
      at_ = name_end + 1;
    }
    std::optional<Expression> group = ParseChoice(depth);
    if (group && !Take(")")) return Fail("no end of a group");
    return group;
  }

  std::optional<Expression> ParseQuantifier(Expression atom) {
    uint32_t least = 0;
    uint32_t most = kUnbounded;
    if (Take("?")) {
      most = 1;
    } else if (Take("+")) {
      least = 1;
    } else if (Take("{")) {
      if (!ParseBounds(least, most)) return std::nullopt;
    } else if (!Take("*")) {
      return atom;
    }
    Take("?");  // lazy: the texts are the same
    return Repetition(std::move(atom), least, most);
  }

  bool ParseBounds(uint32_t& least, uint32_t& most) {
    const bool has_least = ParseNumber(least);
    most = least;
    if (has_least && Take(",") && !ParseNumber(most)) most = kUnbounded;
    if (has_least && Take("}") && least <= most) return true;
    Fail("bounds that are none");
    return false;
  }

  bool ParseNumber(uint32_t& number) {
    const size_t begin = at_;
    uint64_t value = 0;
    for (; '0' <= Peek() && Peek() <= '9' && value <= limits::kMaxGrammarStates; ++at_)
      value = value * 10 + static_cast<uint64_t>(Peek() - '0');
    number = static_cast<uint32_t>(std::min(value, limits::kMaxGrammarStates));
    return at_ > begin;
  }

  std::optional<Expression> ParseClass() {
    const bool negated = Take("^");
    CodePointRanges members;
    while (!Take("]")) {
      const std::optional<CodePointRanges> first = ParseClassMember();
      if (!first) return std::nullopt;
      members.insert(members.end(), first->begin(), first->end());
      if (Peek() != '-' || source_.substr(at_).starts_with("-]")) continue;
      Take("-");
      const std::optional<CodePointRanges> last = ParseClassMember();
      if (!last) return std::nullopt;
      const bool single = IsCharacter(*first) && IsCharacter(*last);
      if (!single || first->front().first > last->front().first)
        return Fail("a range that is none");
      members.push_back({first->front().first, last->front().first});
    }
    return InString(negated ? Complement(std::move(members)) : members);
  }

  static bool IsCharacter(const CodePointRanges& ranges) {
    return ranges.size() == 1 && ranges[0].first == ranges[0].last;
  }

  std::optional<CodePointRanges> ParseClassMember() {
    if (AtEnd()) return Fail("no end of a class");
    if (Peek() == '\\') return ParseEscape();
    const uint32_t character = TakeCharacter();
    return CodePointRanges{{character, character}};
  }

  std::optional<CodePointRanges> ParseEscape() {
    Take("\\");
    const char letter = Peek();
    constexpr std::string_view kControls = "tnvfr";
    constexpr std::string_view kPlain = "^$\\.*+?()[]{}|/-";
    if (letter == 'x' || letter == 'u') {
      ++at_;
      return ParseHex(letter == 'x' ? 2 : 4);
    }
    if (!AtEnd()) ++at_;
    const std::optional<CodePointRanges> set = EscapedClass(letter);
    if (set) return set;
    const auto character = static_cast<uint32_t>(letter);
    if (const size_t place = kControls.find(letter); place != kControls.npos && letter != '\0') {
      const uint32_t control = static_cast<uint8_t>("\t\n\v\f\r"[place]);
      return CodePointRanges{{control, control}};
    }
    if (letter != '\0' && kPlain.find(letter) != kPlain.npos)
      return CodePointRanges{{character, character}};
    return Fail("an escape that is not regular or unknown");
  }

  static std::optional<CodePointRanges> EscapedClass(char letter) {
    switch (letter) {
      case 'd':
        return kDigits;
      case 'D':
        return Complement(kDigits);
      case 'w':
        return kWord;
      case 'W':
        return Complement(kWord);
      case 's':
        return kSpace;
      case 'S':
        return Complement(kSpace);
      default:
        return std::nullopt;
    }
  }

  std::optional<CodePointRanges> ParseHex(int digits) {
    uint32_t value = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const auto c = static_cast<uint32_t>(Peek());
      const bool is_letter = ('a' <= (c | 0x20)) && ((c | 0x20) <= 'f');
      if (!is_letter && (c < '0' || c > '9')) return Fail("no hexadecimal digit");
      value = value << 4 | (is_letter ? (c | 0x20) - 'a' + 10 : c - '0');
    }
    if (0xD800 <= value && value <= 0xDFFF) return Fail("half of a character");
    return CodePointRanges{{value, value}};
  }

  uint32_t TakeCharacter() {
    std::string_view rest = source_.substr(at_);
    const uint32_t character = *TakeCodePoint(rest);
    at_ = source_.size() - rest.size();
    return character;
  }

  const std::string_view source_;
  size_t at_ = 0;
  bool has_alternatives_ = false;
  std::string problem_;
};

}  // namespace

Pattern ParsePattern(std::string_view source) { return PatternParser(source).Parse(); }

}  // namespace andon
