#include "language/generation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "common/utf8.h"
#include "tests/core/language/tiny_session.h"

namespace andon {
namespace {

struct Told {
  std::vector<GenerationStep> prompt, tokens;
  GenerationStep finish;
  std::string text;  // of all steps
};

Told Answer(TextSession& session, const GenerationOptions& options) {
  auto generation = Generation::Make(session, options);
  EXPECT_TRUE(generation.ok()) << generation.status().message();
  Told told;
  for (;;) {
    auto step = (*generation)->Step();
    EXPECT_TRUE(step.ok()) << step.status().message();
    told.text += step->text;
    if (step->kind == GenerationStep::Kind::kFinish) {
      told.finish = *step;
      return told;
    }
    (step->kind == GenerationStep::Kind::kPrompt ? told.prompt : told.tokens).push_back(*step);
  }
}

uint32_t IdOf(const LanguageModel& model, std::string_view text) {
  return model.tokenizer().Encode(text, true).at(0);
}

// Writes `token` for ever.
GenerationOptions Always(uint32_t token, uint32_t count) {
  return {.sampler = {.logit_bias = {{token, 1e6F}}}, .max_tokens = count};
}

TEST(Generation, APromptIsToldInBatchesAndThenTokens) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(100));
  const Told told = Answer(*session, {.max_tokens = 5});
  ASSERT_EQ(told.prompt.size(), 3u);
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(told.prompt[i].prompt_done, (i + 1) * kPromptBatch);
    EXPECT_EQ(told.prompt[i].prompt_total, 100u);
  }
  EXPECT_EQ(told.tokens.size(), 5u);
  EXPECT_EQ(told.finish.reason, FinishReason::kLength);
  EXPECT_EQ(session->tokens().size(), 105u);
  for (uint32_t i = 0; i < 5; ++i) EXPECT_EQ(session->tokens()[100 + i], told.tokens[i].token);
}

TEST(Generation, NoTokensAreAskedFor) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(100));
  const Told told = Answer(*session, {.max_tokens = 0});
  EXPECT_TRUE(told.tokens.empty());
  EXPECT_EQ(told.finish.reason, FinishReason::kLength);
}

TEST(Generation, TheModelEndsItsTurn) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(3));
  const uint32_t end = *model->tokenizer().data().end;
  const Told told = Answer(*session, Always(end, 10));
  EXPECT_EQ(told.finish.reason, FinishReason::kEnd);
  EXPECT_TRUE(told.tokens.empty());
  EXPECT_EQ(told.text, "");
  EXPECT_EQ(session->tokens().back(), end);  // a further turn goes on from there
}

TEST(Generation, AStopTokenEndsIt) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(3));
  const uint32_t letter = IdOf(*model, "q");
  GenerationOptions options = Always(letter, 10);
  options.stop_tokens = {letter};
  const Told told = Answer(*session, options);
  EXPECT_EQ(told.finish.reason, FinishReason::kStop);
  EXPECT_EQ(told.text, "");
}

TEST(Generation, TheContextIsFull) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(5), {.context = 9});
  const Told told = Answer(*session, Always(IdOf(*model, "q"), 10));
  EXPECT_EQ(told.finish.reason, FinishReason::kContext);
  EXPECT_EQ(told.text, "qqqq");
}

TEST(Generation, ACharacterThatWasCutIsWholeWhenTheTextGoesOn) {
  const auto model = LoadSmall();  // whose first tokens are the bytes
  const auto session = SessionOf(*model, {'a', 0xF0, 0x9F, 0x98});
  EXPECT_EQ(Answer(*session, Always(0x80, 1)).text, "\xF0\x9F\x98\x80");
  EXPECT_EQ(Answer(*session, Always('b', 1)).text, "b");
}

TEST(Generation, AStopTextIsNotPartOfTheAnswer) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(3));
  GenerationOptions options = Always(IdOf(*model, "q"), 50);
  options.stop = {"x", "qqqq"};
  const Told told = Answer(*session, options);
  EXPECT_EQ(told.finish.reason, FinishReason::kStop);
  EXPECT_EQ(told.text, "");
  EXPECT_EQ(told.tokens.size(), 4u);
  EXPECT_EQ(session->tokens().size(), 7u);
}

