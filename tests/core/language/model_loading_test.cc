#include "language/model_loading.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/half.h"
#include "common/json.h"
#include "formats/gguf.h"
#include "tests/core/support/peak_memory.h"
#include "tests/core/support/tiny_model.h"

namespace andon {
namespace {

using Kind = std::tuple<const char*, WeightType, TokenizerKind>;
class EveryTinyModel : public ::testing::TestWithParam<Kind> {};

TEST_P(EveryTinyModel, LoadsAndComputesNumbers) {
  const auto& [architecture, type, tokenizer] = GetParam();
  const auto model = LoadGguf(TinyGguf({.architecture = architecture,
                                        .type = type,
                                        .tokenizer = tokenizer,
                                        .tied = type != WeightType::kQ8_0}));
  ASSERT_TRUE(model.ok()) << model.status().message();
  for (const float logit : LogitsOf(**model)) ASSERT_TRUE(std::isfinite(logit));
}
INSTANTIATE_TEST_SUITE_P(
    All, EveryTinyModel,
    ::testing::Combine(::testing::Values("llama", "qwen2", "qwen3"),
                       ::testing::Values(WeightType::kF32, WeightType::kF16, WeightType::kBF16,
                                         WeightType::kQ8_0, WeightType::kQ4_0, WeightType::kQ4_1,
                                         WeightType::kQ5_0, WeightType::kQ5_1, WeightType::kQ4_K,
                                         WeightType::kQ5_K, WeightType::kQ6_K),
                       ::testing::Values(TokenizerKind::kBytePairs,
                                         TokenizerKind::kSentencePiece)));

// Small enough to be pushed byte by byte.
TinyModel Smallest(WeightType type = WeightType::kQ8_0) {
  return {.type = type,
          .layers = 1,
          .hidden = 32,
          .intermediate = 32,
          .heads = 2,
          .kv_heads = 1,
          .head_dim = 32};
}

// What TinyGguf makes, and more.
GgufWriter Written(const TinyModel& model) {
  GgufWriter writer;
  WriteConfig(model, writer);
  WriteTokenizer(model, writer);
  WriteTensors(model, writer);
  return writer;
}

TEST(ModelLoading, PiecesOfAnySizeGiveTheSameModel) {
  const Bytes file = TinyGguf(Smallest());
  const auto whole = LoadGguf(file);
  ASSERT_TRUE(whole.ok()) << whole.status().message();
  for (const size_t piece_bytes : {size_t{1}, size_t{7}, size_t{4096}}) {
    ModelLoading loading({});
    ASSERT_TRUE(LoadFile(loading, "model.gguf", file, piece_bytes).ok());
    const auto model = loading.Finish();
    ASSERT_TRUE(model.ok()) << model.status().message();
    EXPECT_EQ(LogitsOf(**model), LogitsOf(**whole));
    EXPECT_EQ((*model)->description(), (*whole)->description());
  }
}

TEST(ModelLoading, DescribesTheModel) {
  const Bytes file = TinyGguf(Smallest());
  const auto model = LoadGguf(file, {.compute_sha256 = true});
  ASSERT_TRUE(model.ok());
  EXPECT_EQ((*model)->sha256(), Sha256Of(file));
  const Json json = *ParseJson(AsBytes((*model)->description()), "description");
  EXPECT_EQ(json["format"], "gguf");
  EXPECT_EQ(json["formatVersion"], 3);
  EXPECT_EQ(json["name"], "tiny");
  EXPECT_TRUE(json["license"].is_null());
  EXPECT_EQ(json["sha256"], ToHex(Sha256Of(file)));
  EXPECT_EQ(json["files"][0]["name"], "model.gguf");
  EXPECT_EQ(json["files"][0]["bytes"], file.size());
  EXPECT_EQ(json["files"][0]["sha256"], json["sha256"]);
  EXPECT_EQ(json["fingerprint"], ToHex(Sha256Of(Sha256Of(file))));  // less than a piece
  EXPECT_EQ(json["architecture"], "qwen3");
  EXPECT_EQ(json["layers"], 1);
  EXPECT_EQ(json["tensorTypes"]["Q8_0"], 8);
  EXPECT_EQ(json["tensorTypes"]["F32"], 5);
  EXPECT_EQ(json["tokenizer"]["kind"], "bpe");
  EXPECT_TRUE(json["chatTemplate"].get<std::string>().starts_with("{% for m"));
}

TEST(ModelLoading, AFileMustHaveTheSha256ThatIsStated) {
  const Bytes file = TinyGguf(Smallest());
  EXPECT_TRUE(LoadGguf(file, {.sha256 = {{"model.gguf", Sha256Of(file)}}}).ok());
  EXPECT_EQ(LoadGguf(file, {.sha256 = {{"model.gguf", Sha256Of({})}}}).code(),
            ErrorCode::kFileHash);
  ModelLoading unlisted({.sha256 = {{"other.gguf", Sha256Of(file)}}});
  EXPECT_EQ(unlisted.Begin("model.gguf", file.size()).code(), ErrorCode::kFileHash);
}

TEST(ModelLoading, NoSha256IsComputedThatNobodyAskedFor) {
  const Bytes file = TinyGguf(Smallest());
  const auto plain = LoadGguf(file), hashed = LoadGguf(file, {.compute_sha256 = true});
  ASSERT_TRUE(plain.ok() && hashed.ok());
  EXPECT_EQ((*plain)->sha256(), std::nullopt);
  EXPECT_EQ((*hashed)->sha256(), Sha256Of(file));
  EXPECT_EQ((*plain)->form(), (*hashed)->form());  // sessions of one are the other's
  const Json json = *ParseJson(AsBytes((*plain)->description()), "description");
  EXPECT_TRUE(json["sha256"].is_null());
  EXPECT_TRUE(json["files"][0]["sha256"].is_null());
}

Status LoadHashed(ByteView file, const Sha256Digest& stated, const FileDigests& computed) {
  ModelLoading loading({.sha256 = {{"model.gguf", stated}}});
  ANDON_RETURN_IF_ERROR(loading.Begin("model.gguf", file.size(), {.pieces = true, .sha256 = true}));
  ANDON_RETURN_IF_ERROR(loading.Push(file));
  return loading.End(computed);
}

TEST(ModelLoading, TheCallerMayHash) {
  const Bytes file = TinyGguf(Smallest());
  const Sha256Digest digest = Sha256Of(file), other = Sha256Of({});
  EXPECT_TRUE(LoadHashed(file, digest, {.pieces = other, .sha256 = digest}).ok());
  EXPECT_EQ(LoadHashed(file, digest, {.pieces = other, .sha256 = other}).code(),
            ErrorCode::kFileHash);
}

TEST(ModelLoading, ACallerWhoDidNotHashIsRefused) {
  const Bytes file = TinyGguf(Smallest());
  const Sha256Digest digest = Sha256Of(file);
  EXPECT_EQ(LoadHashed(file, digest, {.pieces = digest}).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(LoadHashed(file, digest, {.sha256 = digest}).code(), ErrorCode::kInvalidArgument);
}

TEST(ModelLoading, AFileOfAnotherSizeThanItsSourceSaidIsRefused) {
  const Bytes file = TinyGguf(Smallest());
  ModelLoading longer({});
  ASSERT_TRUE(longer.Begin("model.gguf", file.size()).ok());
  ASSERT_TRUE(longer.Push(file).ok());
  EXPECT_EQ(longer.Push(ByteView(file).first(1)).code(), ErrorCode::kSourceChanged);
  ModelLoading shorter({});
  ASSERT_TRUE(shorter.Begin("model.gguf", file.size()).ok());
  ASSERT_TRUE(shorter.Push(ByteView(file).first(file.size() - 1)).ok());
  EXPECT_EQ(shorter.End().code(), ErrorCode::kSourceChanged);
}

TEST(ModelLoading, AFileCutAnywhereIsRefused) {
  const Bytes file = TinyGguf(Smallest());
  for (size_t length = 0; length + 32 < file.size(); length += 61) {
    EXPECT_FALSE(LoadGguf(ByteView(file).first(length)).ok()) << length;
  }
  EXPECT_EQ(LoadGguf({}).code(), ErrorCode::kGgufTruncated);
}

TEST(ModelLoading, APointerOfGitLfsIsRefused) {
  EXPECT_EQ(LoadGguf(AsBytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"))
                .code(),
            ErrorCode::kGitLfsPointer);
}

TEST(ModelLoading, AHeadWithoutEndIsRefused) {
  Bytes start = GgufWriter().FileOf(0, 1);
  start.resize(24);
  AppendBytes(start, GgufText("k"));
  AppendU32(start, static_cast<uint32_t>(GgufType::kArray));
  AppendBytes(start, GgufArray(GgufType::kText, limits::kMaxGgufArray, {}));
  ModelLoading loading({});
  ASSERT_TRUE(loading.Begin("model.gguf", 1 * limits::kGiB).ok());
  Status status = loading.Push(start);
  const Bytes text = GgufText(std::string(1 << 16, 't'));
  for (uint64_t pushed = 0; status.ok() && pushed <= limits::kMaxGgufHeadBytes;
       pushed += text.size()) {
    status = loading.Push(text);
  }
  EXPECT_EQ(status.code(), ErrorCode::kGgufHeadTooLarge);
}

TEST(ModelLoading, BytesBetweenTensorsMustBeZero) {
  Bytes file = TinyGguf(Smallest());
  const auto gguf = ParseGguf(file, file.size());
  const StoredTensor& first = gguf->tensors.front();
  const size_t end = static_cast<size_t>(first.offset + first.bytes);
  ASSERT_NE(end % 32, 0u);
  file[end] = 1;
  EXPECT_EQ(LoadGguf(file).code(), ErrorCode::kGgufPadding);
  file[end] = 0;
  ASSERT_NE(gguf->head_bytes % 32, 0u);
  file[static_cast<size_t>(gguf->head_bytes)] = 1;
  EXPECT_EQ(LoadGguf(file).code(), ErrorCode::kGgufPadding);
}

TEST(ModelLoading, WeightsThatAreNoNumbersAreRefused) {
  for (const WeightType type : {WeightType::kF32, WeightType::kF16, WeightType::kQ8_0}) {
    Bytes file = TinyGguf(Smallest(type));
    const auto gguf = ParseGguf(file, file.size());
    const size_t at = static_cast<size_t>(gguf->Find("blk.0.attn_k.weight")->offset);
    std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), 4, 0xFF);
    EXPECT_EQ(LoadGguf(file).code(), ErrorCode::kWeightNotFinite);
  }
  Bytes file = TinyGguf(Smallest());
  const auto gguf = ParseGguf(file, file.size());
  std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(gguf->Find("output_norm.weight")->offset),
              4, 0xFF);
  EXPECT_EQ(LoadGguf(file).code(), ErrorCode::kWeightNotFinite);
}

TEST(ModelLoading, TensorsThatDoNotFitTheModelAreRefused) {
  const auto with = [](const char* name, const std::vector<uint64_t>& shape, WeightType type) {
    const WeightBlock block = WeightBlockOf(type);
    uint64_t count = 1;
    for (const uint64_t size : shape) count *= size;
    return LoadGguf(Written(Smallest())
                        .Tensor(name, shape, type,
                                Bytes(static_cast<size_t>(count / block.weights * block.bytes)))
                        .File())
        .code();
  };
  EXPECT_EQ(with("blk.0.attn_q.bias", {64}, WeightType::kF32), ErrorCode::kOk);
  EXPECT_EQ(with("blk.0.attn_q.bias", {32}, WeightType::kF32), ErrorCode::kTensorShape);
  EXPECT_EQ(with("blk.0.attn_q.bias", {64}, WeightType::kQ8_0), ErrorCode::kTensorDtype);
  EXPECT_EQ(with("output.weight", {32, 2}, WeightType::kQ8_0), ErrorCode::kTensorShape);
  EXPECT_EQ(with("blk.0.ffn_gate_inp.weight", {32}, WeightType::kF32),
            ErrorCode::kUnsupportedArchitecture);
  EXPECT_EQ(with("blk.1.attn_q.bias", {64}, WeightType::kF32), ErrorCode::kUnsupportedArchitecture);
  EXPECT_EQ(with("model.layers.0.rotary_emb.inv_freq", {16}, WeightType::kF32), ErrorCode::kOk);
}

TEST(ModelLoading, AModelThatLacksATensorIsRefused) {
  GgufWriter writer;
  WriteConfig(Smallest(), writer);
  WriteTokenizer(Smallest(), writer);
  writer.Tensor("token_embd.weight", {32, 285}, WeightType::kQ8_0, Bytes(285 * 34));
  EXPECT_EQ(LoadGguf(writer.File()).code(), ErrorCode::kTensorMissing);
}

TEST(ModelLoading, MoreTokensThanEmbeddingsAreRefused) {
  GgufWriter writer;
  WriteConfig(Smallest(), writer);
  WriteTokenizer(Smallest(), writer);
  writer.Tensor("token_embd.weight", {32, 284}, WeightType::kQ8_0, Bytes(284 * 34));
  EXPECT_EQ(LoadGguf(writer.File()).code(), ErrorCode::kTokenizerError);
}

TEST(ModelLoading, FactorsOfFrequenciesAreTakenFromTheirTensor) {
  const auto with = [](float factor) {
    Bytes factors;
    for (int i = 0; i < 16; ++i) AppendU32(factors, std::bit_cast<uint32_t>(factor));
    return LoadGguf(
        Written(Smallest()).Tensor("rope_freqs.weight", {16}, WeightType::kF32, factors).File());
  };
  const auto model = with(8);
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->config().rope.frequency_factors, std::vector<float>(16, 8));
  EXPECT_EQ(with(0).code(), ErrorCode::kWeightNotFinite);
}

