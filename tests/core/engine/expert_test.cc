#include "engine/expert.h"

#include "common/json.h"
#include "common/limits.h"
#include "engine/describe_layer.h"
#include "engine/expert_integrity.h"
#include "formats/soft_prompt.h"
#include "tests/attacks/raw_expert.h"
#include "tests/core/support/peak_memory.h"
#include "tests/core/support/sample_adapter.h"
#include "tests/core/support/sample_expert.h"

namespace andon {
namespace {

constexpr BaseShapes kBase = {.layers = 2,
                              .hidden = 8,
                              .intermediate = 16,
                              .heads = 1,
                              .kv_heads = 1,
                              .head_dim = 4,
                              .vocabulary = 100};

struct Opened {
  Bytes file;
  std::unique_ptr<Expert> expert;

  Result<const ExpertContent*> Read(uint32_t id) { return ReadSection(*expert, file, id); }
};

Opened Open(const SampleExpert& sample, const Policy& policy = {}) {
  Opened opened{sample.File(), nullptr};
  ExpertOutcome outcome = OpenExpert(opened.file, policy);
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.message();
  opened.expert = std::move(outcome.expert);
  return opened;
}

Status ReadOne(SectionType type, Bytes content, const SectionContent& as = {}) {
  return Open(Unsigned().Add(type, std::move(content), as)).Read(1).status();
}

TEST(Expert, ReadsASectionFromExactlyItsRange) {
  Opened opened = Open(SampleExpert().AddAll());
  const auto needs = opened.expert->Needs(1);
  ASSERT_TRUE(needs.ok());
  const ExpertSection& section = opened.expert->sections()[0];
  EXPECT_EQ(needs->offset + needs->length, section.offset + section.stored_length);
  EXPECT_LT(needs->length - section.stored_length, 256u);
  const auto content = opened.Read(1);
  ASSERT_TRUE(content.ok()) << content.status().message();
  EXPECT_EQ(Bytes((*content)->raw().begin(), (*content)->raw().end()), SampleParams(0));
  EXPECT_EQ((*content)->layer().modules.size(), 1u);
  EXPECT_EQ(*opened.expert->Needs(1), ByteRange{});  // it is kept
  EXPECT_EQ(*opened.expert->Read(1, {}), *content);
}

TEST(Expert, SectionUnknown) {
  Opened opened = Open(SampleExpert().AddAll());
  for (const uint32_t id : {0u, 99u}) {
    EXPECT_EQ(opened.expert->Needs(id).code(), ErrorCode::kSectionUnknown);
    EXPECT_EQ(opened.expert->Read(id, {}).code(), ErrorCode::kSectionUnknown);
  }
}

TEST(Expert, ExpertSectionHash) {
  Opened opened = Open(SampleExpert().AddAll());
  const ByteRange range = *opened.expert->Needs(2);
  opened.file[static_cast<size_t>(range.offset + range.length - 1)] ^= 1;
  EXPECT_EQ(opened.Read(2).code(), ErrorCode::kExpertSectionHash);
  EXPECT_TRUE(opened.Read(1).ok());
}

TEST(Expert, ExpertGap) {
  Opened opened = Open(SampleExpert().AddAll());
  const ExpertSection& section = opened.expert->sections()[1];
  ASSERT_GT(section.gap, 0u);
  opened.file[static_cast<size_t>(section.offset - 1)] = 1;
  EXPECT_EQ(opened.Read(2).code(), ErrorCode::kExpertGap);
}

TEST(Expert, SectionMalformed) {
  const std::string not_utf8 = "\xFF";
  for (const SectionType type :
       {SectionType::kGrammar, SectionType::kLicense, SectionType::kDocs}) {
    EXPECT_EQ(ReadOne(type, BytesOfText(not_utf8)).code(), ErrorCode::kSectionMalformed);
    EXPECT_TRUE(ReadOne(type, BytesOfText("text")).ok());
  }
  EXPECT_EQ(ReadOne(SectionType::kAttachment, BytesOfText("a")).code(),
            ErrorCode::kSectionMalformed);
  EXPECT_EQ(ReadOne(SectionType::kSoftPrompt, BytesOfText("a")).code(),
            ErrorCode::kSectionMalformed);
}

TEST(Expert, JsonSyntax) {
  for (const SectionType type : {SectionType::kRouter, SectionType::kTokenizerDelta,
                                 SectionType::kCalibration, SectionType::kMetrics}) {
    EXPECT_EQ(ReadOne(type, BytesOfText("{")).code(), ErrorCode::kJsonSyntax);
    EXPECT_TRUE(ReadOne(type, BytesOfText("{}")).ok());
  }
}

TEST(Expert, ParamsOfAnotherLayerAreMalformed) {
  EXPECT_EQ(ReadOne(SectionType::kParams, SampleParams(1), {.layer = 0, .critical = true}).code(),
            ErrorCode::kParamsMalformed);
}

TEST(Expert, ExtensionsAreTheirMakersMatter) {
  const auto extension = static_cast<SectionType>(0x8001);
  EXPECT_TRUE(ReadOne(extension, BytesOfText("\xFF anything")).ok());
}

TEST(Expert, BaseShapeMismatch) {
  SampleExpert sample = Unsigned();
  sample.metadata =
      R"({"name":"expert-sample","version":"1.2.3","base_model":{"name":"base","shapes":{"layers":2,)"
      R"("hidden":16,"intermediate":16,"heads":1,"kv_heads":1,"head_dim":4,"vocabulary":9}}})";
  Opened opened = Open(sample.AddLayer(0));
  EXPECT_EQ(opened.Read(1).code(), ErrorCode::kBaseShapeMismatch);
}

TEST(Expert, DescribesALayer) {
  Opened opened = Open(SampleExpert().AddAll());
  const ExpertContent& content = **opened.Read(2);
  const auto json = ParseJson(AsBytes(DescribeLayer(content)), "layer");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["layer"], 1);
  const Json& module = (*json)["modules"][0];
  EXPECT_EQ(module["target"], "q_proj");
  EXPECT_EQ(module["kind"], "lora");
  EXPECT_EQ(module["dtype"], "F32");
  EXPECT_EQ(module["rank"], 2);
  EXPECT_EQ(module["scale"], 0.5);
  EXPECT_FALSE(module.contains("norm"));
  const Json& a = module["tensors"]["a"];
  EXPECT_EQ(a["shape"], (std::vector<int>{2, 8}));
  EXPECT_EQ(a["values"]["count"], 16);
  EXPECT_EQ(content.raw().data() + a["values"]["offset"].get<size_t>(),
            content.layer().modules[0].a.data());
  EXPECT_EQ(module["tensors"]["b"]["shape"], (std::vector<int>{4, 2}));
}

TEST(Expert, SumsALayerUp) {
  Opened opened = Open(SampleExpert().AddAll());
  const ExpertContent& content = **opened.Read(2);
  const auto json = ParseJson(AsBytes(SummarizeLayer(content)), "layer");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["layer"], 1);
  const Json& module = (*json)["modules"][0];
  EXPECT_EQ(module["target"], "q_proj");
  EXPECT_EQ(module["norm"].get<double>(), UpdateNorm(content.layer().modules[0]));
  EXPECT_FALSE(module.contains("tensors"));
}

