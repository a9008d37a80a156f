// The regular expressions of "pattern" in JSON Schema: those of ECMA-262 that are regular.

#ifndef ANDON_GRAMMAR_PATTERN_H_
#define ANDON_GRAMMAR_PATTERN_H_

#include <optional>
#include <string>
#include <string_view>

#include "grammar/expression.h"

namespace andon {

struct Pattern {
  // Of the characters within a string, each in its JSON spelling; nothing where it was not
  // understood.
  std::optional<Expression> expression;
  std::string problem;  // then: what was not understood, and at which byte
};

// Alternatives, groups with or without a number or name, classes, \d \w \s and their opposites,
// escapes, quantifiers, and ^ and $ at the two ends. Where those are missing, anything may stand
// there. REQUIRES: UTF-8.
Pattern ParsePattern(std::string_view source);

}  // namespace andon

#endif  // ANDON_GRAMMAR_PATTERN_H_
