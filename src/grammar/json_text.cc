#include "grammar/json_text.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/utf8.h"

namespace andon {
namespace {

constexpr uint32_t kMostDigits = 16;

Expression Hex() { return Characters({{'0', '9'}, {'a', 'f'}, {'A', 'F'}}); }
Expression HexOf(uint32_t first, uint32_t last) { return Characters({{first, last}}); }
Expression Digits(uint32_t least, uint32_t most) {
  return Repetition(Characters({{'0', '9'}}), least, most);
}

// What may stand in a string as it is (RFC 8259, 7).
CodePointRanges PlainCharacters() { return Complement({{0, 0x1F}, {'"', '"'}, {'\\', '\\'}}); }

// The four digits of a \u escape: a character, or a pair of surrogates.
Expression UnicodeEscape() {
  const Expression d = Characters({{'d', 'd'}, {'D', 'D'}});
  const Expression high = Characters({{'8', '9'}, {'a', 'b'}, {'A', 'B'}});
  const Expression low = Characters({{'c', 'f'}, {'C', 'F'}});
  const Expression others =
      Characters({{'0', '9'}, {'a', 'c'}, {'A', 'C'}, {'e', 'f'}, {'E', 'F'}});
  return Choice({Sequence({others, Hex(), Hex(), Hex()}),
                 Sequence({d, HexOf('0', '7'), Hex(), Hex()}),
                 Sequence({d, high, Hex(), Hex(), Literal("\\u"), d, low, Hex(), Hex()})});
}

std::string ShortEscape(uint32_t code_point) {
  return DumpJson(std::string(1, static_cast<char>(code_point)));  // in quotation marks
}

// Strings that differ from all of `names`, behind the characters that some of them begin with.
Expression Differing(const std::vector<std::string_view>& names) {
  const Expression plain = Characters(PlainCharacters());
  std::map<uint32_t, std::vector<std::string_view>> rests;  // by next character
  bool may_end = true;
  for (std::string_view name : names) {
    if (name.empty()) {
      may_end = false;
      continue;
    }
    const uint32_t next = *TakeCodePoint(name);
    rests[next].push_back(name);
  }
  CodePointRanges others = {{0, 0x1F}, {'"', '"'}, {'\\', '\\'}};
  std::vector<Expression> ways;
  for (const auto& [next, rest] : rests) {
    others.push_back({next, next});
    ways.push_back(Sequence({InString({{next, next}}), Differing(rest)}));
  }
  ways.push_back(Sequence({Characters(Complement(others)), Repetition(plain, 0)}));
  if (may_end) ways.push_back(Sequence({}));
  return Choice(std::move(ways));
}

}  // namespace

Expression JsonText::Named(std::string_view name, auto body) {
  const auto [known, is_new] = named_.try_emplace(name, static_cast<uint32_t>(rules_.size()));
  if (is_new) {
    rules_.emplace_back().name = name;
    Expression made = body();
    rules_[known->second].body = std::move(made);
  }
  return RuleReference(known->second);
}

Expression JsonText::AsRule(std::string name, Expression body) {
  rules_.push_back({std::move(name), std::move(body)});
  return RuleReference(static_cast<uint32_t>(rules_.size() - 1));
}

Expression JsonText::Space() {
  return Named("space", [] {
    const Expression indent = Repetition(Characters({{' ', ' '}, {'\t', '\t'}}), 0, 20);
    return Choice({Sequence({}), Literal(" "), Sequence({Literal("\n"), indent})});
  });
}

Expression JsonText::AnyValue() {
  return Named("value", [&] {
    return Choice({AnyObject(), AnyArray(), AnyString(), Number(true), Literal("true"),
                   Literal("false"), Literal("null")});
  });
}

Expression JsonText::AnyObject() {
  return Named("object", [&] {
    return Enclosed("{", List(Member(AnyString(), AnyValue()), 0, kUnbounded), "}");
  });
}

Expression JsonText::AnyArray() {
  return Named("array", [&] { return Enclosed("[", List(AnyValue(), 0, kUnbounded), "]"); });
}

Expression JsonText::AnyString() {
  return Named("string", [&] {
    return Sequence({Literal("\""), Repetition(StringCharacter(), 0), Literal("\"")});
  });
}

Expression JsonText::StringCharacter() {
  Expression escape = Named("escape", [] {
    CodePointRanges letters;
    for (const char letter : std::string_view("\"\\/bfnrt"))
      letters.push_back({static_cast<uint32_t>(letter), static_cast<uint32_t>(letter)});
    return Choice({Characters(letters), Sequence({Literal("u"), UnicodeEscape()})});
  });
  return Choice({Characters(PlainCharacters()), Sequence({Literal("\\"), std::move(escape)})});
}

Expression JsonText::Integer() {
  return Named("integer", [] {
    const Expression positive = Sequence({HexOf('1', '9'), Digits(0, kMostDigits - 1)});
    return Sequence({Optional(Literal("-")), Choice({Literal("0"), positive})});
  });
}

Expression JsonText::Number(bool negative) {
  return Named(negative ? "number" : "number-from-zero", [&] {
    const Expression whole =
        Choice({Literal("0"), Sequence({HexOf('1', '9'), Digits(0, kMostDigits - 1)})});
    const Expression fraction = Sequence({Literal("."), Digits(1, kMostDigits)});
    const Expression exponent =
        Sequence({Characters({{'e', 'e'}, {'E', 'E'}}),
                  Optional(Characters({{'+', '+'}, {'-', '-'}})), Digits(1, 3)});
    return Sequence({negative ? Optional(Literal("-")) : Sequence({}), whole, Optional(fraction),
                     Optional(exponent)});
  });
}

Expression JsonText::Value(const Json& value) {
  std::vector<Expression> parts;
  if (!value.is_structured() || value.empty()) return Literal(DumpJson(value));
  for (auto item = value.begin(); item != value.end(); ++item) {
    Expression part = Value(*item);
    if (value.is_object()) part = Member(Literal(DumpJson(item.key())), std::move(part));
    parts.push_back(parts.empty() ? std::move(part) : Next(std::move(part)));
  }
  return value.is_object() ? Enclosed("{", Sequence(std::move(parts)), "}")
                           : Enclosed("[", Sequence(std::move(parts)), "]");
}

Expression JsonText::Enclosed(std::string_view open, Expression content, std::string_view close) {
  return Sequence({Literal(open), Space(), std::move(content), Space(), Literal(close)});
}

Expression JsonText::Member(Expression key, Expression value) {
  return Sequence({std::move(key), Literal(":"), Space(), std::move(value)});
}

Expression JsonText::Next(Expression next) {
  return Sequence({Literal(","), Space(), std::move(next)});
}

Expression JsonText::List(Expression item, uint64_t least, uint64_t most) {
  const auto most_more = static_cast<uint32_t>(most == kUnbounded ? most : most - (most > 0));
  const auto least_more = static_cast<uint32_t>(least - (least > 0));
  if (most == 0) return Sequence({});
  Expression more = Repetition(Next(item), least_more, most_more);
  Expression list = Sequence({std::move(item), std::move(more)});
  return least > 0 ? list : Optional(std::move(list));
}

Expression InString(const CodePointRanges& characters) {
  const CodePointRanges plain = PlainCharacters();
  std::vector<Expression> ways;
  CodePointRanges as_they_are;
  for (const CodePointRange& range : characters) {
    for (const CodePointRange& allowed : plain) {
      const uint32_t first = std::max(range.first, allowed.first);
      const uint32_t last = std::min(range.last, allowed.last);
      if (first <= last) as_they_are.push_back({first, last});
    }
    for (uint32_t escaped = range.first; escaped <= std::min(range.last, 0x5CU); ++escaped) {
      if (escaped > 0x1F && escaped != '"' && escaped != '\\') continue;
      const std::string quoted = ShortEscape(escaped);
      ways.push_back(Literal(std::string_view(quoted).substr(1, quoted.size() - 2)));
    }
  }
  ways.push_back(Characters(std::move(as_they_are)));
  return Choice(std::move(ways));
}

Expression StringExcept(const std::vector<std::string>& names) {
  return Sequence({Literal("\""), Differing({names.begin(), names.end()}), Literal("\"")});
}

}  // namespace andon
