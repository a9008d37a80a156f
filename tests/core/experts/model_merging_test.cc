// Copies of a language model with experts in them.

#include "experts/model_merging.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/experts/tiny_expert.h"

namespace andon {
namespace {

// LoRA of rank 2 on a module of both layers.
SampleExpert WithParams(AdapterTarget target, uint32_t out, std::string name = "expert-sample") {
  SampleExpert expert;
  expert.metadata = R"({"name":")" + name + R"(","version":"1.2.3","release_counter":7})";
  for (uint32_t layer = 0; layer < 2; ++layer) {
    SampleAdapter adapter(layer);
    adapter.Add(target, AdapterKind::kLora, DType::kF32, 64, out);
    expert.Add(SectionType::kParams, *WriteParams(adapter.layer()),
               {.layer = layer, .critical = true});
  }
  return expert;
}

std::unique_ptr<LanguageModel> MergedOf(const LanguageModel& model,
                                        const ExpertSelection& experts) {
  auto merging = ModelMerging::Begin(model, experts);
  EXPECT_TRUE(merging.ok()) << merging.status().message();
  while ((*merging)->merged() < (*merging)->total()) EXPECT_TRUE((*merging)->Step().ok());
  return (*merging)->Finish();
}

// Log probabilities of the most probable tokens, one after the other.
std::vector<float> LogProbabilities(TextSession& session) {
  std::vector<float> all;
  for (int i = 0; i < 6; ++i) {
    const auto next = session.Next(20);
    EXPECT_TRUE(next.ok()) << next.status().message();
    for (const TokenProbability& one : next->alternatives) all.push_back(one.log_probability);
  }
  return all;
}

float Farthest(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  float farthest = 0;
  for (size_t i = 0; i < a.size(); ++i) farthest = std::max(farthest, std::abs(a[i] - b[i]));
  return farthest;
}

class ModelMergingTest : public testing::Test {
 protected:
  std::shared_ptr<const ReadyExpert> Ready(const LanguageModel& model, const SampleExpert& expert) {
    ExpertShelf shelf;  // of this model
    const Attached attached = Attach(model, shelf, expert.File());
    EXPECT_TRUE(attached.status.ok()) << attached.status.message();
    return attached.expert;
  }
  ExpertSelection Two(const LanguageModel& model) {
    return {.uses = {{Ready(model, WithParams(AdapterTarget::kQ, 64, "expert-a")), 0.02F},
                     {Ready(model, WithParams(AdapterTarget::kGate, 64, "expert-b")), -0.01F}}};
  }
  // How far a merged model is from one whose sessions use the same experts.
  float Difference(WeightType type) {
    TinyModel shape = SmallModel();
    shape.type = type;
    const auto model = LoadGguf(TinyGguf(shape), {.precision = Precision::kExact}).value();
    const ExpertSelection experts = Two(*model);
    const auto attached = SessionOf(*model, SomeTokens(20));
    EXPECT_TRUE(UseExperts(experts, *attached).ok());
    const auto merged = MergedOf(*model, experts);
    const auto session = SessionOf(*merged, SomeTokens(20));
    return Farthest(LogProbabilities(*session), LogProbabilities(*attached));
  }
  ErrorCode CodeOf(const ExpertSelection& experts, uint64_t limit = UINT64_MAX) {
    return ModelMerging::Begin(*model_, experts, limit).code();
  }

