// Whether texts satisfy a grammar.

#ifndef ANDON_TESTS_CORE_GRAMMAR_TEXTS_H_
#define ANDON_TESTS_CORE_GRAMMAR_TEXTS_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grammar/automaton.h"
#include "grammar/grammar.h"
#include "grammar/matcher.h"

namespace andon {

inline GrammarMatcher MatcherOf(std::shared_ptr<const Grammar> grammar,
                                std::vector<std::string> tokens = {},
                                std::vector<TokenRole> roles = {}) {
  roles.resize(tokens.size());
  auto vocabulary = std::make_shared<GrammarVocabulary>(std::move(tokens), std::move(roles));
  return GrammarMatcher(std::make_shared<GrammarCache>(std::move(grammar), std::move(vocabulary)));
}

inline bool Accepts(const std::shared_ptr<const Grammar>& grammar, std::string_view text) {
  GrammarMatcher matcher = MatcherOf(grammar);
  const auto accepted = matcher.AcceptBytes(text);
  EXPECT_TRUE(accepted.ok()) << accepted.status().message();
  return accepted.ok() && *accepted && matcher.may_end();
}

inline void ExpectTexts(const Result<std::shared_ptr<const Grammar>>& grammar,
                        const std::vector<std::string>& accepted,
                        const std::vector<std::string>& refused) {
  ASSERT_TRUE(grammar.ok()) << grammar.status().message();
  for (const std::string& text : accepted) EXPECT_TRUE(Accepts(*grammar, text)) << text;
  for (const std::string& text : refused) EXPECT_FALSE(Accepts(*grammar, text)) << text;
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_GRAMMAR_TEXTS_H_