// Every place that the JSON of a tensor names, as bytes of the content.
ByteView PlaceOf(const Json& tensor, const char* key, const ExpertContent& content, size_t size) {
  return content.raw().subspan(tensor[key]["offset"].get<size_t>(),
                               tensor[key]["count"].get<size_t>() * size);
}

bool SameBytes(ByteView a, ByteView b) { return a.data() == b.data() && a.size() == b.size(); }

Result<ExpertContent> ContentOf(const AdapterLayer& layer) {
  ANDON_ASSIGN_OR_RETURN(Bytes raw, WriteParams(layer));
  ExpertSection section;
  section.type = static_cast<uint16_t>(SectionType::kParams);
  section.layer = layer.layer;
  return ExpertContent::Parse(section, std::move(raw));
}

TEST(DescribeLayer, EveryKindOfDenseTensor) {
  SampleAdapter sample(kNoLayer);
  sample.Add(AdapterTarget::kEmbedTokens, AdapterKind::kLora, DType::kBF16);
  const auto outside = ContentOf(sample.layer());
  ASSERT_TRUE(outside.ok()) << outside.status().message();
  EXPECT_EQ((*ParseJson(AsBytes(DescribeLayer(*outside)), "layer"))["layer"], Json());

  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kQ, AdapterKind::kDora, DType::kF16);
  adapter.Add(AdapterTarget::kK, AdapterKind::kIa3, DType::kF32);
  adapter.Add(AdapterTarget::kV, AdapterKind::kLokr, DType::kF32);
  adapter.Add(AdapterTarget::kO, AdapterKind::kOsd, DType::kF32);
  adapter.Add(AdapterTarget::kDown, AdapterKind::kIa3, DType::kF32, 4, 4);
  adapter.last().feed_forward = true;
  const auto content = ContentOf(adapter.layer());
  ASSERT_TRUE(content.ok()) << content.status().message();
  const Json json = *ParseJson(AsBytes(DescribeLayer(*content)), "layer");
  const std::vector<std::vector<std::vector<int>>> shapes = {
      {{2, 6}, {4, 2}, {4}}, {{4}}, {{2, 2}, {2, 3}}, {{4, 2}, {2}, {2, 6}}, {{4}}};
  for (size_t i = 0; i < shapes.size(); ++i) {
    const Json& tensors = json["modules"][i]["tensors"];
    ASSERT_EQ(tensors.size(), shapes[i].size());
    size_t next = 0;
    for (const auto& [name, tensor] : tensors.items()) {
      EXPECT_EQ(tensor["shape"], shapes[i][next++]) << i << name;
    }
    const AdapterModule& module = content->layer().modules[i];
    EXPECT_TRUE(SameBytes(
        PlaceOf(tensors["a"], "values", *content, static_cast<size_t>(DTypeSize(module.dtype))),
        module.a));
  }
  EXPECT_EQ(json["modules"][4]["feedForward"], true);
}

