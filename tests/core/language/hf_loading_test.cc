#include "language/hf_loading.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "common/half.h"
#include "language/hf_index.h"
#include "language/model_loading.h"
#include "tensor/quantize.h"
#include "tests/core/support/files.h"
#include "tests/core/support/peak_memory.h"
#include "tests/core/support/tiny_folder.h"

namespace andon {
namespace {

float LargestDifference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  float largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::fabs(a[i] - b[i]));
  return largest;
}

const ModelLoadOptions kAsF32 = {.weight_type = WeightType::kF32};

Bytes& FileOf(TinyFolder& folder, std::string_view name) {
  for (auto& [file, bytes] : folder) {
    if (file == name) return bytes;
  }
  return folder.emplace_back(name, Bytes()).second;
}

class EveryArchitecture : public ::testing::TestWithParam<std::tuple<const char*, bool>> {};

// Row r of a head is row r / 2 of its first or second half: GGUF turns neighbours, the folder turns
// halves.
Bytes Interleaved(const Bytes& rows, size_t heads, size_t head_dim) {
  const size_t row_bytes = rows.size() / (heads * head_dim);
  Bytes to;
  for (size_t row = 0; row < heads * head_dim; ++row) {
    const size_t head = row / head_dim, place = row % head_dim;
    const size_t from = head * head_dim + place % 2 * (head_dim / 2) + place / 2;
    AppendBytes(to, ByteView(rows).subspan(from * row_bytes, row_bytes));
  }
  return to;
}

Bytes GgufOfTheSame(const TinyModel& model) {
  GgufWriter writer;
  WriteConfig(model, writer);
  WriteTokenizer(model, writer);
  const auto tensors = TinyTensors(model);
  const auto names = TensorsOf(model, kGgufNames);
  for (size_t i = 0; i < tensors.size(); ++i) {
    const auto& [name, shape] = names[i];
    Bytes data = tensors[i].data;
    if (model.architecture == "llama" && name.ends_with("attn_q.weight"))
      data = Interleaved(data, model.heads, model.head_dim);
    if (model.architecture == "llama" && name.ends_with("attn_k.weight"))
      data = Interleaved(data, model.kv_heads, model.head_dim);
    writer.Tensor(name, {shape.rbegin(), shape.rend()},
                  shape.size() == 2 ? model.type : WeightType::kF32, data);
  }
  return writer.File();
}

TEST_P(EveryArchitecture, IsTheSameFromAFolderAndFromGguf) {
  const auto& [architecture, tied] = GetParam();
  const TinyModel model = {.architecture = architecture, .tied = tied};
  const auto folder = LoadFolder(TinyFolderOf(model), kAsF32, 1000);
  ASSERT_TRUE(folder.ok()) << folder.status().message();
  const auto gguf = LoadGguf(GgufOfTheSame(model));
  ASSERT_TRUE(gguf.ok()) << gguf.status().message();
  EXPECT_LE(LargestDifference(LogitsOf(**folder), LogitsOf(**gguf)), 1e-5F);
}
INSTANTIATE_TEST_SUITE_P(All, EveryArchitecture,
                         ::testing::Combine(::testing::Values("llama", "qwen2", "qwen3"),
                                            ::testing::Bool()));

std::vector<float> RowOf(const Matrix& matrix, uint32_t row) {
  std::vector<float> numbers(matrix.columns);
  UnpackRow(matrix, row, numbers.data());
  return numbers;
}

