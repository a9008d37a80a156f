// GBNF: what parses can be completed from its beginning, and the completion satisfies it.

#include <memory>

#include "common/bytes.h"
#include "fuzz/require.h"
#include "grammar/automaton.h"
#include "grammar/matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto grammar = andon::ParseGbnf(andon::AsText({data, size}));
  if (!grammar.ok()) return 0;
  static const auto vocabulary = std::make_shared<const andon::GrammarVocabulary>(
      std::vector<std::string>{"a", ""},
      std::vector<andon::TokenRole>{andon::TokenRole::kText, andon::TokenRole::kEnd});
  andon::GrammarMatcher matcher(std::make_shared<andon::GrammarCache>(*grammar, vocabulary));
  const auto accepted = matcher.AcceptBytes(matcher.ShortestCompletion());
  if (!accepted.ok()) return 0;  // too many readings
  andon::Require(*accepted && matcher.may_end() && *matcher.Accept(1));
  return 0;
}