TEST(DescribeLayer, SparseTensors) {
  for (const SparseFormat format : {SparseFormat::kCsr, SparseFormat::kCsc}) {
    SampleAdapter adapter;
    adapter.Add(AdapterTarget::kQ, AdapterKind::kOsd, DType::kF32);
    adapter.AddResidual(format);
    adapter.MakeFactorsSparse();
    const auto content = ContentOf(adapter.layer());
    ASSERT_TRUE(content.ok()) << content.status().message();
    const Json json = *ParseJson(AsBytes(DescribeLayer(*content)), "layer");
    const Json& tensors = json["modules"][0]["tensors"];
    const AdapterModule& module = content->layer().modules[0];

    const Json& residual = tensors["residual"];
    const bool by_row = format == SparseFormat::kCsr;
    EXPECT_EQ(residual["format"], by_row ? "csr" : "csc");
    EXPECT_EQ(residual["shape"], (std::vector<int>{4, 6}));
    EXPECT_EQ(residual["starts"]["count"], by_row ? 5 : 7);
    EXPECT_EQ(residual["indices"]["count"], 3);
    EXPECT_TRUE(SameBytes(PlaceOf(residual, "values", *content, 4), module.sparse_values));

    const Json& u = tensors["a"];
    EXPECT_EQ(u["format"], "csr");
    EXPECT_EQ(u["starts"]["count"], 5);
    EXPECT_EQ(u["indices"]["count"], 4);
    EXPECT_EQ(u["values"]["count"], 4);
    EXPECT_TRUE(SameBytes(PlaceOf(u, "values", *content, 4), module.a.last(16)));
  }
}

// The budget.

SampleExpert Texts(int count, size_t bytes) {
  SampleExpert sample = Unsigned();
  const auto extension = static_cast<SectionType>(0x8000);
  for (int i = 0; i < count; ++i) sample.Add(extension, Bytes(bytes, static_cast<uint8_t>(i)));
  return sample;
}

TEST(Expert, TheLeastRecentlyUsedGoesFirst) {
  Opened opened = Open(Texts(4, 1000));
  const auto kept = [&opened](uint32_t id) { return *opened.expert->Needs(id) == ByteRange{}; };
  ASSERT_TRUE(opened.Read(1).ok());
  const uint64_t one = opened.expert->cached_bytes();
  EXPECT_GE(one, 1000u);
  opened.expert->SetBudget(3 * one);
  for (const uint32_t id : {2u, 3u, 1u, 4u}) ASSERT_TRUE(opened.Read(id).ok());
  EXPECT_TRUE(kept(1) && !kept(2) && kept(3) && kept(4));
  EXPECT_EQ(opened.expert->cached_bytes(), 3 * one);
  opened.expert->SetBudget(one);
  EXPECT_TRUE(!kept(1) && !kept(3) && kept(4));
}

TEST(Expert, WhatIsLargerThanTheBudgetIsKeptAlone) {
  Opened opened = Open(Texts(2, 1000));
  opened.expert->SetBudget(10);
  ASSERT_TRUE(opened.Read(1).ok());
  ASSERT_TRUE(opened.Read(2).ok());
  EXPECT_FALSE(*opened.expert->Needs(1) == ByteRange{});
  EXPECT_EQ(*opened.expert->Needs(2), ByteRange{});
}

// Integrity.