TEST(HfLoading, MatricesBecomeTheTypeAskedFor) {
  for (const WeightType stored : {WeightType::kF32, WeightType::kF16, WeightType::kBF16}) {
    const TinyModel tiny = {.type = stored};
    const auto tensors = TinyTensors(tiny);
    std::vector<float> numbers(size_t{285} * 256);
    WidenWeights(stored, tensors[0].data, numbers.data());
    for (const WeightType type : {WeightType::kF32, WeightType::kF16, WeightType::kBF16,
                                  WeightType::kQ8_0, WeightType::kQ4_0}) {
      const auto model = LoadFolder(TinyFolderOf(tiny), {.weight_type = type}, 777);
      ASSERT_TRUE(model.ok()) << model.status().message();
      const Matrix& embedding = (*model)->weights().embedding;
      ASSERT_EQ(embedding.type, type);
      Bytes narrow;
      NarrowWeights(type, numbers, narrow);
      Bytes group(static_cast<size_t>(MatrixBytes(type, kGroupRows, 256)) + 64);
      Matrix expected = {.type = type, .rows = 8, .columns = 256};
      uint8_t* const aligned = group.data() + (64 - reinterpret_cast<uintptr_t>(group.data()) % 64);
      PackGroup(type, narrow.data(), 8, 256, aligned);
      expected.data = aligned;
      for (uint32_t row = 0; row < 8; ++row) EXPECT_EQ(RowOf(embedding, row), RowOf(expected, row));
    }
  }
}

TEST(HfLoading, Q8_0IsTheDefault) {
  const auto model = LoadFolder(TinyFolderOf());
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->weights().head.type, WeightType::kQ8_0);
}

TEST(HfLoading, RowsThatAreNoWholeBlocksStayAsTheyAre) {
  TinyModel tiny;
  tiny.intermediate = 172;
  const auto model = LoadFolder(TinyFolderOf(tiny));
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->weights().layers[0].down.type, WeightType::kF32);
  EXPECT_EQ((*model)->weights().layers[0].gate.type, WeightType::kQ8_0);
}

TEST(HfLoading, OtherWeightTypesAreRefused) {
  for (const uint32_t type : {14u, 4u, 99u}) {
    EXPECT_EQ(LoadFolder(TinyFolderOf(), {.weight_type = static_cast<WeightType>(type)}).code(),
              ErrorCode::kInvalidArgument);
  }
}

TEST(HfLoading, WeightsBeyondTheRangeOfTheirTypeAreRefused) {
  TinyFolder folder = TinyFolderOf();
  auto tensors = TinyTensors({});
  const uint32_t large = std::bit_cast<uint32_t>(1e9F);
  for (size_t i = 0; i < 4; ++i) tensors[0].data[i] = static_cast<uint8_t>(large >> 8 * i);
  FileOf(folder, "model.safetensors") = SafetensorsOf(tensors);
  EXPECT_TRUE(LoadFolder(folder, kAsF32).ok());
  EXPECT_EQ(LoadFolder(folder, {.weight_type = WeightType::kF16}).code(),
            ErrorCode::kWeightNotFinite);
  EXPECT_EQ(LoadFolder(folder, {.weight_type = WeightType::kQ8_0}).code(),
            ErrorCode::kWeightNotFinite);
}

TEST(HfLoading, ATiedModelNeedsNoHeadAndIgnoresOne) {
  TinyFolder folder = TinyFolderOf({.tied = false});
  EXPECT_TRUE(LoadFolder(folder).ok());
  FileOf(folder, "config.json") = BytesOf(TinyConfig({.tied = true}));
  const auto tied = LoadFolder(folder);
  ASSERT_TRUE(tied.ok()) << tied.status().message();
  EXPECT_EQ((*tied)->weights().head.data, (*tied)->weights().embedding.data);
  folder = TinyFolderOf();
  FileOf(folder, "config.json") = BytesOf(TinyConfig({.tied = false}));
  EXPECT_EQ(LoadFolder(folder).code(), ErrorCode::kTensorMissing);
}

