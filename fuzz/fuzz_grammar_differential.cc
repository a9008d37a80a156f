// A made-up grammar and tokens: a matcher takes what the slow recogniser takes, a mask allows what
// Accept() takes, and what was written can always be completed.
//   the bytes of MadeRules, then of tokens

#include <algorithm>
#include <memory>

#include "fuzz/require.h"
#include "grammar/automaton.h"
#include "grammar/matcher.h"
#include "tests/core/support/made_grammar.h"
#include "tests/core/support/slow_recogniser.h"

namespace {

using andon::GrammarMatcher;
using andon::Require;

const auto kVocabulary = std::make_shared<const andon::GrammarVocabulary>(andon::MadeVocabulary());

// Checks every token, and returns those that are allowed.
std::vector<uint32_t> CheckedTokens(GrammarMatcher& matcher) {
  std::vector<uint32_t> bits(kVocabulary->mask_words());
  Require(matcher.Mask(bits).ok());
  std::vector<uint32_t> allowed;
  for (uint32_t token = 0; token < kVocabulary->size(); ++token) {
    GrammarMatcher fork = matcher;
    const bool is_allowed = (bits[token / 32] >> token % 32 & 1) != 0;
    Require(*fork.Accept(token) == is_allowed);
    if (is_allowed) allowed.push_back(token);
  }
  return allowed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  andon::Choices choices({data, size});
  const andon::Rules rules = andon::MadeRules(choices);
  const auto grammar = andon::CompileGrammar(rules);
  if (!grammar.ok()) return 0;
  andon::SlowRecogniser slow(rules);
  GrammarMatcher matcher(std::make_shared<andon::GrammarCache>(*grammar, kVocabulary));
  std::string text;
  while (text.size() < 12) {
    const std::string completion = matcher.ShortestCompletion();
    Require(completion.empty() == matcher.may_end());
    if (text.size() + completion.size() < 24) Require(slow.Accepts(text + completion));
    if (text.size() < 8) Require(slow.Accepts(text) == matcher.may_end());
    const std::vector<uint32_t> allowed = CheckedTokens(matcher);
    if (choices.done() || allowed.empty()) return 0;
    const uint32_t token = allowed[choices.Below(static_cast<uint32_t>(allowed.size()))];
    Require(*matcher.Accept(token));
    if (kVocabulary->role(token) == andon::TokenRole::kEnd) return 0;
    text += kVocabulary->token(token);
  }
  return 0;
}