Status CheckIntegrity(const Expert& expert, ByteView file, size_t piece,
                      const std::optional<BaseShapes>& base = {}) {
  ExpertIntegrity integrity(expert, base);
  for (; !file.empty(); file = file.subspan(std::min(piece, file.size()))) {
    ANDON_RETURN_IF_ERROR(integrity.Update(file.first(std::min(piece, file.size()))));
  }
  return integrity.Finish();
}

TEST(ExpertIntegrity, WholeInPiecesOfAnySize) {
  const Opened opened = Open(SampleExpert().AddAll());
  for (const size_t piece : {size_t{1}, size_t{100}, size_t{1} << 20}) {
    const Status status = CheckIntegrity(*opened.expert, opened.file, piece, kBase);
    EXPECT_TRUE(status.ok()) << status.message();
  }
}

TEST(ExpertIntegrity, SourceChanged) {
  Opened opened = Open(SampleExpert().AddAll());
  opened.file[0x40] ^= 1;
  EXPECT_EQ(CheckIntegrity(*opened.expert, opened.file, 64).code(), ErrorCode::kSourceChanged);
}

TEST(ExpertIntegrity, ExpertSectionHash) {
  Opened opened = Open(SampleExpert().AddAll());
  opened.file.back() ^= 1;
  EXPECT_EQ(CheckIntegrity(*opened.expert, opened.file, 64).code(), ErrorCode::kExpertSectionHash);
}

// Only the hash of the whole file is wrong: its maker's mistake, and signed as it is.
TEST(ExpertIntegrity, ExpertFileHash) {
  Opened opened{Unsigned().AddAll().File(), nullptr};
  opened.file[0x14] ^= 1;
  opened.expert = std::move(OpenExpert(opened.file, Policy{}).expert);
  EXPECT_EQ(CheckIntegrity(*opened.expert, opened.file, 64).code(), ErrorCode::kExpertFileHash);
}

TEST(ExpertIntegrity, BaseShapeMismatch) {
  const Opened opened = Open(SampleExpert().AddAll());
  BaseShapes base = kBase;
  base.hidden = 16;
  EXPECT_EQ(CheckIntegrity(*opened.expert, opened.file, 64, base).code(),
            ErrorCode::kBaseShapeMismatch);
}

// What a newer minor version may have: its hash is all that can be checked.
TEST(ExpertIntegrity, UnknownCodecOfANewerFile) {
  attacks::RawExpert raw;
  raw.minor = 1;
  raw.metadata = ZstdCompress(AsBytes(R"({"name":"expert-raw","version":"1.0.0"})"));
  ExpertSection& section = raw.Add(0x7000, AsBytes("content"));
  section.codec = static_cast<SectionCodec>(9);
  Opened opened{raw.Lay().File(), nullptr};
  Bytes zeroed = opened.file;
  std::fill(zeroed.begin() + 0x14, zeroed.begin() + 0x74, uint8_t{0});
  const Sha256Digest digest = Sha256Of(zeroed);
  std::copy(digest.begin(), digest.end(), opened.file.begin() + 0x14);
  ExpertOutcome outcome = OpenExpert(opened.file, Policy{});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  opened.expert = std::move(outcome.expert);
  EXPECT_EQ(opened.Read(1).code(), ErrorCode::kExpertSectionCodec);
  const Status status = CheckIntegrity(*opened.expert, opened.file, 64);
  EXPECT_TRUE(status.ok()) << status.message();
}

// All that a small file may expand to, read and kept.
TEST(Expert, AHostileFileTakesBoundedMemory) {
  SampleExpert sample = Unsigned();
  const auto extension = static_cast<SectionType>(0x8000);
  for (int i = 0; i < 6; ++i) sample.Add(extension, Bytes(600 * limits::kKiB), {.element_size = 8});
  const Bytes file = sample.File();
  ASSERT_LT(file.size(), 1'000'000u);
  const PeakMemory peak;
  ExpertOutcome outcome = OpenExpert(file, Policy{});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  for (const ExpertSection& section : outcome.expert->sections()) {
    EXPECT_TRUE(ReadSection(*outcome.expert, file, section.id).ok());
  }
  EXPECT_TRUE(CheckIntegrity(*outcome.expert, file, 1 << 16).ok());
  EXPECT_LE(peak.bytes(), 64 * limits::kMiB);
}

// A section is decoded, not only hashed.
TEST(ExpertIntegrity, SectionMalformed) {
  const Opened opened = Open(Unsigned().Add(SectionType::kGrammar, BytesOfText("\xFF")));
  EXPECT_EQ(CheckIntegrity(*opened.expert, opened.file, 64).code(), ErrorCode::kSectionMalformed);
}

}  // namespace
}  // namespace andon