TEST(HfLoading, TheChatTemplateIsInOneOfTwoFiles) {
  const auto template_of = [](const std::string& name, const std::string& text) {
    TinyFolder folder = TinyFolderOf();
    folder.insert(folder.begin() + 2, {name, Bytes(text.begin(), text.end())});
    const auto model = LoadFolder(folder);
    EXPECT_TRUE(model.ok()) << model.status().message();
    return (*ParseJson(AsBytes((*model)->description()), "description"))["chatTemplate"];
  };
  const std::string config = "tokenizer_config.json";
  EXPECT_EQ(template_of("chat_template.jinja", "{{ x }}"), "{{ x }}");
  EXPECT_EQ(template_of(config, R"({"chat_template": "{{ y }}"})"), "{{ y }}");
  EXPECT_EQ(
      template_of(
          config,
          R"({"chat_template": [{"name": "tools", "template": "a"}, {"name": "default", "template": "b"}]})"),
      "b");
  for (const char* other :
       {R"({})", R"({"chat_template": 1})", R"({"chat_template": [1, {"name": "default"}]})"}) {
    EXPECT_TRUE(template_of(config, other).is_null()) << other;
  }
}

TEST(HfLoading, TellsTheSha256OfAllFiles) {
  const TinyFolder folder = TinyFolderOf();
  const auto model = LoadFolder(folder, {.compute_sha256 = true});
  ASSERT_TRUE(model.ok());
  std::string list;
  for (const size_t i : {0u, 2u, 1u}) {  // by name
    list += ToHex(Sha256Of(folder[i].second)) + "  " + folder[i].first + "\n";
  }
  EXPECT_EQ((*model)->sha256(), Sha256Of(AsBytes(list)));
}

// Refusals.

Status StatusOf(const TinyFolder& folder) {
  const auto model = LoadFolder(folder);
  EXPECT_FALSE(model.ok());
  return model.status();
}

TEST(HfLoading, FilesThatAreMissingOrMisplacedAreRefused) {
  const TinyFolder whole = TinyFolderOf();
  const ErrorCode files = ErrorCode::kModelFiles;
  EXPECT_EQ(StatusOf({whole[0], whole[2]}).code(), files);
  EXPECT_EQ(StatusOf({whole[1], whole[2]}).code(), files);
  EXPECT_EQ(StatusOf({whole[0], whole[1]}).code(), files);
  EXPECT_EQ(StatusOf({whole[0], whole[0]}).code(), files);
  EXPECT_EQ(StatusOf({whole[0], {"README.md", Bytes(3)}}).code(), files);
  EXPECT_EQ(StatusOf({whole[0], whole[1], whole[2], {"generation_config.json", Bytes(2)}}).code(),
            files);
  EXPECT_EQ(StatusOf({whole[0], whole[1], whole[2], {"more.safetensors", whole[2].second}}).code(),
            files);
}

TEST(HfLoading, TextsAboveTheirLimitAreRefused) {
  ModelLoading loading({});
  EXPECT_EQ(loading.Begin("config.json", limits::kMaxManifestBytes + 1).code(),
            ErrorCode::kFileTooLarge);
}

TEST(HfLoading, PointersOfGitLfsAreRefused) {
  const std::string text =
      "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 45118424\n";
  const Bytes pointer(text.begin(), text.end());
  for (const char* name : {"config.json", "model.safetensors"}) {
    TinyFolder folder = TinyFolderOf();
    FileOf(folder, name) = pointer;
    EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kGitLfsPointer);
  }
}

TEST(HfLoading, DamagedWeightsAreRefused) {
  TinyFolder folder = TinyFolderOf();
  Bytes& weights = FileOf(folder, "model.safetensors");
  const Bytes whole = weights;
  weights = Bytes(whole.begin(), whole.begin() + 7);
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kSafetensorsTooShort);
  weights = Bytes(8);
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kSafetensorsHeaderStart);
  weights = Bytes(8, 0xFF);
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kSafetensorsHeaderTooLarge);
  weights = whole;
  weights.resize(whole.size() - 1);
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kSafetensorsOffsetsPastEnd);
  weights = whole;
  weights.push_back(0);
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kSafetensorsTrailingData);
}

