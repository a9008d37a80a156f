// Sessions that write with experts, and texts that are held to grammars.

#include <gtest/gtest.h>

#include "experts/expert_selection.h"
#include "experts/model_grammars.h"
#include "language/generation.h"
#include "tests/core/experts/tiny_expert.h"

namespace andon {
namespace {

class WritingTest : public testing::Test {
 protected:
  std::shared_ptr<const ReadyExpert> Ready(const SampleExpert& expert) {
    const Attached attached = Attach(*model_, shelf_, expert.File());
    EXPECT_TRUE(attached.status.ok()) << attached.status.message();
    return attached.expert;
  }
  std::unique_ptr<TextSession> Session() { return SessionOf(*model_, SomeTokens(20)); }
  std::vector<uint32_t> WrittenWith(const ExpertSelection& selection) {
    const auto session = Session();
    EXPECT_TRUE(UseExperts(selection, *session).ok());
    return Written(*session, 8);
  }

  std::unique_ptr<LanguageModel> model_ = LoadSmall();
  ExpertShelf shelf_;
};

SampleExpert AdapterAlone() {
  SampleExpert expert;
  AddTinyLayer(expert, 0);
  AddTinyLayer(expert, 1);
  return expert;
}

TEST_F(WritingTest, ExpertsChangeWhatASessionWritesAndLeaveTheBase) {
  const auto expert = Ready(AdapterAlone());
  const std::vector<uint32_t> base = Written(*Session(), 8);
  const std::vector<uint32_t> with = WrittenWith({.uses = {{expert}}});
  EXPECT_NE(with, base);
  EXPECT_EQ(WrittenWith({.uses = {{expert, 0}}}), base);
  const auto session = Session();
  ASSERT_TRUE(UseExperts({.uses = {{expert}}}, *session).ok());
  ASSERT_TRUE(UseExperts({}, *session).ok());
  EXPECT_EQ(Written(*session, 8), base);
}

TEST_F(WritingTest, SoftPromptAndCalibrationCountUnlessTheyAreSwitchedOff) {
  const auto expert = Ready(TinyExpert());
  const ExpertSelection all = {.uses = {{expert}}};
  const ExpertSelection bare = {.uses = {{expert}}, .soft_prompt = false, .calibration = false};
  EXPECT_EQ(all.SoftPrompt(), expert->soft_prompt);
  EXPECT_EQ(all.LogitScale(), 0.5F);
  EXPECT_EQ(bare.SoftPrompt(), nullptr);
  EXPECT_EQ(bare.LogitScale(), 1);
  EXPECT_EQ(ExpertSelection{}.LogitScale(), 1);
  EXPECT_EQ(ExpertSelection{}.SoftPrompt(), nullptr);
  const auto session = Session();
  ASSERT_TRUE(UseExperts(all, *session).ok());
  EXPECT_EQ(session->length(), 23u);
  ASSERT_TRUE(UseExperts(bare, *session).ok());
  EXPECT_EQ(session->length(), 20u);
}

TEST_F(WritingTest, ASessionIsAsItWasAfterAnError) {
  const auto expert = Ready(TinyExpert());
  const auto session = Session();
  EXPECT_EQ(UseExperts({.uses = {{expert}, {expert}}}, *session).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(session->soft_prompt(), nullptr);
  EXPECT_TRUE(session->adapters().empty());
}

TEST_F(WritingTest, OneExpertAddsTokens) {
  auto first = std::make_shared<ReadyExpert>(), second = std::make_shared<ReadyExpert>();
  const uint32_t next = model_->tokenizer().size();
  first->tokenizer = ExtendTokenizer(model_->tokenizer(), {{next, "<sql>", true}}).value();
  second->tokenizer = ExtendTokenizer(model_->tokenizer(), {{next, "<json>", true}}).value();
  const auto session = Session();
  EXPECT_EQ(UseExperts({.uses = {{first}, {second}}}, *session).code(), ErrorCode::kTokenizerDelta);
  ASSERT_TRUE(UseExperts({.uses = {{second}}}, *session).ok());
  EXPECT_EQ(session->tokenizer().Encode("<json>", true), (std::vector<uint32_t>{next}));
  EXPECT_EQ(session->Fork(3)->tokenizer().size(), next + 1);
}

TEST_F(WritingTest, ASavedSessionGoesOnWithItsExpertsAlone) {
  const auto expert = Ready(TinyExpert());
  const ExpertSelection selection = {.uses = {{expert, 0.5F}}};
  const auto session = Session();
  ASSERT_TRUE(UseExperts(selection, *session).ok());
  Written(*session, 3);
  const Bytes saved = session->Save();
  const auto restored = RestoreWithExperts(*model_, saved, selection);
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_EQ(Written(**restored, 5), Written(*session, 5));
  EXPECT_EQ(RestoreWithExperts(*model_, saved, {}).code(), ErrorCode::kSessionForeign);
}

struct Told {
  std::string text;
  GenerationStep finish;
  uint32_t tokens = 0;
};

class GrammarTest : public WritingTest {
 protected:
  Told Tell(std::string_view gbnf, GenerationOptions options = {}) {
    auto constraint = grammars_.Constrain(GrammarForm::kGbnf, gbnf);
    EXPECT_TRUE(constraint.ok()) << constraint.status().message();
    options.constraint = *constraint;
    const auto session = Session();
    const auto generation = Generation::Make(*session, options);
    Told told;
    for (;;) {
      auto step = (*generation)->Step();
      EXPECT_TRUE(step.ok()) << step.status().message();
      told.text += step->text;
      if (step->kind == GenerationStep::Kind::kToken) ++told.tokens;
      if (step->kind != GenerationStep::Kind::kFinish) continue;
      told.finish = *step;
      return told;
    }
  }

  ModelGrammars grammars_{*model_};
};

TEST_F(GrammarTest, HoldsATextAndEndsWhereNothingCanFollow) {
  const Told told = Tell("root ::= \"yes\" | \"no\"");
  EXPECT_TRUE(told.text == "yes" || told.text == "no") << told.text;
  EXPECT_EQ(told.finish.reason, FinishReason::kEnd);
  EXPECT_FALSE(told.finish.completed);
}

TEST_F(GrammarTest, ATextThatIsCutOffIsCompleted) {
  const Told told = Tell("root ::= \"[\" [a-c]+ \"]\"", {.max_tokens = 4});
  EXPECT_EQ(told.finish.reason, FinishReason::kLength);
  EXPECT_TRUE(told.finish.completed);
  EXPECT_EQ(told.text.front(), '[');
  EXPECT_EQ(told.text.back(), ']');
  EXPECT_EQ(told.tokens, 4u);
}

TEST_F(GrammarTest, ATextThatStopsIsCompleted) {
  const Told told = Tell("root ::= \"a;\" [a-c]*", {.max_tokens = 9, .stop = {";"}});
  EXPECT_EQ(told.text, "a;");
  EXPECT_EQ(told.finish.reason, FinishReason::kStop);
  EXPECT_TRUE(told.finish.completed);
}

TEST_F(GrammarTest, PartOfACharacterIsLeftOutAndCompleted) {
  // The first byte of each of them is 0xC3, a token of its own.
  const Told told = Tell("root ::= \"\xC3\xA9\" | \"\xC3\xA8\"", {.max_tokens = 1});
  EXPECT_TRUE(told.finish.completed);
  EXPECT_EQ(told.text.size(), 2u);
}

TEST_F(GrammarTest, AChosenTextIsTheSameAsWithoutWhereItIsAllowed) {
  const auto session = Session();
  const auto free = Generation::Make(*session, {.max_tokens = 4});
  std::string text;
  for (auto step = (*free)->Step(); step->kind != GenerationStep::Kind::kFinish;
       step = (*free)->Step()) {
    text += step->text;
  }
  const Told held = Tell("root ::= [^\\x00]*", {.max_tokens = 4});
  EXPECT_EQ(held.text.substr(0, text.size()), text.substr(0, held.text.size()));
}

TEST_F(GrammarTest, ErrorsOfGrammarsAndSchemas) {
  EXPECT_EQ(grammars_.Constrain(GrammarForm::kGbnf, "root ::= (").code(),
            ErrorCode::kGrammarSyntax);
  EXPECT_EQ(grammars_.Constrain(GrammarForm::kJsonSchema, "{\"type\": 1}").code(),
            ErrorCode::kSchemaMalformed);
  EXPECT_TRUE(grammars_.Constrain(GrammarForm::kJsonSchema, "{\"type\": \"null\"}").ok());
}

TEST_F(GrammarTest, KeepsAFewGrammars) {
  for (int round = 0; round < 2; ++round) {
    for (const char* gbnf : {"root ::= \"a\"", "root ::= \"b\"", "root ::= \"c\"", "root ::= \"d\"",
                             "root ::= \"e\"", "root ::= \"e\""}) {
      EXPECT_EQ(Tell(gbnf).text, std::string(1, gbnf[10]));
    }
  }
}

}  // namespace
}  // namespace andon
