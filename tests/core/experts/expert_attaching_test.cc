#include "experts/expert_attaching.h"

#include <gtest/gtest.h>

#include "tests/core/experts/tiny_expert.h"

namespace andon {
namespace {

class ExpertAttachingTest : public testing::Test {
 protected:
  Attached AttachFile(const SampleExpert& expert, AttachTerms terms = {}) {
    return Attach(*model_, shelf_, expert.File(), std::move(terms));
  }
  ErrorCode CodeOf(const SampleExpert& expert) {
    const Attached attached = AttachFile(expert);
    EXPECT_EQ(attached.expert, nullptr);
    EXPECT_EQ(shelf_.size(), 0u);
    return attached.status.code();
  }
  static SampleExpert With(SectionType type, std::string_view content) {
    SampleExpert expert;
    AddTinyLayer(expert, 0);
    expert.Add(type, BytesOfText(content));
    return expert;
  }

  std::unique_ptr<LanguageModel> model_ = LoadSmall();
  ExpertShelf shelf_;
};

TEST_F(ExpertAttachingTest, GivesAllThatTheExpertBrings) {
  const Attached attached = AttachFile(TinyExpert(), {.policy = PolicyOfPublisher()});
  ASSERT_TRUE(attached.status.ok()) << attached.status.message();
  EXPECT_EQ(attached.verdict.trust, TrustState::kTrusted);
  const ReadyExpert& expert = *attached.expert;
  EXPECT_EQ(expert.name, "expert-sample");
  ASSERT_NE(expert.adapter, nullptr);
  EXPECT_NE(expert.adapter->Find(1, Module::kQuery), nullptr);
  EXPECT_EQ(expert.adapter->Find(1, Module::kKey), nullptr);
  EXPECT_EQ(expert.grammar, "root ::= \"yes\" | \"no\"");
  EXPECT_EQ(expert.soft_prompt_tokens(), 3u);
  EXPECT_EQ(expert.soft_prompt->at(3 * 64 - 1), 0.5F);
  EXPECT_EQ(expert.calibration.temperature, 2);
  EXPECT_EQ(expert.tokenizer, nullptr);
  EXPECT_GE(expert.bytes(), expert.adapter_bytes() + 3 * 64 * sizeof(float));
}

TEST_F(ExpertAttachingTest, ReadsTheHeadThenWhatItUsesThenLayersInOrder) {
  SampleExpert expert;
  AddTinyLayer(expert, 1);
  expert.Add(SectionType::kMetrics, BytesOfText("{}"));
  AddTinyLayer(expert, 0);
  expert.Add(SectionType::kGrammar, BytesOfText("root ::= \"x\""));
  const Bytes file = expert.File();
  std::vector<ByteRange> reads;
  const Attached attached = Attach(*model_, shelf_, file, {}, &reads);
  ASSERT_TRUE(attached.status.ok()) << attached.status.message();
  ASSERT_EQ(reads.size(), 6u);  // header, head, certificates; grammar, two layers; no metrics
  EXPECT_GT(reads[3].offset, reads[4].offset);
  EXPECT_GT(reads[4].offset, reads[5].offset);
}

TEST_F(ExpertAttachingTest, TellsHowFarItIs) {
  const Bytes file = TinyExpert().File();
  ExpertAttaching attaching(*model_, shelf_, file.size(), {});
  std::vector<uint32_t> layers;
  bool verified_before_layers = false;
  while (!attaching.done()) {
    const ByteRange wanted = attaching.wanted();
    attaching.Feed(RangeOf(file, wanted));
    if (attaching.verified() && attaching.layers_ready() == 0) verified_before_layers = true;
    layers.push_back(attaching.layers_ready());
  }
  EXPECT_TRUE(verified_before_layers);
  EXPECT_EQ(layers.back(), 2u);
}

TEST_F(ExpertAttachingTest, ReadsNothingButTheHeadOfOneThatIsReady) {
  const Bytes file = TinyExpert().File();
  const Attached first = Attach(*model_, shelf_, file);
  std::vector<ByteRange> reads;
  const Attached again = Attach(*model_, shelf_, file, {}, &reads);
  EXPECT_EQ(again.expert, first.expert);
  EXPECT_FALSE(first.cached);
  EXPECT_TRUE(again.cached);
  EXPECT_EQ(reads.size(), 3u);
}

TEST_F(ExpertAttachingTest, JudgesOneThatIsReadyAsEver) {
  const Bytes file = Unsigned().Add(SectionType::kGrammar, BytesOfText("root ::= \"x\"")).File();
  ASSERT_TRUE(Attach(*model_, shelf_, file).status.ok());
  const Attached refused = Attach(*model_, shelf_, file, {.policy = PolicyOfPublisher()});
  EXPECT_EQ(refused.status.code(), ErrorCode::kSignatureMissing);
  EXPECT_EQ(refused.expert, nullptr);
}

TEST_F(ExpertAttachingTest, NeedsNoAdapter) {
  SampleExpert expert;
  expert.Add(SectionType::kGrammar, BytesOfText("root ::= \"x\""));
  const Attached attached = AttachFile(expert);
  ASSERT_TRUE(attached.status.ok()) << attached.status.message();
  EXPECT_EQ(attached.expert->adapter, nullptr);
}

TEST_F(ExpertAttachingTest, SizeThatIsNotKnown) {
  const Bytes file = TinyExpert().File();
  ExpertAttaching attaching(*model_, shelf_, std::nullopt, {});
  RunAttaching(attaching, file);
  EXPECT_TRUE(attaching.status().ok()) << attaching.status().message();
}

TEST_F(ExpertAttachingTest, SectionsOfAnotherHashAreRefused) {
  Bytes file = TinyExpert().File();
  for (const uint32_t id : {0u, 1u}) {  // PARAMS
    Bytes damaged = file;
    const auto index = ParseExpertIndex(
        ByteView(file).first(static_cast<size_t>(*ExpertHeadBytes(file, file.size()))),
        file.size());
    damaged[static_cast<size_t>(index->sections[id].offset)] ^= 1;
    const Attached attached = Attach(*model_, shelf_, damaged);
    EXPECT_EQ(attached.status.code(), ErrorCode::kExpertSectionHash);
    EXPECT_EQ(attached.expert, nullptr);
  }
}

TEST_F(ExpertAttachingTest, SourceUnreadableWhereASectionIsCutOff) {
  const Bytes file = TinyExpert().File();
  ExpertAttaching attaching(*model_, shelf_, file.size(), {});
  while (!attaching.verified()) attaching.Feed(RangeOf(file, attaching.wanted()));
  attaching.Feed({});
  EXPECT_EQ(attaching.status().code(), ErrorCode::kSourceUnreadable);
}

TEST_F(ExpertAttachingTest, FileTooLarge) {
  const Bytes file = TinyExpert().File();
  EXPECT_EQ(Attach(*model_, shelf_, file, {.max_bytes = 100}).status.code(),
            ErrorCode::kFileTooLarge);
  ExpertAttaching attaching(*model_, shelf_, std::nullopt, {.max_bytes = 100});
  RunAttaching(attaching, file);
  EXPECT_EQ(attaching.status().code(), ErrorCode::kFileTooLarge);
}

TEST_F(ExpertAttachingTest, BaseModelMismatch) {
  SampleExpert expert = TinyExpert();
  expert.metadata =
      R"({"name":"expert-sample","version":"1.2.3","base_model":{"name":"Another/Model-7B"}})";
  EXPECT_EQ(CodeOf(expert), ErrorCode::kBaseModelMismatch);
  EXPECT_TRUE(AttachFile(expert, {.any_base = true}).status.ok());
}

TEST_F(ExpertAttachingTest, BaseShapeMismatchOfTheManifest) {
  SampleExpert expert = TinyExpert();
  expert.metadata = R"({"name":"expert-sample","version":"1.2.3","base_model":{"name":"tiny",
      "shapes":{"layers":2,"hidden":128,"intermediate":64,"heads":4,"kv_heads":2,"head_dim":16,
      "vocabulary":285}}})";
  const Attached attached = AttachFile(expert, {.any_base = true});
  EXPECT_EQ(attached.status.code(), ErrorCode::kBaseShapeMismatch);
  EXPECT_NE(attached.status.message().find("128"), std::string::npos) << attached.status.message();
}