TEST(HfLoading, TensorsOfOtherKindsAreRefused) {
  const auto with = [](const std::string& name, DType dtype, const Shape& shape) {
    TinyFolder folder = TinyFolderOf();
    auto tensors = TinyTensors({});
    tensors.push_back({name,
                       {.dtype = dtype, .shape = shape, .data = {}},
                       Bytes(static_cast<size_t>(DTypeSize(dtype) * *ElementCount(shape)))});
    FileOf(folder, "model.safetensors") = SafetensorsOf(tensors);
    return LoadFolder(folder).code();
  };
  EXPECT_EQ(with("model.layers.0.self_attn.q_proj.bias", DType::kF16, {256}), ErrorCode::kOk);
  EXPECT_EQ(with("model.layers.0.self_attn.q_proj.bias", DType::kI32, {256}),
            ErrorCode::kTensorDtype);
  EXPECT_EQ(with("model.layers.0.self_attn.q_proj.bias", DType::kF32, {}), ErrorCode::kTensorShape);
  EXPECT_EQ(with("model.layers.0.self_attn.q_proj.bias", DType::kF32, {0}),
            ErrorCode::kTensorShape);
  EXPECT_EQ(with("model.layers.0.self_attn.q_proj.bias", DType::kF32, {2, 2, 2}),
            ErrorCode::kTensorShape);
  EXPECT_EQ(with("model.layers.0.mlp.gate_proj.scales", DType::kF16, {256, 8}),
            ErrorCode::kUnsupportedArchitecture);
}

// Shards.

TinyFolder Sharded(const TinyModel& model = {}) {
  auto tensors = TinyTensors(model);
  Json map = Json::object();
  std::vector<NamedTensor> shards[2];
  for (size_t i = 0; i < tensors.size(); ++i) {
    map[tensors[i].name] = "model-0000" + std::to_string(i % 2 + 1) + "-of-00002.safetensors";
    shards[i % 2].push_back(std::move(tensors[i]));
  }
  const TinyFolder whole = TinyFolderOf(model);
  return {whole[0],
          whole[1],
          {"model.safetensors.index.json",
           BytesOf({{"metadata", {{"total_size", 1}}}, {"weight_map", map}})},
          {"model-00001-of-00002.safetensors", SafetensorsOf(shards[0])},
          {"model-00002-of-00002.safetensors", SafetensorsOf(shards[1])}};
}

TEST(HfShards, GiveTheSameModelInAnyOrder) {
  const auto whole = LoadFolder(TinyFolderOf());
  TinyFolder folder = Sharded();
  for (int i = 0; i < 2; ++i, std::swap(folder[3], folder[4])) {
    const auto model = LoadFolder(folder);
    ASSERT_TRUE(model.ok()) << model.status().message();
    EXPECT_EQ(LogitsOf(**model), LogitsOf(**whole));
  }
}

TEST(HfShards, FilesThatTheIndexDoesNotNameAreRefused) {
  const TinyFolder folder = Sharded();
  TinyFolder other = folder;
  other[4].first = "model-00003-of-00003.safetensors";
  EXPECT_EQ(StatusOf(other).code(), ErrorCode::kModelFiles);
  EXPECT_EQ(StatusOf({folder[0], folder[1], folder[2], folder[3], folder[3]}).code(),
            ErrorCode::kModelFiles);
  EXPECT_EQ(StatusOf({folder[0], folder[1], folder[2], folder[3]}).code(), ErrorCode::kModelFiles);
}

TEST(HfShards, TensorsInOtherFilesThanTheIndexSaysAreRefused) {
  TinyFolder folder = Sharded();
  std::swap(folder[3].second, folder[4].second);
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kModelIndex);
  folder = Sharded();
  Json index = *ParseJson(folder[2].second, "index");
  index["weight_map"]["more"] = folder[3].first;
  folder[2].second = BytesOf(index);
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kModelIndex);
}

