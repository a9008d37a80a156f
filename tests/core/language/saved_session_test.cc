#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/language/tiny_session.h"
#include "tests/core/support/tiny_folder.h"

namespace andon {
namespace {

constexpr size_t kContextAt = 12, kModelAt = 16, kTokensAt = 48, kComputedAt = 52, kSeenAt = 56,
                 kCacheAt = 60;
constexpr size_t kFirstTokenAt = 72;

// With a checksum that is right.
Bytes Resealed(Bytes saved) {
  saved.resize(saved.size() - 32);
  AppendBytes(saved, Sha256Of(saved));
  return saved;
}

class SavedSession : public ::testing::Test {
 protected:
  SavedSession() : model_(LoadSmall()), session_(SessionOf(*model_, SomeTokens(70))) {
    session_->SetSampler(Drawing());
    Written(*session_, 5);
    saved_ = session_->Save();
  }

  Bytes With(size_t at, uint32_t value) const {
    Bytes changed = saved_, number;
    AppendU32(number, value);
    std::ranges::copy(number, changed.begin() + static_cast<ptrdiff_t>(at));
    return Resealed(changed);
  }
  ErrorCode Refusal(ByteView saved) const { return TextSession::Restore(*model_, saved).code(); }

  std::unique_ptr<LanguageModel> model_;
  std::unique_ptr<TextSession> session_;
  Bytes saved_;
};

TEST_F(SavedSession, ContinuesIdentically) {
  auto restored = TextSession::Restore(*model_, saved_);
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_EQ((*restored)->tokens(), session_->tokens());
  EXPECT_EQ((*restored)->context(), session_->context());
  (*restored)->ContinueSampling(Drawing());
  EXPECT_EQ(Written(**restored, 60), Written(*session_, 60));
}

TEST_F(SavedSession, ContinuesIdenticallyInFloat32) {
  const auto session =
      SessionOf(*model_, SomeTokens(70), {.context = 200, .cache = CacheType::kF32});
  Written(*session, 3);
  auto restored = TextSession::Restore(*model_, session->Save());
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_EQ((*restored)->context(), 200u);
  EXPECT_EQ(Written(**restored, 20), Written(*session, 20));
}

TEST_F(SavedSession, AnEmptySessionIsSavedToo) {
  const auto restored = TextSession::Restore(*model_, SessionOf(*model_, {})->Save());
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_TRUE((*restored)->tokens().empty());
}

TEST_F(SavedSession, ATruncatedSessionIsSavedToo) {
  session_->Truncate(3);
  EXPECT_TRUE(TextSession::Restore(*model_, session_->Save()).ok());
}

TEST_F(SavedSession, IsAsLargeAsStated) {
  const uint64_t position = KvCache::PositionBytes(model_->config(), CacheType::kF16);
  const uint64_t tokens = session_->tokens().size(), computed = tokens - session_->pending();
  EXPECT_EQ(saved_.size(), 104 + 4 * tokens + 4 * Drawing().penalty_window + computed * position);
}

TEST_F(SavedSession, EveryDamagedByteIsFound) {
  for (size_t i = 0; i < saved_.size(); i += 7) {
    saved_[i] ^= 1;
    EXPECT_EQ(Refusal(saved_), ErrorCode::kSessionMalformed) << i;
    saved_[i] ^= 1;
  }
}

TEST_F(SavedSession, CutOff) {
  EXPECT_EQ(Refusal({}), ErrorCode::kSessionMalformed);
  EXPECT_EQ(Refusal(ByteView(saved_).first(103)), ErrorCode::kSessionMalformed);
  EXPECT_EQ(Refusal(ByteView(saved_).first(saved_.size() - 1)), ErrorCode::kSessionMalformed);
  EXPECT_EQ(Refusal(Resealed(Bytes(saved_.begin(), saved_.end() - 1))),
            ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, BytesAfterItsEnd) {
  saved_.push_back(0);
  EXPECT_EQ(Refusal(Resealed(saved_)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, OfAnotherModel) {
  const auto other = LoadSmall({}, 2);
  EXPECT_EQ(TextSession::Restore(*other, saved_).code(), ErrorCode::kSessionForeign);
  EXPECT_EQ(Refusal(With(kModelAt, 0)), ErrorCode::kSessionForeign);
}

TEST_F(SavedSession, OfTheSameModelInAnotherPrecision) {
  const auto exact = LoadSmall({.precision = Precision::kExact});
  EXPECT_EQ(TextSession::Restore(*exact, saved_).code(), ErrorCode::kSessionForeign);
}

TEST_F(SavedSession, OfTheSameModelWithWeightsOfAnotherType) {
  const TinyFolder folder = TinyFolderOf(SmallModel());
  const auto load = [&folder](WeightType type) {
    return std::move(LoadFolder(folder, {.weight_type = type})).value();
  };
  const auto model = load(WeightType::kQ8_0);
  const Bytes saved = SessionOf(*model, SomeTokens(3))->Save();
  EXPECT_TRUE(TextSession::Restore(*load(WeightType::kQ8_0), saved).ok());
  EXPECT_EQ(TextSession::Restore(*load(WeightType::kQ4_0), saved).code(),
            ErrorCode::kSessionForeign);
}

TEST_F(SavedSession, NotASavedSession) {
  EXPECT_EQ(Refusal(With(0, 0)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, AnotherVersion) {
  EXPECT_EQ(Refusal(With(8, 2)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, NoContext) {
  EXPECT_EQ(Refusal(With(kContextAt, 0)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, AContextBeyondTheModels) {
  EXPECT_EQ(Refusal(With(kContextAt, 257)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, MoreTokensThanItsContext) {
  EXPECT_EQ(Refusal(With(kTokensAt, 257)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, MoreComputedThanTokens) {
  EXPECT_EQ(Refusal(With(kComputedAt, 76)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, MoreSeenThanTokens) {
  EXPECT_EQ(Refusal(With(kSeenAt, 76)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, AnUnknownTypeOfCache) {
  EXPECT_EQ(Refusal(With(kCacheAt, 2)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, CountsThatItsLengthContradicts) {
  EXPECT_EQ(Refusal(With(kComputedAt, 1)), ErrorCode::kSessionMalformed);
  EXPECT_EQ(Refusal(With(kCacheAt, 0)), ErrorCode::kSessionMalformed);
}

TEST_F(SavedSession, ATokenOutsideTheVocabulary) {
  const uint32_t vocabulary = model_->config().vocabulary;
  EXPECT_EQ(Refusal(With(kFirstTokenAt, vocabulary)), ErrorCode::kSessionMalformed);
  const size_t first_seen = kFirstTokenAt + 4 * session_->tokens().size();
  EXPECT_EQ(Refusal(With(first_seen, vocabulary)), ErrorCode::kSessionMalformed);
}

}  // namespace
}  // namespace andon
