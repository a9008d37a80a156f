#include "language/language_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include "common/json.h"
#include "language/gguf_model.h"
#include "language/model_loading.h"
#include "language/text_session.h"
#include "transformer/forward.h"
#include "transformer/tokenizer.h"

namespace andon {
namespace {

std::optional<Bytes> SharedFile(const std::string& path) {
  std::ifstream in(std::string(ANDON_SHARED_DIR) + "/data/models/" + path, std::ios::binary);
  if (!in) {
    std::cerr << "LOUD: ../shared/data/models/" << path << " is absent; this case checks nothing\n";
    return std::nullopt;
  }
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

struct Reference {
  std::vector<uint32_t> ids, greedy;
  uint32_t vocabulary = 0;
  std::vector<float> logits;  // [ids, vocabulary]
};

std::optional<Reference> ReferenceOf(const std::string& json_path, const std::string& logits_path) {
  const auto json = SharedFile(json_path);
  const auto logits = SharedFile(logits_path);
  if (!json || !logits) return std::nullopt;
  Reference reference;
  const Json parsed = *ParseJson(*json, "reference");
  for (const auto& id : parsed["ids"]) reference.ids.push_back(id.get<uint32_t>());
  for (const auto& id : parsed["greedy32"]) reference.greedy.push_back(id.get<uint32_t>());
  reference.logits.resize(logits->size() / 4);
  std::copy(logits->begin(), logits->end(), reinterpret_cast<uint8_t*>(reference.logits.data()));
  reference.vocabulary = static_cast<uint32_t>(reference.logits.size() / reference.ids.size());
  return reference;
}

Status PushAll(ModelLoading& loading, ByteView file, size_t piece_bytes) {
  for (size_t at = 0; at < file.size(); at += piece_bytes) {
    ANDON_RETURN_IF_ERROR(loading.Push(file.subspan(at, std::min(piece_bytes, file.size() - at))));
  }
  return loading.End();
}

std::unique_ptr<LanguageModel> ModelOf(const Bytes& file) {
  ModelLoading loading({.precision = Precision::kExact});
  EXPECT_TRUE(loading.Begin("model.gguf", file.size()).ok());
  const Status status = PushAll(loading, file, 1000);
  EXPECT_TRUE(status.ok()) << status.message();
  auto model = loading.Finish();
  EXPECT_TRUE(model.ok()) << model.status().message();
  return std::move(*model);
}

std::unique_ptr<LanguageModel> LoadShared(const std::string& path) {
  const auto file = SharedFile(path);
  return file ? ModelOf(*file) : nullptr;
}

float LargestDifference(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::fabs(a[i] - b[i]));
  return largest;
}

void ExpectLogits(const std::string& gguf, const std::string& json, const std::string& logits,
                  Precision precision, float tolerance) {
  const auto reference = ReferenceOf(json, logits);
  const auto model = LoadShared(gguf);
  if (!reference || !model) return;
  Transformer transformer(model->config(), model->weights(), precision, model->pool());
  KvCache cache(model->config(), 64);
  ASSERT_TRUE(cache.Reserve(64).ok());
  const auto ours = transformer.Forward(reference->ids, cache, Logits::kAll);
  ASSERT_EQ(ours.size(), reference->logits.size());
  EXPECT_LE(LargestDifference(ours, reference->logits), tolerance) << gguf;
}

TEST(LanguageModel, LogitsOfTheTrainedLlamaAgreeWithTransformers) {
  ExpectLogits("stories260K/stories260K.gguf", "stories260K/hf-stories260K.json",
               "stories260K/hf-stories260K.logits.f32", Precision::kExact, 1e-4F);
}

TEST(LanguageModel, LogitsOfQwen3AgreeWithTransformers) {
  ExpectLogits("tiny_qwen3/tiny_qwen3-f32.gguf", "tiny_qwen3/hf-tiny_qwen3.json",
               "tiny_qwen3/hf-tiny_qwen3.logits.f32", Precision::kExact, 1e-4F);
}

class QuantizedModel : public ::testing::TestWithParam<const char*> {};

// What transformers computes from the same weights, dequantised.
TEST_P(QuantizedModel, ExactLogitsAreThoseOfTheDequantizedWeights) {
  const std::string type = GetParam();
  const auto logits = SharedFile("quant/hfdequant-qwen3-256-" + type + ".logits.f32");
  const auto model = LoadShared("quant/qwen3-256-" + (type == "F32" ? "f32" : type) + ".gguf");
  if (!logits || !model) return;
  std::vector<float> expected(logits->size() / 4);
  std::copy(logits->begin(), logits->end(), reinterpret_cast<uint8_t*>(expected.data()));
  const std::vector<uint32_t> ids = {1, 403, 407, 261, 378};
  for (const auto& [precision, tolerance] :
       {std::pair{Precision::kExact, 1e-3F}, {Precision::kFast, 0.15F}}) {
    Transformer transformer(model->config(), model->weights(), precision, model->pool());
    KvCache cache(model->config(), 64);
    ASSERT_TRUE(cache.Reserve(64).ok());
    const auto ours = transformer.Forward(ids, cache, Logits::kAll);
    ASSERT_EQ(ours.size(), expected.size());
    std::cerr << type << " " << LargestDifference(ours, expected) << "\n";
    EXPECT_LE(LargestDifference(ours, expected), tolerance) << type;
  }
}
INSTANTIATE_TEST_SUITE_P(Types, QuantizedModel,
                         ::testing::Values("F32", "F16", "Q8_0", "Q4_0", "Q4_K_M", "Q6_K"));

TEST(LanguageModel, GreedyTokensOfTheTrainedLlamaAreThoseOfTransformers) {
  const auto reference =
      ReferenceOf("stories260K/hf-stories260K.json", "stories260K/hf-stories260K.logits.f32");
  const auto model = LoadShared("stories260K/stories260K.gguf");
  if (!reference || !model) return;
  Transformer transformer(model->config(), model->weights(), Precision::kFast, model->pool());
  KvCache cache(model->config(), 64);
  std::vector<uint32_t> greedy;
  std::vector<uint32_t> input = reference->ids;
  while (greedy.size() < reference->greedy.size()) {
    ASSERT_TRUE(cache.Reserve(static_cast<uint32_t>(input.size())).ok());
    const auto logits = transformer.Forward(input, cache, Logits::kLast);
    greedy.push_back(
        static_cast<uint32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
    input = {greedy.back()};
  }
  EXPECT_EQ(greedy, reference->greedy);
}

TEST(LanguageModel, TheTrainedLlamaTellsAStory) {
  const auto file = SharedFile("stories260K/stories260K.gguf");
  const auto reference =
      ReferenceOf("stories260K/hf-stories260K.json", "stories260K/hf-stories260K.logits.f32");
  if (!file || !reference) return;
  const auto gguf = ParseGguf(*file, file->size());
  auto data = TokenizerOfGguf(*gguf);
  ASSERT_TRUE(data.ok()) << data.status().message();
  auto tokenizer = Tokenizer::Make(std::move(*data));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  Detokenizer text(**tokenizer, true, false);
  std::string story;
  for (const uint32_t token : reference->ids) story += text.Push(token);
  const std::string prompt = story;
  for (const uint32_t token : reference->greedy) story += text.Push(token);
  EXPECT_EQ(story + text.Finish(),
            "Once upon a time, there was a little girl named Lily. She loved to play outside in "
            "the park. "
            "One day, she saw");
  std::vector<uint32_t> ids = (*tokenizer)->Encode(prompt, false);
  ids.insert(ids.begin(), 1);
  EXPECT_EQ(ids, reference->ids);
}

std::vector<uint32_t> Written(TextSession& session, int count) {
  std::vector<uint32_t> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(session.Next()->token);
  return tokens;
}

TEST(LanguageModel, ARestoredSessionContinuesIdentically) {
  const auto file = SharedFile("stories260K/stories260K.gguf");
  if (!file) return;
  const auto model = ModelOf(*file);
  auto session = std::move(TextSession::Make(*model, {})).value();
  session->SetSampler({.temperature = 0.8F, .top_p = 0.9F, .seed = 3});
  ASSERT_TRUE(session->Append(std::vector<uint32_t>{1, 403, 407, 261, 378}).ok());
  Written(*session, 10);
  const Bytes saved = session->Save();
  auto restored = TextSession::Restore(*model, saved);
  ASSERT_TRUE(restored.ok()) << restored.status().message();
  (*restored)->ContinueSampling({.temperature = 0.8F, .top_p = 0.9F, .seed = 3});
  EXPECT_EQ(Written(**restored, 20), Written(*session, 20));
}

TEST(LanguageModel, EveryDamagedByteOfASavedSessionIsFound) {
  const auto file = SharedFile("stories260K/stories260K.gguf");
  if (!file) return;
  const auto model = ModelOf(*file);
  auto session = std::move(TextSession::Make(*model, {})).value();
  ASSERT_TRUE(session->Append(std::vector<uint32_t>{1, 403}).ok());
  Written(*session, 1);
  Bytes saved = session->Save();
  for (size_t i = 0; i < saved.size(); i += 7) {
    saved[i] ^= 1;
    EXPECT_EQ(TextSession::Restore(*model, saved).code(), ErrorCode::kSessionMalformed) << i;
    saved[i] ^= 1;
  }
  EXPECT_EQ(TextSession::Restore(*model, ByteView(saved).first(40)).code(),
            ErrorCode::kSessionMalformed);
}

}  // namespace
}  // namespace andon
