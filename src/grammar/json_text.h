// The expressions of JSON texts (RFC 8259), in one of the spellings that each value has: white
// space is none, a blank, or a new line with up to 20 blanks or tabs, and only behind '{', '[',
// ',', ':' and before '}' and ']'; numbers have at most 16 digits, as many as a double keeps.

#ifndef ANDON_GRAMMAR_JSON_TEXT_H_
#define ANDON_GRAMMAR_JSON_TEXT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/json.h"
#include "grammar/expression.h"

namespace andon {

// Rules that are added when they are first asked for; each function returns a reference.
class JsonText {
 public:
  explicit JsonText(Rules& rules) : rules_(rules) {}

  Expression Space();
  Expression AnyValue();
  Expression AnyObject();
  Expression AnyArray();
  Expression AnyString();
  // One character of a string, escaped or not.
  Expression StringCharacter();
  Expression Integer();
  Expression Number(bool negative);  // with or without those below zero

  // Exactly this value; its strings in the shortest spelling.
  Expression Value(const Json& value);
  // "{" or "[", the content, and the bracket that closes it.
  Expression Enclosed(std::string_view open, Expression content, std::string_view close);
  Expression Member(Expression key, Expression value);
  // Behind what came before: a comma and the next.
  Expression Next(Expression next);
  // Values or members with commas between them.
  Expression List(Expression item, uint64_t least, uint64_t most);  // most: kUnbounded at most

  // A rule of its own for what is used more than once.
  Expression AsRule(std::string name, Expression body);

 private:
  // The rule of this name; where there is none yet, `body` makes it, and may ask for itself.
  Expression Named(std::string_view name, auto body);

  Rules& rules_;
  std::map<std::string_view, uint32_t> named_;
};

// One of these code points within a string, each in one spelling.
Expression InString(const CodePointRanges& characters);
// A string of plain characters alone which is none of these.
Expression StringExcept(const std::vector<std::string>& names);

}  // namespace andon

#endif  // ANDON_GRAMMAR_JSON_TEXT_H_
