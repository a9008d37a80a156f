// Grammars that a generated text must satisfy: context-free, over the bytes of UTF-8, with left
// recursion, empty rules and ambiguity. docs/GRAMMAR.md describes both ways to write one.

#ifndef ANDON_GRAMMAR_GRAMMAR_H_
#define ANDON_GRAMMAR_GRAMMAR_H_

#include <memory>
#include <string_view>

#include "common/status.h"
#include "grammar/expression.h"

namespace andon {

// Compiled, immutable and shared by all matchers over it. Whatever has been matched can be
// completed: parts of a grammar that no text satisfies are removed.
class Grammar;

// GBNF, the notation of llama.cpp. Errors: GrammarSyntax, with line and column; GrammarRule, for
// one that is missing or defined twice; and those of CompileGrammar.
Result<std::shared_ptr<const Grammar>> ParseGbnf(std::string_view source);

// JSON Schema of draft 2020-12. Errors: those of ParseJson; SchemaUnsupported and SchemaMalformed,
// with the keyword and the JSON Pointer to it; and those of CompileGrammar.
Result<std::shared_ptr<const Grammar>> GrammarFromJsonSchema(std::string_view json);

// Errors: GrammarTooLarge, beyond limits.h; GrammarEmpty, where no text satisfies rule 0.
Result<std::shared_ptr<const Grammar>> CompileGrammar(const Rules& rules);

}  // namespace andon

#endif  // ANDON_GRAMMAR_GRAMMAR_H_