  std::unique_ptr<LanguageModel> model_ = LoadSmall({.precision = Precision::kExact});
};

TEST_F(ModelMergingTest, TwoExpertsWriteWhatTheyDoAttached) {
  EXPECT_LT(Difference(WeightType::kF32), 1e-4F);
}

TEST_F(ModelMergingTest, QuantisedTypesAreOffByTheirRounding) {
  EXPECT_LT(Difference(WeightType::kF16), 1e-2F);
  EXPECT_LT(Difference(WeightType::kQ8_0), 0.1F);
}

TEST_F(ModelMergingTest, TheCopyNeedsNeitherTheModelNorItsExperts) {
  const std::vector<uint32_t> tokens = SomeTokens(20);
  std::unique_ptr<LanguageModel> merged;
  std::vector<uint32_t> expected;
  {
    const auto model = LoadSmall();
    const ExpertSelection experts = Two(*model);
    merged = MergedOf(*model, experts);
    expected = Written(*SessionOf(*merged, tokens), 8);
  }
  EXPECT_EQ(Written(*SessionOf(*merged, tokens), 8), expected);
  EXPECT_EQ(merged->tokenizer().Encode("ab", false).size(), 2u);
}

TEST_F(ModelMergingTest, SharesWhatDoesNotChangeAndLeavesTheModel) {
  const std::vector<uint32_t> before = Written(*SessionOf(*model_, SomeTokens(20)), 8);
  const auto merged = MergedOf(*model_, Two(*model_));
  EXPECT_EQ(merged->weights().embedding.data, model_->weights().embedding.data);
  EXPECT_EQ(merged->weights().layers[0].up.data, model_->weights().layers[0].up.data);
  EXPECT_NE(merged->weights().layers[0].gate.data, model_->weights().layers[0].gate.data);
  EXPECT_EQ(Written(*SessionOf(*model_, SomeTokens(20)), 8), before);
}

TEST_F(ModelMergingTest, DescribesItself) {
  TinyModel shape;
  shape.type = WeightType::kQ6_K;
  const auto model = LoadGguf(TinyGguf(shape)).value();
  SampleExpert expert;
  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF32, 256, 256);
  expert.Add(SectionType::kParams, *WriteParams(adapter.layer()), {.layer = 0, .critical = true});
  const auto merged = MergedOf(*model, {.uses = {{Ready(*model, expert), 0.5F}}});
  const Json before = *ParseJson(AsBytes(model->description()), "before");
  const Json after = *ParseJson(AsBytes(merged->description()), "after");
  EXPECT_EQ(DumpJson(after["merged"]),
            R"([{"name":"expert-sample","version":"1.2.3","weight":0.5}])");
  EXPECT_EQ(after["tensorTypes"]["Q8_0"], 1);
  EXPECT_EQ(after["tensorTypes"]["Q6_K"].get<int>(), before["tensorTypes"]["Q6_K"].get<int>() - 1);
  EXPECT_EQ(after["weightBytes"].get<uint64_t>(), before["weightBytes"].get<uint64_t>() +
                                                      MatrixBytes(WeightType::kQ8_0, 256, 256) -
                                                      MatrixBytes(WeightType::kQ6_K, 256, 256));
  EXPECT_EQ(DumpJson(before["merged"]), "[]");
}

TEST_F(ModelMergingTest, SavedSessionsBelongToTheSameMerge) {
  const ExpertSelection experts = Two(*model_);
  const auto merged = MergedOf(*model_, experts);
  const auto session = SessionOf(*merged, SomeTokens(20));
  Written(*session, 3);
  const Bytes saved = session->Save();
  const auto again = MergedOf(*model_, experts);
  const auto restored = TextSession::Restore(*again, saved);
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  EXPECT_EQ(Written(**restored, 5), Written(*session, 5));
  EXPECT_EQ(TextSession::Restore(*model_, saved).code(), ErrorCode::kSessionForeign);
  ExpertSelection other = experts;
  other.uses[0].weight = 0.03F;
  EXPECT_EQ(TextSession::Restore(*MergedOf(*model_, other), saved).code(),
            ErrorCode::kSessionForeign);
}

TEST_F(ModelMergingTest, CarriesTheCalibration) {
  SampleExpert expert = WithParams(AdapterTarget::kQ, 64);
  expert.Add(SectionType::kCalibration, BytesOfText(R"({"temperature": 3})"));
  ExpertSelection experts = {.uses = {{Ready(*model_, expert), 0.02F}}};
  const auto attached = SessionOf(*model_, SomeTokens(20));
  ASSERT_TRUE(UseExperts(experts, *attached).ok());
  const auto with = LogProbabilities(*attached);
  EXPECT_LT(
      Farthest(LogProbabilities(*SessionOf(*MergedOf(*model_, experts), SomeTokens(20))), with),
      1e-4F);
  experts.calibration = false;
  EXPECT_GT(
      Farthest(LogProbabilities(*SessionOf(*MergedOf(*model_, experts), SomeTokens(20))), with),
      0.01F);
}

TEST_F(ModelMergingTest, CarriesAddedTokensAndMayBeMergedAgain) {
  const uint32_t next = model_->tokenizer().size();
  auto expert = std::make_shared<ReadyExpert>();
  expert->name = "expert-tokens";
  expert->tokenizer = ExtendTokenizer(model_->tokenizer(), {{next, "<sql>", true}}).value();
  const auto merged = MergedOf(*model_, {.uses = {{expert}}});
  expert.reset();
  EXPECT_EQ(merged->tokenizer().Encode("<sql>", true), std::vector<uint32_t>{next});
  const auto twice =
      MergedOf(*merged, {.uses = {{Ready(*merged, WithParams(AdapterTarget::kQ, 64)), 0.02F}}});
  model_.reset();
  EXPECT_EQ(twice->tokenizer().Encode("<sql>", true), std::vector<uint32_t>{next});
  EXPECT_EQ(ParseJson(AsBytes(twice->description()), "twice")->at("merged").size(), 2u);
}

TEST_F(ModelMergingTest, MergeUnsupportedForASoftPrompt) {
  ExpertSelection experts = {.uses = {{Ready(*model_, TinyExpert())}}};
  EXPECT_EQ(CodeOf(experts), ErrorCode::kMergeUnsupported);
  experts.soft_prompt = false;
  EXPECT_EQ(CodeOf(experts), ErrorCode::kOk);
}

TEST_F(ModelMergingTest, OutOfMemory) {
  const ExpertSelection experts = Two(*model_);
  const uint64_t bytes = ModelMerging::Begin(*model_, experts).value()->bytes();
  EXPECT_EQ(bytes, 4 * MatrixBytes(WeightType::kF32, 64, 64));
  EXPECT_EQ(CodeOf(experts, bytes), ErrorCode::kOk);
  EXPECT_EQ(CodeOf(experts, bytes - 1), ErrorCode::kOutOfMemory);
}

TEST_F(ModelMergingTest, InvalidArgumentWithoutExperts) {
  EXPECT_EQ(CodeOf({}), ErrorCode::kInvalidArgument);
}

TEST_F(ModelMergingTest, AdapterMismatch) {
  const auto other = LoadSmall({}, 2);
  EXPECT_EQ(CodeOf(Two(*other)), ErrorCode::kAdapterMismatch);
}

TEST_F(ModelMergingTest, TokenizerDeltaWhereTwoAddTokens) {
  const uint32_t next = model_->tokenizer().size();
  const auto one = std::make_shared<ReadyExpert>(), other = std::make_shared<ReadyExpert>();
  one->tokenizer = ExtendTokenizer(model_->tokenizer(), {{next, "<sql>", true}}).value();
  other->tokenizer = ExtendTokenizer(model_->tokenizer(), {{next, "<json>", true}}).value();
  EXPECT_EQ(CodeOf({.uses = {{one}, {other}}}), ErrorCode::kTokenizerDelta);
}

}  // namespace
}  // namespace andon