TEST_F(ExpertAttachingTest, BaseShapeMismatchOfALayerLeavesNothing) {
  SampleExpert expert;
  AddTinyLayer(expert, 0);
  AddTinyLayer(expert, 1, 32);
  EXPECT_EQ(CodeOf(expert), ErrorCode::kBaseShapeMismatch);
}

TEST_F(ExpertAttachingTest, BaseShapeMismatchOfASoftPrompt) {
  SampleExpert wide, longer;
  wide.Add(SectionType::kSoftPrompt, SoftPromptOf(1, 32, 1));
  longer.Add(SectionType::kSoftPrompt, SoftPromptOf(256, 64, 1));
  EXPECT_EQ(CodeOf(wide), ErrorCode::kBaseShapeMismatch);
  EXPECT_EQ(CodeOf(longer), ErrorCode::kBaseShapeMismatch);
}

TEST_F(ExpertAttachingTest, SectionMalformedOfACalibration) {
  EXPECT_EQ(CodeOf(With(SectionType::kCalibration, R"({"temperature": 0})")),
            ErrorCode::kSectionMalformed);
}

TEST_F(ExpertAttachingTest, TokenizerDeltaWithoutRowsForItsTokens) {
  EXPECT_EQ(CodeOf(With(SectionType::kTokenizerDelta,
                        R"({"added_tokens": [{"id": 100000, "content": "<x>"}]})")),
            ErrorCode::kTokenizerDelta);
}

TEST_F(ExpertAttachingTest, TokenizerDeltaWithoutTokensIsNothing) {
  const Attached attached = AttachFile(With(SectionType::kTokenizerDelta, "{}"));
  ASSERT_TRUE(attached.status.ok()) << attached.status.message();
  EXPECT_EQ(attached.expert->tokenizer, nullptr);
}

}  // namespace
}  // namespace andon