TEST(Generation, TextThatMayBecomeAStopTextWaits) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(3));
  GenerationOptions options = Always(IdOf(*model, "q"), 4);
  options.stop = {"qqz"};
  const Told told = Answer(*session, options);
  std::vector<std::string> texts;
  for (const auto& step : told.tokens) texts.push_back(step.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"", "", "q", "q"}));
  EXPECT_EQ(told.finish.text, "qq");
  EXPECT_EQ(told.finish.reason, FinishReason::kLength);
}

// Against the whole text, searched at the end.
TEST(Generation, StopTextsOfAnyPlaceAreFound) {
  const auto model = LoadSmall();
  GenerationOptions options = {.sampler = Drawing(), .max_tokens = 25};
  for (uint32_t byte = 128; byte < 256; ++byte) {  // a stop text shall not begin within a character
    options.sampler.logit_bias.emplace_back(byte, -std::numeric_limits<float>::infinity());
  }
  int stopped = 0;
  for (options.sampler.seed = 0; options.sampler.seed < 8; ++options.sampler.seed) {
    options.stop = {};
    const std::string whole = Answer(*SessionOf(*model, SomeTokens(3)), options).text;
    if (whole.size() < 9) continue;
    options.stop = {whole.substr(whole.size() / 2, 3), whole.substr(5, 2)};
    const Told cut = Answer(*SessionOf(*model, SomeTokens(3)), options);
    const size_t end = std::min(whole.find(options.stop[0]), whole.find(options.stop[1]));
    EXPECT_EQ(cut.text, whole.substr(0, end)) << options.sampler.seed;
    EXPECT_EQ(cut.finish.reason, FinishReason::kStop);
    ++stopped;
  }
  EXPECT_GT(stopped, 5);
}

TEST(Generation, CharactersAreNeverCut) {
  const auto model = LoadSmall();
  std::set<size_t> lengths;
  for (uint64_t seed = 0; seed < 6; ++seed) {
    SamplerOptions sampler = {.temperature = 3, .seed = seed};
    for (const auto& step :
         Answer(*SessionOf(*model, SomeTokens(3)), {.sampler = sampler, .max_tokens = 30}).tokens) {
      EXPECT_TRUE(IsUtf8(step.text));
      lengths.insert(step.text.size());
    }
  }
  EXPECT_TRUE(lengths.contains(0));  // bytes that waited
}

TEST(Generation, AlternativesAreToldWithEachToken) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(3));
  for (const auto& step : Answer(*session, {.max_tokens = 5, .alternatives = 4}).tokens) {
    ASSERT_EQ(step.alternatives.size(), 4u);
    EXPECT_EQ(step.alternatives[0].token, step.token);  // greedy
    EXPECT_EQ(step.alternatives[0].log_probability, step.log_probability);
  }
}

TEST(Generation, AContinuedSamplerGoesOnWhereItWas) {
  const auto model = LoadSmall();
  const auto at_once = SessionOf(*model, SomeTokens(3)), in_two = SessionOf(*model, SomeTokens(3));
  Answer(*at_once, {.sampler = Drawing(), .max_tokens = 20});
  Answer(*in_two, {.sampler = Drawing(), .max_tokens = 8});
  Answer(*in_two, {.sampler = Drawing(), .max_tokens = 12, .continues = true});
  const size_t both = std::min(at_once->tokens().size(), in_two->tokens().size());
  EXPECT_GT(both, 8u);
  EXPECT_TRUE(std::equal(at_once->tokens().begin(),
                         at_once->tokens().begin() + static_cast<ptrdiff_t>(both),
                         in_two->tokens().begin()));
}

class RefusedGeneration : public ::testing::TestWithParam<GenerationOptions> {};

TEST_P(RefusedGeneration, IsAnInvalidArgument) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(3));
  EXPECT_EQ(Generation::Make(*session, GetParam()).code(), ErrorCode::kInvalidArgument);
}
INSTANTIATE_TEST_SUITE_P(Options, RefusedGeneration,
                         ::testing::Values(GenerationOptions{.stop = {"a", ""}},
                                           GenerationOptions{.alternatives = 100'000},
                                           GenerationOptions{.sampler = {.temperature = -1}},
                                           GenerationOptions{
                                               .sampler = {.logit_bias = {{100'000, 0.0F}}}}));

TEST(Generation, ASessionWithoutTokensIsRefused) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, {});
  EXPECT_EQ(Generation::Make(*session, {}).code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace andon
