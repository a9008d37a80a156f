// Sessions with adapters, soft prompts and scaled logits.

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "language/generation.h"
#include "language/text_session.h"
#include "tests/core/language/tiny_session.h"

namespace andon {
namespace {

constexpr uint32_t kRank = 4;

// A LoRA of random numbers on one module.
std::shared_ptr<const Adapter> LoraOn(const LanguageModel& model, uint32_t layer, Module module,
                                      uint8_t id = 1) {
  const ModuleShape shape = ShapeOf(model.config(), module);
  std::mt19937 random(id);
  const auto numbers = [&random](size_t count) {
    const auto values = std::make_shared<std::vector<float>>(count);
    for (float& value : *values) value = static_cast<float>(random() % 2001) / 1000 - 1;
    return values;
  };
  const auto a = numbers(size_t{kRank} * shape.in), b = numbers(size_t{kRank} * shape.out);
  const auto factor = [](const std::vector<float>& values, uint32_t rows, uint32_t columns) {
    return Factor{.rows = rows,
                  .columns = columns,
                  .values = reinterpret_cast<const uint8_t*>(values.data())};
  };
  auto update = std::make_unique<ModuleUpdate>();
  update->a = factor(*a, kRank, shape.in);
  update->b = factor(*b, shape.out, kRank);
  update->scales.assign(kRank, 0.5F);
  Adapter::Parts parts = {.id = {id}, .base = &model.weights(), .memory = {a, b}, .bytes = 1};
  parts.updates.resize(Adapter::Places(model.config().layers));
  parts.updates[Adapter::PlaceOf(model.config().layers, layer, module)] = std::move(update);
  return std::make_shared<const Adapter>(std::move(parts));
}

SoftPromptValues SoftPrompt(const LanguageModel& model, uint32_t count, float size = 0.1F) {
  std::vector<float> values(size_t{count} * model.config().hidden);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = size * (static_cast<float>(i * 37 % 101) / 50 - 1);
  return std::make_shared<const std::vector<float>>(std::move(values));
}

class SessionAdapters : public ::testing::Test {
 protected:
  SessionAdapters() : model_(LoadSmall()), lora_(LoraOn(*model_, 0, Module::kGate)) {}

  std::unique_ptr<TextSession> Session(const std::vector<AdapterUse>& uses = {},
                                       uint32_t tokens = 40) const {
    auto session = SessionOf(*model_, SomeTokens(tokens));
    EXPECT_TRUE(session->SetAdapters(uses).ok());
    return session;
  }
  // What a session computes next: which token, and how probable it is.
  static std::pair<uint32_t, float> Next(TextSession& session) {
    const auto next = session.Next();
    EXPECT_TRUE(next.ok()) << next.status().message();
    return {next->token, next->log_probability};
  }

