#include "osd/osd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/limits.h"
#include "tests/core/support/exhaustive.h"
#include "tests/core/support/made_expert.h"

namespace andon {
namespace {

constexpr int kRank = 4, kIn = 40, kOut = 48;
const char* const kModules[] = {"self_attn.q_proj", "mlp.down_proj"};

std::string WeightName(int layer, const std::string& module) {
  return "model.layers." + std::to_string(layer) + "." + module + ".weight";
}

SampleFolder Adapter() {
  SampleFolder folder;
  TensorFile tensors;
  for (int layer : {0, 1}) {
    for (const char* module : kModules) {
      tensors.Add(ModuleName(layer, module) + ".lora_B.weight", DType::kF32, {kOut, kRank});
      tensors.Add(ModuleName(layer, module) + ".lora_A.weight", DType::kF32, {kRank, kIn});
    }
  }
  folder["adapter_model.safetensors"] = tensors.Write();
  PutConfig(folder, {{"peft_type", "LORA"},
                     {"r", kRank},
                     {"lora_alpha", 1},
                     {"base_model_name_or_path", "tiny-base"}});
  folder.Put("expert.json", kSampleExpert);
  folder.Put("grammar.gbnf", "root ::= \"a\"");
  return folder;
}

Bytes Values(uint64_t count, uint32_t seed, float scale = 1) {
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) {
    seed = seed * 1664525 + 1013904223;
    value = scale * (static_cast<float>(seed >> 8) / static_cast<float>(1 << 23) - 1);
  }
  return FromFloats(values, DType::kF32);
}

// A model of one layer; those of another seed differ in q_proj, a norm and the embedding.
SampleFolder Model(uint32_t seed, const Shape& query = {48, 40}) {
  SampleFolder folder;
  TensorFile tensors;
  tensors.Add("model.embed_tokens.weight", DType::kF32, {64, 40}, Values(64 * 40, seed));
  tensors.Add(WeightName(0, "self_attn.q_proj"), DType::kF32, query,
              Values(*ElementCount(query), seed + 1));
  tensors.Add(WeightName(0, "mlp.up_proj"), DType::kF32, {48, 40}, Values(48 * 40, 99));
  folder["model-00001-of-00002.safetensors"] = tensors.Write();
  TensorFile rest;
  rest.Add("model.norm.weight", DType::kF32, {40}, Values(40, seed));
  folder["model-00002-of-00002.safetensors"] = rest.Write();
  return folder;
}

Made Convert(const OsdInput& input, const OsdOptions& options, const ExpertPackOptions& packing) {
  MemoryOutput out;
  const auto result = ConvertToOsd(input, options, packing, out);
  return MadeBy(result, out);
}

OsdOptions Options(int rank = 6, int relaxed = 8) {
  OsdOptions options;
  options.settings.rank = rank;
  options.settings.relaxed = relaxed;
  return options;
}

Made ConvertAdapter(SampleFolder folder, const OsdOptions& options = Options(),
                    const ExpertPackOptions& packing = {}) {
  return Convert({.adapter = folder.listed()}, options, packing);
}

const ExpertPackOptions kNamed = {.metadata = R"({"name":"expert-pair","version":"1.0.0"})"};

Made ConvertPair(SampleFolder base, SampleFolder tuned, const OsdOptions& options = Options(),
                 const ExpertPackOptions& packing = kNamed) {
  return Convert({.base = base.listed(), .tuned = tuned.listed(), .base_name = "tiny"}, options,
                 packing);
}

ErrorCode CodeOf(const Made& made) { return made.status.code(); }

Json MetadataOf(const Made& made) {
  MemoryInput input(made.file);
  return ExpertPackage::Open(input)->metadata().json;
}

TEST(ConvertToOsd, ALoraWithRoomIsKeptExactly) {
  const Made made = ConvertAdapter(Adapter());
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  ASSERT_TRUE(OpenFile(made.file).status.ok());
  const Json& osd = made.report["osd"];
  EXPECT_EQ(osd["modules"].size(), 4U);
  EXPECT_EQ(osd["modules"][0]["module"], "q_proj");
  EXPECT_EQ(osd["modules"][3]["layer"], 1);
  for (const Json& module : osd["modules"]) {
    EXPECT_EQ(module["rank"], kRank);
    EXPECT_LE(module["bytes"], module["budget"]);
    EXPECT_LT(module["error"], 1e-3);
    EXPECT_NEAR(module["energy"], 1, 1e-9);
  }
  EXPECT_LT(osd["total"]["error"], 1e-3);
  EXPECT_EQ(osd["importance"], "magnitude");
}

TEST(ConvertToOsd, MetadataAndOtherFilesAreThoseOfTheSource) {
  const Made made = ConvertAdapter(Adapter());
  const Json metadata = MetadataOf(made);
  EXPECT_EQ(metadata["name"], "expert-sample");
  EXPECT_EQ(metadata["adapter"], Json({{"kind", "osd"}, {"rank", 8}}));
  EXPECT_EQ(metadata["base_model"]["name"], "tiny-base");
  EXPECT_FALSE(ContentOf(made.file, SectionType::kGrammar).empty());
}

TEST(ConvertToOsd, APackageOfEitherVersionGivesTheSame) {
  const Made wanted = ConvertAdapter(Adapter());
  for (const int version : {1, 2}) {
    const Made package = PackFolder(Adapter(), {.version = version});
    MemoryInput input(package.file);
    const Made made = Convert({.package = &input}, Options(), {});
    ASSERT_TRUE(made.status.ok()) << made.status.message();
    EXPECT_EQ(ContentOf(made.file, SectionType::kParams),
              ContentOf(wanted.file, SectionType::kParams));
    EXPECT_EQ(made.report["signatureDropped"], false);
  }
}

TEST(ConvertToOsd, ASignatureOfTheSourceIsDroppedOrMadeAnew) {
  const ExpertSigning signing{.seed = {1, 2, 3}, .now = 1'700'000'000};
  const Made package = PackFolder(Adapter(), {.signing = signing});
  MemoryInput input(package.file);
  EXPECT_EQ(Convert({.package = &input}, Options(), {}).report["signatureDropped"], true);
  const Made again = Convert({.package = &input}, Options(), {.signing = signing});
  EXPECT_EQ(again.report["signed"], true);
  EXPECT_EQ(again.report["signatureDropped"], false);
}

TEST(ConvertToOsd, SameInputGivesTheSameBytes) {
  EXPECT_EQ(ConvertAdapter(Adapter(), Options(3, 4)).file,
            ConvertAdapter(Adapter(), Options(3, 4)).file);
}

TEST(ConvertToOsd, APairBecomesWhatFineTuningChanged) {
  const Made made = ConvertPair(Model(1), Model(2));
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  const Json& osd = made.report["osd"];
  ASSERT_EQ(osd["modules"].size(), 3U);  // up_proj is as it was; the embedding is the head as well
  EXPECT_EQ(osd["modules"][0]["module"], "q_proj");
  EXPECT_EQ(osd["modules"][1]["module"], "embed_tokens");
  EXPECT_EQ(osd["modules"][1]["inFeatures"], 64);
  EXPECT_EQ(osd["modules"][2]["module"], "lm_head");
  EXPECT_EQ(osd["modules"][2]["outFeatures"], 64);
  EXPECT_EQ(osd["leftOut"], Json({"model.norm.weight"}));
  EXPECT_EQ(MetadataOf(made)["base_model"]["name"], "tiny");
}

TEST(ConvertToOsd, APairTakesFurtherFilesButNoAdapter) {
  SampleFolder base = Model(1), tuned = Model(2), extra = Adapter();
  const Made made = Convert(
      {.base = base.listed(), .tuned = tuned.listed(), .extra = extra.listed()}, Options(), {});
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  EXPECT_EQ(MetadataOf(made)["name"], "expert-sample");
  EXPECT_EQ(made.report["osd"]["modules"].size(), 3U);
  EXPECT_FALSE(ContentOf(made.file, SectionType::kGrammar).empty());
}

TEST(ConvertToOsd, TheBaseSaysItsShapesAndTheyAreChecked) {
  Json config = {{"model_type", "qwen3"},  {"vocab_size", 64},         {"hidden_size", 40},
                 {"num_hidden_layers", 1}, {"num_attention_heads", 4}, {"num_key_value_heads", 2},
                 {"head_dim", 12},         {"intermediate_size", 48}};
  SampleFolder base = Model(1);
  base.Put("config.json", config.dump());
  const Made made = ConvertPair(base, Model(2));
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  EXPECT_EQ(MetadataOf(made)["base_model"]["shapes"]["hidden"], 40);
  config["head_dim"] = 10;
  base.Put("config.json", config.dump());
  EXPECT_EQ(CodeOf(ConvertPair(base, Model(2))), ErrorCode::kBaseShapeMismatch);
}

TEST(ConvertToOsd, TheGridTakesTheSmallestError) {
  OsdOptions options = Options(3, 3);
  options.grid_ranks = {2, 3, 4};
  options.grid_sparsities = {0, 0.01, 0.9};
  const Made made = ConvertAdapter(Adapter(), options);
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  const Json& osd = made.report["osd"];
  ASSERT_EQ(osd["grid"].size(), 9U);
  double least = 2;
  for (const Json& cell : osd["grid"]) {
    EXPECT_EQ(cell["fits"], cell["sparsity"] != 0.9);
    if (cell["fits"]) least = std::min(least, cell["error"].get<double>());
  }
  EXPECT_DOUBLE_EQ(osd["total"]["error"], least);
}

Made WithGradients(const TensorFile& gradients) {
  const Bytes file = gradients.Write();
  MemoryInput input(file);
  SampleFolder folder = Adapter();
  return Convert({.adapter = folder.listed(), .gradients = &input}, Options(3, 4), {});
}

TensorFile Gradients(const Shape& shape, DType dtype = DType::kF32) {
  TensorFile gradients;
  for (int layer : {0, 1}) {
    for (const char* module : kModules) gradients.Add(WeightName(layer, module), dtype, shape);
  }
  return gradients;
}

TEST(ConvertToOsd, GradientsAreReadByTheNamesOfTheWeights) {
  const Made made = WithGradients(Gradients({kOut, kIn}));
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  EXPECT_EQ(made.report["osd"]["importance"], "gradient");
}

TEST(ConvertToOsd, GradientsOfAnotherShapeNameLayerAndModule) {
  const Made made = WithGradients(Gradients({kIn, kOut}));
  EXPECT_EQ(CodeOf(made), ErrorCode::kBaseShapeMismatch);
  EXPECT_NE(made.status.message().find("layer 0, q_proj"), std::string::npos);
}

TEST(ConvertToOsd, GradientsThatAreMissingOrNoNumbersAreRefused) {
  TensorFile other;
  EXPECT_EQ(CodeOf(WithGradients(other.Add("x", DType::kF32, {2, 2}))), ErrorCode::kTensorMissing);
  EXPECT_EQ(CodeOf(WithGradients(TensorFile())), ErrorCode::kTensorMissing);
  TensorFile whole;
  whole.Add(WeightName(0, kModules[0]), DType::kI32, {2, 2}, Bytes(16));
  EXPECT_EQ(CodeOf(WithGradients(whole)), ErrorCode::kTensorDtype);
  TensorFile cube;
  cube.Add(WeightName(0, kModules[0]), DType::kF32, {2, 2, 2});
  EXPECT_EQ(CodeOf(WithGradients(cube)), ErrorCode::kTensorShape);
  TensorFile infinite;
  infinite.Add(WeightName(0, kModules[0]), DType::kF32, {1, 1},
               FromFloats({std::numeric_limits<float>::infinity()}, DType::kF32));
  EXPECT_EQ(CodeOf(WithGradients(infinite)), ErrorCode::kWeightNotFinite);
}

TEST(ConvertToOsd, OtherKindsOfAdaptersAreRefused) {
  EXPECT_EQ(CodeOf(ConvertAdapter(DoraFolder())), ErrorCode::kPeftUnsupported);
  EXPECT_EQ(CodeOf(ConvertAdapter(Ia3Folder())), ErrorCode::kPeftUnsupported);
  EXPECT_EQ(CodeOf(ConvertAdapter(LokrFolder())), ErrorCode::kPeftUnsupported);
}

TEST(ConvertToOsd, AFolderWithoutBothFilesIsRefused) {
  SampleFolder folder = Adapter();
  folder.files.erase("adapter_config.json");
  EXPECT_EQ(CodeOf(ConvertAdapter(folder)), ErrorCode::kPeftConfig);
  folder = Adapter();
  folder.files.erase("adapter_model.safetensors");
  EXPECT_EQ(CodeOf(ConvertAdapter(folder)), ErrorCode::kPeftTensorMissing);
  folder = Adapter();
  folder["adapter_config.json"] = Bytes(limits::kMaxManifestBytes + 1, ' ');
  EXPECT_EQ(CodeOf(ConvertAdapter(folder)), ErrorCode::kInvalidArgument);
}

TEST(ConvertToOsd, AValueThatIsNoNumberIsRefused) {
  SampleFolder folder = Adapter();
  TensorFile tensors;
  const std::string name = ModuleName(2, "self_attn.k_proj");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  tensors.Add(name + ".lora_A.weight", DType::kF32, {kRank, 1},
              FromFloats({nan, 1, 1, 1}, DType::kF32));
  tensors.Add(name + ".lora_B.weight", DType::kF32, {1, kRank});
  folder["adapter_model.safetensors"] = tensors.Write();
  const Made made = ConvertAdapter(folder);
  EXPECT_EQ(CodeOf(made), ErrorCode::kWeightNotFinite);
  EXPECT_NE(made.status.message().find("layer 2, k_proj"), std::string::npos);
}

TEST(ConvertToOsd, ModelsThatDoNotBelongTogetherAreRefused) {
  const Made made = ConvertPair(Model(1, {40, 48}), Model(2));
  EXPECT_EQ(CodeOf(made), ErrorCode::kBaseShapeMismatch);
  EXPECT_NE(made.status.message().find("layer 0, q_proj"), std::string::npos);
  EXPECT_NE(made.status.message().find("[48, 40]"), std::string::npos);
  EXPECT_NE(made.status.message().find("[40, 48]"), std::string::npos);
  SampleFolder less = Model(2);
  less.files.erase("model-00002-of-00002.safetensors");
  EXPECT_EQ(CodeOf(ConvertPair(Model(1), less)), ErrorCode::kTensorMissing);
  EXPECT_EQ(CodeOf(ConvertPair(less, Model(1))), ErrorCode::kTensorMissing);
  SampleFolder twice = Model(2);
  twice["more.safetensors"] = twice["model-00002-of-00002.safetensors"];
  EXPECT_EQ(CodeOf(ConvertPair(twice, Model(1))), ErrorCode::kTensorDuplicate);
}

TEST(ConvertToOsd, AnUpdateBeyondTheRangeOfTheDtypeIsRefused) {
  SampleFolder folder = Adapter();
  TensorFile tensors;
  const std::string name = ModuleName(0, "self_attn.k_proj");
  tensors.Add(name + ".lora_A.weight", DType::kF32, {1, 2},
              FromFloats({1e38f, 1e38f}, DType::kF32));
  tensors.Add(name + ".lora_B.weight", DType::kF32, {2, 1},
              FromFloats({1e38f, 1e38f}, DType::kF32));
  folder["adapter_model.safetensors"] = tensors.Write();
  PutConfig(folder, {{"peft_type", "LORA"}, {"r", 1}, {"lora_alpha", 3e38}});
  const Made made = ConvertAdapter(folder);
  EXPECT_EQ(CodeOf(made), ErrorCode::kInvalidArgument);
  EXPECT_NE(made.status.message().find("layer 0, k_proj"), std::string::npos);
  EXPECT_NE(made.status.message().find("range of F16"), std::string::npos);
}

// Every bit of a small adapter turned, and every cut of it: it is refused, or what it then says is
// converted to an expert that opens.
TEST(ConvertToOsd, DamagedFilesAreRefusedOrConverted) {
  SampleFolder folder = Adapter();
  TensorFile tensors;
  const std::string name = ModuleName(0, "self_attn.k_proj");
  tensors.Add(name + ".lora_A.weight", DType::kF32, {1, 3});
  tensors.Add(name + ".lora_B.weight", DType::kF32, {2, 1});
  const Bytes whole = tensors.Write();
  PutConfig(folder, {{"peft_type", "LORA"}, {"r", 1}, {"lora_alpha", 1}});
  const auto check = [&](ByteView damaged, const Change& change) {
    folder["adapter_model.safetensors"] = Bytes(damaged.begin(), damaged.end());
    const Made made = ConvertAdapter(folder, Options(8, 2));
    if (made.status.ok()) ASSERT_TRUE(OpenFile(made.file).status.ok()) << change;
  };
  ForEachFlippedBit(whole, check);
  ForEachTruncation(whole, check);
}

TEST(ConvertToOsd, WhereNothingWasChangedThereIsNoExpert) {
  EXPECT_EQ(CodeOf(ConvertPair(Model(1), Model(1))), ErrorCode::kInvalidArgument);
}

TEST(ConvertToOsd, WeightsBeyondTheLimitAreRefusedUnread) {
  class Huge : public InputFile {  // a header, and then more than anyone reads
   public:
    explicit Huge(Bytes head, uint64_t size) : head_(std::move(head)), size_(size) {}
    uint64_t size() const override { return size_; }
    Status Read(uint64_t offset, std::span<uint8_t> to) override {
      if (offset + to.size() > head_.size()) return Error(ErrorCode::kSourceUnreadable, "huge");
      std::copy_n(head_.begin() + static_cast<ptrdiff_t>(offset), to.size(), to.begin());
      return Status();
    }

   private:
    Bytes head_;
    uint64_t size_;
  };
  const uint64_t side = 1 << 14;
  const std::string text = R"({"lm_head.weight":{"dtype":"F32","shape":[16384,16384],)"
                           R"("data_offsets":[0,1073741824]}})";
  Bytes head;
  AppendU64(head, text.size());
  AppendBytes(head, AsBytes(text));
  Huge file(head, head.size() + side * side * sizeof(float));
  const ExpertFiles model = {{"model.safetensors", &file}};
  EXPECT_EQ(CodeOf(Convert({.base = model, .tuned = model}, Options(), kNamed)),
            ErrorCode::kFileTooLarge);
}

TEST(ConvertToOsd, OptionsOutsideTheirRangeAreRefused) {
  const auto code = [](const OsdOptions& options, const ExpertPackOptions& packing = {}) {
    return CodeOf(ConvertAdapter(Adapter(), options, packing));
  };
  EXPECT_EQ(code(Options(0)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Options(1025)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Options(4, 0)), ErrorCode::kInvalidArgument);
  for (const float blend : {0.0f, 1.0f, std::numeric_limits<float>::quiet_NaN()}) {
    OsdOptions options = Options();
    options.settings.blend = blend;
    EXPECT_EQ(code(options), ErrorCode::kInvalidArgument) << blend;
  }
  for (const double sparsity : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    OsdOptions options = Options();
    options.settings.sparsity = sparsity;
    EXPECT_EQ(code(options), ErrorCode::kInvalidArgument) << sparsity;
    options = Options();
    options.grid_ranks = {4};
    options.grid_sparsities = {sparsity};
    EXPECT_EQ(code(options), ErrorCode::kInvalidArgument) << sparsity;
  }
  OsdOptions half = Options();
  half.grid_ranks = {4};
  EXPECT_EQ(code(half), ErrorCode::kInvalidArgument);
  half.grid_sparsities = {0};
  half.grid_ranks = {0};
  EXPECT_EQ(code(half), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Options(), {.version = 1}), ErrorCode::kInvalidArgument);
}

TEST(ConvertToOsd, ABudgetThatHoldsNothingIsRefused) {
  OsdOptions options = Options(1, 2);
  options.settings.sparsity = 0.9;
  const Made made = ConvertAdapter(Adapter(), options);
  EXPECT_EQ(CodeOf(made), ErrorCode::kInvalidArgument);
  EXPECT_NE(made.status.message().find("layer 0, q_proj"), std::string::npos);
  options.grid_ranks = {2};
  options.grid_sparsities = {0.9};
  EXPECT_EQ(CodeOf(ConvertAdapter(Adapter(), options)), ErrorCode::kInvalidArgument);
}

TEST(ConvertToOsd, ProgressCanStopTheSearch) {
  OsdOptions options = Options();
  options.grid_ranks = {2};
  options.grid_sparsities = {0};
  ExpertPackOptions packing;
  packing.progress = [](uint64_t, uint64_t) { return Error(ErrorCode::kOutputUnwritable, "stop"); };
  EXPECT_EQ(CodeOf(ConvertAdapter(Adapter(), options, packing)), ErrorCode::kOutputUnwritable);
}

TEST(OsdInputOf, TellsFilesByTheirFolders) {
  MemoryInput file({});
  const auto pair = OsdInputOf({{"base/a", &file}, {"tuned/b", &file}, {"extra/c", &file}});
  ASSERT_TRUE(pair.ok());
  EXPECT_EQ(pair->base.count("a") + pair->tuned.count("b") + pair->extra.count("c"), 3U);
  EXPECT_TRUE(OsdInputOf({{"package", &file}, {"gradients", &file}})->gradients != nullptr);
  for (const ExpertFiles& files :
       {ExpertFiles{}, ExpertFiles{{"base/a", &file}}, ExpertFiles{{"tuned/a", &file}},
        ExpertFiles{{"adapter/a", &file}, {"package", &file}}}) {
    EXPECT_EQ(OsdInputOf(files).code(), ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace andon
