// GBNF to rules.

#ifndef ANDON_GRAMMAR_GBNF_H_
#define ANDON_GRAMMAR_GBNF_H_

#include <string_view>

#include "common/status.h"
#include "grammar/automaton.h"
#include "grammar/expression.h"

namespace andon {

// Errors: GrammarSyntax, GrammarRule, GrammarTooLarge.
Result<Rules> ParseGbnfRules(std::string_view source);

}  // namespace andon

#endif  // ANDON_GRAMMAR_GBNF_H_