TEST(ModelLoading, MemoryThatDoesNotSufficeIsToldBeforeWeightsAreRead) {
  const Bytes file = TinyGguf();
  const auto model = LoadGguf(file);
  ASSERT_TRUE(model.ok());
  const auto need =
      (*ParseJson(AsBytes((*model)->description()), "description"))["weightBytes"].get<uint64_t>();
  EXPECT_TRUE(LoadGguf(file, {.memory_limit = need}).ok());
  ModelLoading loading({.memory_limit = need - 1});
  ASSERT_TRUE(loading.Begin("model.gguf", file.size()).ok());
  const Status status = loading.Push(ByteView(file).first(64 * limits::kKiB));
  EXPECT_EQ(status.code(), ErrorCode::kOutOfMemory);
  EXPECT_NE(status.message().find(std::to_string(need)), std::string::npos) << status.message();
}

// Weights once, the rows of a group at most beside them.
TEST(ModelLoading, TakesAQuarterMoreMemoryThanTheFileAtMost) {
  for (const WeightType type : {WeightType::kF16, WeightType::kQ8_0, WeightType::kQ4_0,
                                WeightType::kQ4_K, WeightType::kQ6_K}) {
    const Bytes file = TinyGguf({.type = type, .layers = 16, .hidden = 512, .intermediate = 1024});
    const PeakMemory peak;
    ModelLoading loading({});
    ASSERT_TRUE(LoadFile(loading, "model.gguf", file, 10'000).ok());
    ASSERT_TRUE(loading.Finish().ok());
    EXPECT_LE(peak.bytes(), file.size() / 4 * 5) << WeightBlockOf(type).name;
  }
}

// The tensors of a model in two files, as gguf-split cuts them: the pairs are in the first.
std::vector<Bytes> Split(const TinyModel& model, size_t parts = 2,
                         std::optional<uint32_t> tensors_stated = {}) {
  RandomNumbers random(model.seed);
  const auto tensors = TensorsOf(model, kGgufNames);
  std::vector<Bytes> files;
  for (size_t part = 0; part < parts; ++part) {
    GgufWriter writer;
    if (part == 0) {
      WriteConfig(model, writer);
      WriteTokenizer(model, writer);
    }
    writer.Number("split.no", static_cast<uint32_t>(part))
        .Number("split.count", static_cast<uint32_t>(parts));
    writer.Number("split.tensors.count",
                  tensors_stated.value_or(static_cast<uint32_t>(tensors.size())));
    for (size_t i = part * tensors.size() / parts; i < (part + 1) * tensors.size() / parts; ++i) {
      const std::vector<uint64_t>& shape = tensors[i].shape;
      writer.Tensor(tensors[i].name, {shape.rbegin(), shape.rend()},
                    shape.size() == 2 ? model.type : WeightType::kF32,
                    DataOf(model, tensors[i], random));
    }
    files.push_back(writer.File());
  }
  return files;
}

Result<std::unique_ptr<LanguageModel>> LoadParts(const std::vector<Bytes>& parts,
                                                 const ModelLoadOptions& options = {}) {
  ModelLoading loading(options);
  for (size_t i = 0; i < parts.size(); ++i) {
    ANDON_RETURN_IF_ERROR(LoadFile(loading, "part" + std::to_string(i), parts[i], 100));
  }
  return loading.Finish();
}

TEST(SplitGguf, GivesTheSameModelAsOneFile) {
  const auto whole = LoadGguf(TinyGguf(Smallest()));
  for (const size_t parts : {2u, 3u}) {
    const auto model = LoadParts(Split(Smallest(), parts));
    ASSERT_TRUE(model.ok()) << model.status().message();
    EXPECT_EQ(LogitsOf(**model), LogitsOf(**whole));
    EXPECT_NE((*model)->form(), (*whole)->form());
  }
}

TEST(SplitGguf, PartsThatDoNotBelongTogetherAreRefused) {
  const std::vector<Bytes> two = Split(Smallest()), three = Split(Smallest(), 3);
  const auto refused = [](const std::vector<Bytes>& parts) {
    const auto model = LoadParts(parts);
    EXPECT_EQ(model.code(), ErrorCode::kGgufSplit) << model.status().message();
  };
  refused({two[0]});
  refused({two[0], two[0]});
  refused({two[0], three[1]});
  refused({three[0], three[2], three[1]});
  refused({two[0], two[1], two[1]});
  refused({two[0], TinyGguf(Smallest())});
  refused({TinyGguf(Smallest()), two[1]});
  refused({Split(Smallest(), 2, 3)[0], Split(Smallest(), 2, 3)[1]});
  EXPECT_EQ(LoadParts({two[1], two[0]}).code(),
            ErrorCode::kGgufPair);  // the second has no architecture
}

TEST(SplitGguf, APartOfNoneIsRefused) {
  GgufWriter none = Written(Smallest());
  EXPECT_EQ(LoadGguf(none.Number("split.no", 0).Number("split.count", 0).File()).code(),
            ErrorCode::kGgufSplit);
}

TEST(SplitGguf, ATensorInTwoPartsIsRefused) {
  std::vector<Bytes> parts = Split(Smallest(), 2, 14);
  GgufWriter second;
  second.Number("split.no", 1).Number("split.count", 2);
  parts[1] = second.Tensor("output_norm.weight", {32}, WeightType::kF32, Bytes(128)).File();
  EXPECT_EQ(LoadParts({Split(Smallest(), 2, 7)[0], parts[1]}).code(), ErrorCode::kTensorDuplicate);
}

// What later parts need is known from the first one.
TEST(SplitGguf, MemoryThatDoesNotSufficeIsToldInTheFirstPart) {
  const TinyModel model = {.type = WeightType::kQ8_0, .layers = 8};
  const std::vector<Bytes> parts = Split(model);
  ModelLoading loading({.memory_limit = parts[0].size() + parts[1].size() / 2});
  EXPECT_EQ(LoadFile(loading, "first", parts[0]).code(), ErrorCode::kOutOfMemory);
}

}  // namespace
}  // namespace andon
