#include "language/text_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/core/language/tiny_session.h"

namespace andon {
namespace {

TEST(TextSession, TheContextIsTheModelsUnlessAskedFor) {
  const auto model = LoadSmall();
  EXPECT_EQ((*TextSession::Make(*model, {}))->context(), 256u);
  EXPECT_EQ((*TextSession::Make(*model, {.context = 8}))->context(), 8u);
  EXPECT_EQ(TextSession::Make(*model, {.context = 257}).code(), ErrorCode::kInvalidArgument);
}

TEST(TextSession, TheContextOfALongModelIsBounded) {
  TinyModel tiny = SmallModel();
  tiny.context = 100'000;
  const auto model = std::move(LoadGguf(TinyGguf(tiny))).value();
  EXPECT_EQ((*TextSession::Make(*model, {}))->context(), 4096u);
}

TEST(TextSession, TokensOutsideTheVocabularyAreRefused) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, {});
  const std::vector<uint32_t> tokens = {1, model->config().vocabulary};
  EXPECT_EQ(session->Append(tokens).code(), ErrorCode::kTokenOutOfRange);
  EXPECT_TRUE(session->tokens().empty());
}

TEST(TextSession, MoreTokensThanTheContextAreRefused) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(6), {.context = 8});
  EXPECT_EQ(session->Append(SomeTokens(3)).code(), ErrorCode::kContextFull);
  EXPECT_TRUE(session->Append(SomeTokens(2)).ok());
  EXPECT_EQ(session->Next().code(), ErrorCode::kContextFull);
  EXPECT_EQ(session->tokens().size(), 8u);
}

TEST(TextSession, APromptMayBeComputedInAnySteps) {
  const auto model = LoadSmall();
  const auto at_once = SessionOf(*model, SomeTokens(100));
  const auto in_steps = SessionOf(*model, SomeTokens(100));
  EXPECT_EQ(in_steps->pending(), 100u);
  ASSERT_TRUE(in_steps->Process(7).ok());
  EXPECT_EQ(in_steps->pending(), 93u);
  ASSERT_TRUE(in_steps->Process(70).ok());
  ASSERT_TRUE(in_steps->Process(70).ok());
  EXPECT_EQ(in_steps->pending(), 1u);  // the last one's logits are wanted
  ASSERT_TRUE(in_steps->Process(1).ok());
  EXPECT_EQ(Written(*in_steps, 20), Written(*at_once, 20));
}

TEST(TextSession, MemoryGrowsWithTheTextAndIsHalfInFloat16) {
  const auto model = LoadSmall();
  const auto f16 = SessionOf(*model, SomeTokens(65)),
             f32 = SessionOf(*model, SomeTokens(65), {.cache = CacheType::kF32});
  EXPECT_EQ(f16->bytes(), 0u);
  Written(*f16, 1);
  Written(*f32, 1);
  EXPECT_EQ(f16->bytes(), 128 * KvCache::PositionBytes(model->config(), CacheType::kF16));
  EXPECT_EQ(f32->bytes(), 2 * f16->bytes());
}

TEST(TextSession, ATruncatedSessionWritesWhatItWroteBefore) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(70));
  const auto first = Written(*session, 30);
  session->Truncate(70);
  EXPECT_EQ(session->pending(), 0u);
  session->SetSampler({});
  EXPECT_EQ(Written(*session, 30), first);
}

TEST(TextSession, AForkWritesWhatAFreshSessionWrites) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(90));
  const auto story = Written(*session, 30);
  for (const uint32_t length : {1u, 63u, 64u, 65u, 90u, 120u}) {
    const auto fork = session->Fork(length);
    const auto fresh = SessionOf(
        *model,
        {session->tokens().begin(), session->tokens().begin() + static_cast<ptrdiff_t>(length)});
    fork->SetSampler(Drawing());
    fresh->SetSampler(Drawing());
    EXPECT_EQ(Written(*fork, 10), Written(*fresh, 10)) << length;
  }
}

TEST(TextSession, TheOriginalOfAForkIsUntouched) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(90)), twin = SessionOf(*model, SomeTokens(90));
  session->SetSampler(Drawing());
  twin->SetSampler(Drawing());
  Written(*session, 10);
  Written(*twin, 10);
  const auto fork = session->Fork(70);
  ASSERT_TRUE(fork->Append(SomeTokens(40)).ok());
  Written(*fork, 20);
  EXPECT_EQ(session->tokens(), twin->tokens());
  EXPECT_EQ(Written(*session, 40), Written(*twin, 40));
}

TEST(TextSession, AForkOutlivesItsOriginal) {
  const auto model = LoadSmall();
  auto session = SessionOf(*model, SomeTokens(70));
  Written(*session, 5);
  const auto fork = session->Fork(75);
  session->SetSampler({});
  fork->SetSampler({});
  const auto expected = Written(*session, 10);
  session.reset();
  EXPECT_EQ(Written(*fork, 10), expected);
}

TEST(TextSession, ThreadsChangeNoToken) {
  const auto one = LoadSmall(), three = LoadSmall({.threads = 3});
  const auto a = SessionOf(*one, SomeTokens(80)), b = SessionOf(*three, SomeTokens(80));
  a->SetSampler(Drawing());
  b->SetSampler(Drawing());
  EXPECT_EQ(Written(*a, 60), Written(*b, 60));
}

TEST(TextSession, ProbabilitiesAreThoseOfTheModelWhateverTheSampler) {
  const auto model = LoadSmall();
  const auto session = SessionOf(*model, SomeTokens(10));
  session->SetSampler({.logit_bias = {{5, 1000.0F}}});
  const auto next = session->Next(3);
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->token, 5u);
  ASSERT_EQ(next->alternatives.size(), 3u);
  EXPECT_GE(next->alternatives[0].log_probability, next->alternatives[1].log_probability);
  EXPECT_LT(next->log_probability, 0);
  EXPECT_LE(next->log_probability, next->alternatives[0].log_probability);
}

TEST(TextSession, AValueThatIsNoNumberIsAnError) {
  TinyModel tiny = SmallModel();
  tiny.context = 8;
  Bytes file = TinyGguf(tiny);
  // The largest of the weights overflow when they meet.
  for (size_t at = file.size() - 4 * 64 * 64; at < file.size(); at += 4) {
    const float huge = std::numeric_limits<float>::max();
    std::copy_n(reinterpret_cast<const uint8_t*>(&huge), 4,
                file.begin() + static_cast<ptrdiff_t>(at));
  }
  const auto model = std::move(LoadGguf(file)).value();
  EXPECT_EQ(SessionOf(*model, {1, 2})->Next().code(), ErrorCode::kInferenceFailed);
}

}  // namespace
}  // namespace andon