TEST(HfIndex, TensorsThatItDoesNotNameAreRefused) {
  const auto index = HfIndex::Parse(AsBytes(R"({"weight_map": {"a": "f", "b": "g"}})"));
  ASSERT_TRUE(index.ok()) << index.status().message();
  EXPECT_TRUE(index->Check("f", {{.name = "a"}}).ok());
  EXPECT_EQ(index->Check("f", {{.name = "c"}}).code(), ErrorCode::kModelIndex);
  EXPECT_EQ(index->Check("f", {{.name = "b"}}).code(), ErrorCode::kModelIndex);
  EXPECT_EQ(index->Check("f", {}).code(), ErrorCode::kModelIndex);
}

TEST(HfIndex, EveryOtherFormIsRefused) {
  for (const char* json : {"[]", "{}", R"({"weight_map": []})", R"({"weight_map": {}})",
                           R"({"weight_map": {"a": 1}})"}) {
    EXPECT_EQ(HfIndex::Parse(AsBytes(json)).code(), ErrorCode::kModelIndex) << json;
  }
  EXPECT_EQ(HfIndex::Parse(AsBytes("{")).code(), ErrorCode::kJsonSyntax);
}

// Nothing of the file is held twice: what it becomes, and rows of one group.
TEST(HfLoading, TakesAQuarterMoreMemoryThanTheWeightsAtMost) {
  const TinyModel tiny = {
      .type = WeightType::kBF16, .layers = 16, .hidden = 512, .intermediate = 1024};
  const TinyFolder folder = TinyFolderOf(tiny);
  const PeakMemory peak;
  const auto model = LoadFolder(folder, {}, 10'000);
  ASSERT_TRUE(model.ok());
  const auto bytes =
      (*ParseJson(AsBytes((*model)->description()), "description"))["weightBytes"].get<uint64_t>();
  EXPECT_LE(peak.bytes(), bytes / 4 * 5);
}

// What others made.

TinyFolder SharedModel(const std::filesystem::path& folder) {
  TinyFolder files;
  const Json config = *ParseJson(*ReadFile(folder / "config.json"), "config.json");
  files.emplace_back("config.json", *ReadFile(folder / "config.json"));
  files.emplace_back(
      "tokenizer.json",
      BytesOf(TinyTokenizer(std::min<size_t>(config["vocab_size"].get<size_t>(), 282))));
  files.emplace_back("model.safetensors", *ReadFile(folder / "model.safetensors"));
  return files;
}

void ExpectReferenceLogits(const std::filesystem::path& folder,
                           const std::filesystem::path& reference) {
  const auto model = LoadFolder(SharedModel(folder), kAsF32);
  ASSERT_TRUE(model.ok()) << model.status().message();
  const Json json = *ParseJson(*ReadFile(reference.string() + ".json"), "reference");
  const Bytes bytes = *ReadFile(reference.string() + ".logits.f32");
  std::vector<float> logits(bytes.size() / 4);
  WidenWeights(WeightType::kF32, bytes, logits.data());
  EXPECT_LE(LargestDifference(LogitsOf(**model, json["ids"].get<std::vector<uint32_t>>()), logits),
            1e-4F);
}

TEST(HfLoading, LogitsAreThoseOfTransformers) {
  const auto models = SharedFolder("data/models");
  if (!models) return;
  ExpectReferenceLogits(*models / "stories260K/hf", *models / "stories260K/hf-stories260K");
  ExpectReferenceLogits(*models / "tiny_qwen3", *models / "tiny_qwen3/hf-tiny_qwen3");
}

TEST(HfLoading, WhatIsNoModelIsRefusedClearly) {
  const auto models = SharedFolder("data/models/refuse");
  if (!models) return;
  TinyFolder folder = TinyFolderOf();
  FileOf(folder, "model.safetensors") =
      *ReadFile(*models / "lfs-pointer/adapter_model.safetensors");
  EXPECT_EQ(StatusOf(folder).code(), ErrorCode::kGitLfsPointer);
  EXPECT_EQ(StatusOf(SharedModel(*models / "mlx-4bit-tied")).code(),
            ErrorCode::kQuantizationUnsupported);
}

}  // namespace
}  // namespace andon