  std::unique_ptr<LanguageModel> model_;
  std::shared_ptr<const Adapter> lora_;
};

TEST_F(SessionAdapters, ChangeWhatIsWritten) {
  EXPECT_NE(Next(*Session({{lora_}})), Next(*Session()));
  EXPECT_NE(Next(*Session({{lora_, 0.5F}})), Next(*Session({{lora_}})));
}

TEST_F(SessionAdapters, OfAnotherSessionChangeNothing) {
  const auto with = Session({{lora_}}), without = Session(), alone = Session();
  const auto expected = Written(*alone, 10);
  const auto expected_with = Written(*Session({{lora_}}), 10);
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(with->Next()->token, expected_with[i]);
    EXPECT_EQ(without->Next()->token, expected[i]);
  }
}

TEST_F(SessionAdapters, DetachedLeaveTheBaseToTheBit) {
  const auto session = Session({{lora_}});
  Next(*session);
  session->Truncate(40);
  ASSERT_TRUE(session->SetAdapters({}).ok());
  EXPECT_EQ(session->pending(), 40u);
  EXPECT_EQ(Next(*session), Next(*Session()));
}

TEST_F(SessionAdapters, TheSameSetKeepsWhatWasComputed) {
  const auto other = LoraOn(*model_, 1, Module::kUp, 2);
  const auto session = Session({{lora_, 0.5F}, {other}});
  ASSERT_TRUE(session->Process(39).ok());
  ASSERT_TRUE(session->SetAdapters({{other}, {lora_, 0.5F}}).ok());
  EXPECT_EQ(session->pending(), 1u);
  // A second adapter of the same id is the same.
  ASSERT_TRUE(session->SetAdapters({{other}, {LoraOn(*model_, 0, Module::kGate), 0.5F}}).ok());
  EXPECT_EQ(session->pending(), 1u);
  EXPECT_EQ(Next(*session), Next(*Session({{lora_, 0.5F}, {other}})));
}

TEST_F(SessionAdapters, AnotherWeightOrSetComputesAnew) {
  for (const std::vector<AdapterUse>& uses :
       {std::vector<AdapterUse>{}, {{lora_, 0.25F}}, {{LoraOn(*model_, 0, Module::kGate, 3)}}}) {
    const auto session = Session({{lora_}});
    ASSERT_TRUE(session->Process(39).ok());
    ASSERT_TRUE(session->SetAdapters(uses).ok());
    EXPECT_EQ(session->pending(), 40u);
    EXPECT_EQ(Next(*session), Next(*Session(uses)));
  }
}

TEST_F(SessionAdapters, WhatComesAfterKeysAndValuesKeepsThem) {
  const uint32_t last = model_->config().layers - 1;
  for (const auto& [layer, module] :
       {std::pair{0u, Module::kHead}, {last, Module::kDown}, {last, Module::kQuery}}) {
    const std::vector<AdapterUse> uses = {{LoraOn(*model_, layer, module)}};
    const auto session = Session();
    ASSERT_TRUE(session->Process(39).ok());
    ASSERT_TRUE(session->SetAdapters(uses).ok());
    EXPECT_EQ(session->pending(), 1u);
    EXPECT_EQ(Next(*session), Next(*Session(uses)));
  }
}

TEST_F(SessionAdapters, WhatComesBeforeKeysAndValuesDoesNot) {
  const uint32_t last = model_->config().layers - 1;
  for (const auto& [layer, module] :
       {std::pair{0u, Module::kEmbedding}, {last, Module::kKey}, {last, Module::kValue}}) {
    const auto session = Session();
    ASSERT_TRUE(session->Process(39).ok());
    ASSERT_TRUE(session->SetAdapters({{LoraOn(*model_, layer, module)}}).ok());
    EXPECT_EQ(session->pending(), 40u);
  }
}

TEST_F(SessionAdapters, AWeightOfZeroIsNone) {
  const auto session = Session({{lora_, 0}});
  EXPECT_TRUE(session->adapters().empty());
}

TEST_F(SessionAdapters, RefusalsLeaveTheSessionAsItWas) {
  const auto session = Session({{lora_}});
  ASSERT_TRUE(session->Process(39).ok());
  const auto other = LoadSmall();
  EXPECT_EQ(session->SetAdapters({{LoraOn(*other, 0, Module::kGate)}}).code(),
            ErrorCode::kAdapterMismatch);
  EXPECT_EQ(session->SetAdapters({{lora_}, {lora_}}).code(), ErrorCode::kInvalidArgument);
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_EQ(session->SetAdapters({{lora_, infinite}}).code(), ErrorCode::kInvalidArgument);
  std::vector<AdapterUse> many;
  for (uint8_t id = 0; id <= kMaxAdapters; ++id)
    many.push_back({LoraOn(*model_, 0, Module::kGate, id)});
  EXPECT_EQ(session->SetAdapters(many).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(session->adapters().size(), 1u);
  EXPECT_EQ(session->pending(), 1u);
  many.pop_back();
  EXPECT_TRUE(session->SetAdapters(many).ok());
}

TEST_F(SessionAdapters, ForksHaveThemAndMayChooseOthers) {
  const auto session = Session({{lora_}});
  const auto first = Next(*session);
  const auto fork = session->Fork(40), changed = session->Fork(40);
  EXPECT_EQ(Next(*fork), first);
  ASSERT_TRUE(changed->SetAdapters({}).ok());
  EXPECT_EQ(Next(*changed), Next(*Session()));
  EXPECT_EQ(session->adapters().size(), 1u);
}

TEST_F(SessionAdapters, SavedSessionsAreRestoredUnderThem) {
  const auto session = Session({{lora_, 0.5F}});
  Next(*session);
  const Bytes saved = session->Save();
  auto restored = TextSession::Restore(*model_, saved, {{lora_, 0.5F}});
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_EQ((*restored)->pending(), 1u);
  EXPECT_EQ(Next(**restored), Next(*session));
}

TEST_F(SessionAdapters, SavedSessionsAreNotRestoredUnderOthers) {
  const Bytes saved = Session({{lora_, 0.5F}})->Save(), plain = Session()->Save();
  EXPECT_EQ(TextSession::Restore(*model_, saved).code(), ErrorCode::kSessionForeign);
  EXPECT_EQ(TextSession::Restore(*model_, saved, {{lora_}}).code(), ErrorCode::kSessionForeign);
  EXPECT_EQ(TextSession::Restore(*model_, plain, {{lora_}}).code(), ErrorCode::kSessionForeign);
  const auto other = LoadSmall();
  EXPECT_EQ(TextSession::Restore(*model_, saved, {{LoraOn(*other, 0, Module::kGate)}}).code(),
            ErrorCode::kAdapterMismatch);
}

TEST_F(SessionAdapters, ASoftPromptStandsBeforeTheTokens) {
  // The embeddings of some tokens as a soft prompt are those tokens.
  const uint32_t hidden = model_->config().hidden;
  auto values = std::make_shared<std::vector<float>>(size_t{7} * hidden);
  const auto tokens = SomeTokens(60);
  for (uint32_t i = 0; i < 7; ++i)
    UnpackRow(model_->weights().embedding, tokens[i], values->data() + size_t{i} * hidden);
  const auto session = SessionOf(*model_, {tokens.begin() + 7, tokens.end()});
  ASSERT_TRUE(session->SetSoftPrompt(values).ok());
  EXPECT_EQ(session->length(), 60u);
  EXPECT_EQ(session->pending(), 60u);
  EXPECT_EQ(Next(*session), Next(*SessionOf(*model_, tokens)));
  EXPECT_EQ(session->tokens().size(), 54u);
}

TEST_F(SessionAdapters, ASoftPromptIsComputedInAnySteps) {
  const auto at_once = Session(), in_steps = Session();
  for (const auto* session : {&at_once, &in_steps})
    ASSERT_TRUE((*session)->SetSoftPrompt(SoftPrompt(*model_, 50)).ok());
  for (const uint32_t step : {3u, 40u, 10u, 1u}) ASSERT_TRUE(in_steps->Process(step).ok());
  EXPECT_EQ(in_steps->pending(), 36u);
  EXPECT_EQ(Next(*in_steps), Next(*at_once));
}

TEST_F(SessionAdapters, AnotherSoftPromptComputesAnew) {
  const auto session = Session();
  ASSERT_TRUE(session->SetSoftPrompt(SoftPrompt(*model_, 5)).ok());
  ASSERT_TRUE(session->Process(44).ok());
  ASSERT_TRUE(session->SetSoftPrompt(SoftPrompt(*model_, 5)).ok());  // equal
  EXPECT_EQ(session->pending(), 1u);
  ASSERT_TRUE(session->SetSoftPrompt(SoftPrompt(*model_, 5, 0.2F)).ok());
  EXPECT_EQ(session->pending(), 45u);
  ASSERT_TRUE(session->SetSoftPrompt(nullptr).ok());
  EXPECT_EQ(Next(*session), Next(*Session()));
}

TEST_F(SessionAdapters, SoftPromptsAreForkedTruncatedAndSaved) {
  const auto session = Session();
  const auto prompt = SoftPrompt(*model_, 70);
  ASSERT_TRUE(session->SetSoftPrompt(prompt).ok());
  const auto first = Next(*session);
  const auto fork = session->Fork(40);
  EXPECT_EQ(fork->pending(), 0u);
  EXPECT_EQ(Next(*fork), first);
  fork->Truncate(0);
  EXPECT_EQ(fork->length(), 70u);
  const Bytes saved = session->Save();
  auto restored = TextSession::Restore(*model_, saved, {}, prompt);
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_EQ((*restored)->pending(), 1u);
  EXPECT_EQ(Next(**restored), Next(*session));
  EXPECT_EQ(TextSession::Restore(*model_, saved).code(), ErrorCode::kSessionForeign);
  EXPECT_EQ(TextSession::Restore(*model_, saved, {}, SoftPrompt(*model_, 71)).code(),
            ErrorCode::kSessionForeign);
}

TEST_F(SessionAdapters, PositionsOfTheSoftPromptCount) {
  const auto session = SessionOf(*model_, SomeTokens(6), {.context = 10});
  EXPECT_EQ(session->SetSoftPrompt(SoftPrompt(*model_, 5)).code(), ErrorCode::kContextFull);
  ASSERT_TRUE(session->SetSoftPrompt(SoftPrompt(*model_, 3)).ok());
  EXPECT_EQ(session->Append(SomeTokens(2)).code(), ErrorCode::kContextFull);
  const auto generation = std::move(Generation::Make(*session, {})).value();
  EXPECT_EQ(generation->Step()->kind, GenerationStep::Kind::kToken);
  EXPECT_EQ(generation->Step()->reason, FinishReason::kContext);
  EXPECT_EQ(session->Next().code(), ErrorCode::kContextFull);
}

TEST_F(SessionAdapters, SoftPromptsThatAreNone) {
  const auto session = Session();
  const auto odd = std::make_shared<const std::vector<float>>(7);
  EXPECT_EQ(session->SetSoftPrompt(odd).code(), ErrorCode::kInvalidArgument);
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_EQ(session->SetSoftPrompt(SoftPrompt(*model_, 1, infinite)).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(session->length(), 40u);
}

TEST_F(SessionAdapters, ScaledLogitsAreAnotherTemperature) {
  const auto session = Session(), scaled = Session(), off = Session();
  ASSERT_TRUE(scaled->SetLogitScale(0.5F).ok());
  const auto plain = session->Next(2), half = scaled->Next(2);
  EXPECT_EQ(plain->token, half->token);
  const auto gap = [](const NextToken& next) {
    return next.alternatives[0].log_probability - next.alternatives[1].log_probability;
  };
  EXPECT_NEAR(gap(*half), gap(*plain) / 2, 1e-4F);
  const auto fork = scaled->Fork(40);
  EXPECT_EQ(fork->Next()->log_probability, half->log_probability);
  for (const float scale : {0.0F, -1.0F, std::numeric_limits<float>::infinity()})
    EXPECT_EQ(off->SetLogitScale(scale).code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace andon
