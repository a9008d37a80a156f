// Random grammars: matchers against the slow recogniser, and masks against asking for each token.

#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "grammar/automaton.h"
#include "grammar/matcher.h"
#include "tests/core/support/made_grammar.h"
#include "tests/core/support/slow_recogniser.h"

namespace andon {
namespace {

const std::shared_ptr<const GrammarVocabulary> kVocabulary =
    std::make_shared<GrammarVocabulary>(MadeVocabulary());

std::vector<uint32_t> AllowedTokens(GrammarMatcher& matcher) {
  std::vector<uint32_t> bits(kVocabulary->mask_words(), 0xFFFFFFFF);
  EXPECT_TRUE(matcher.Mask(bits).ok());
  std::vector<uint32_t> allowed;
  for (uint32_t token = 0; token < bits.size() * 32; ++token) {
    if ((bits[token / 32] >> token % 32 & 1) != 0) allowed.push_back(token);
  }
  return allowed;
}

std::vector<uint32_t> AcceptedTokens(const GrammarMatcher& matcher) {
  std::vector<uint32_t> accepted;
  for (uint32_t token = 0; token < kVocabulary->size(); ++token) {
    GrammarMatcher fork = matcher;
    if (*fork.Accept(token)) accepted.push_back(token);
  }
  return accepted;
}

class MadeGrammars : public testing::Test {
 protected:
  // Calls `test` with rules and their cache, for as many random grammars as some text satisfies.
  void ForEach(int count, auto test) {
    while (count > 0) {
      std::vector<uint8_t> bytes(60);
      for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random_());
      Choices choices(bytes);
      const Rules rules = MadeRules(choices);
      auto grammar = CompileGrammar(rules);
      if (!grammar.ok()) continue;
      test(rules, std::make_shared<GrammarCache>(*grammar, kVocabulary));
      if (HasFailure()) return;
      --count;
    }
  }

  std::mt19937 random_{5};
};

TEST_F(MadeGrammars, TakeTheTextsOfTheSlowRecogniser) {
  ForEach(300, [&](const Rules& rules, const std::shared_ptr<GrammarCache>& cache) {
    SlowRecogniser slow(rules);
    for (int i = 0; i < 30; ++i) {
      std::string text;
      for (uint32_t length = random_() % 6; length > 0; --length)
        text += kMadeLetters[random_() % 10 == 0 ? random_() % 4 : random_() % 2];
      GrammarMatcher matcher(cache);
      const bool accepted = *matcher.AcceptBytes(text) && matcher.may_end();
      ASSERT_EQ(accepted, slow.Accepts(text)) << text;
    }
  });
}

TEST_F(MadeGrammars, AlwaysGiveTextsThatParse) {
  ForEach(300, [&](const Rules& rules, const std::shared_ptr<GrammarCache>& cache) {
    SlowRecogniser slow(rules);
    GrammarMatcher matcher(cache);
    std::string text;
    for (int step = 0; step < 8; ++step) {
      const std::string completion = matcher.ShortestCompletion();
      ASSERT_TRUE(slow.Accepts(text + completion)) << text << " + " << completion;
      ASSERT_EQ(completion.empty(), matcher.may_end());
      GrammarMatcher completed = matcher;
      ASSERT_TRUE(*completed.AcceptBytes(completion));
      ASSERT_TRUE(completed.may_end());
      const std::vector<uint32_t> allowed = AllowedTokens(matcher);
      ASSERT_EQ(allowed, AcceptedTokens(matcher)) << text;
      if (allowed.empty()) break;
      const uint32_t token = allowed[random_() % allowed.size()];
      ASSERT_TRUE(*matcher.Accept(token));
      text += kVocabulary->token(token);
      if (kVocabulary->role(token) == TokenRole::kEnd) {
        ASSERT_TRUE(slow.Accepts(text));
        break;
      }
    }
  });
}

}  // namespace
}  // namespace andon
