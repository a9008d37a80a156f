#include <gtest/gtest.h>

#include <string>

#include "archive/gzip.h"
#include "archive/tar.h"
#include "engine/expert_files.h"
#include "formats/attachment.h"
#include "formats/expert_v1.h"
#include "formats/soft_prompt.h"
#include "tests/core/support/made_expert.h"
#include "tests/core/support/sample_adapter.h"
#include "tests/core/support/write_expert.h"

namespace andon {
namespace {

const Ed25519Seed kSeed = {1, 2, 3};
const Ed25519Seed kOther = {4, 5, 6};

ExpertPackOptions Signed() {
  return {.signing = ExpertSigning{.seed = kSeed, .now = 1'700'000'000}};
}

using Listing = std::vector<std::pair<std::string, Bytes>>;

// A package of version 1 with these files in this order.
Bytes V1Of(const Listing& files) {
  std::vector<TarEntry> entries;
  for (const auto& [name, content] : files) entries.push_back({name, content});
  const auto tar = WriteTar(entries);
  EXPECT_TRUE(tar.ok()) << tar.status().message();
  return Gzip(*tar);
}

Listing FilesOf(ByteView v1) {
  const auto package = ReadExpertV1(v1);
  EXPECT_TRUE(package.ok()) << package.status().message();
  Listing files;
  if (!package.ok()) return files;
  for (const TarEntry& entry : package->files) {
    files.emplace_back(entry.name, Bytes(entry.content.begin(), entry.content.end()));
  }
  return files;
}

Bytes Text(std::string_view text) { return Bytes(text.begin(), text.end()); }

// The files of a folder as a package of version 1 has them, others among them.
Listing ListingOf(SampleFolder folder) {
  Listing files = {{"manifest.json", Text(R"({"name":"expert-sample","version":"1.2.3"})")}};
  folder.files.erase("expert.json");
  for (auto& [path, content] : folder.files) files.emplace_back(path, content);
  files.emplace_back("README.md", Text("# Sample"));
  files.emplace_back("tokenizer.json", Text("{}"));
  files.emplace_back("training_args.bin", Text("\x80\x04 a pickle, never parsed"));
  files.emplace_back("LICENSE", Text(""));
  files.emplace_back("tests/a_name_of_more_than_24_bytes.jsonl", Text("{}\n{}\n"));
  return files;
}

void ExpectThereAndBack(const Listing& files) {
  const Bytes v1 = V1Of(files);
  const Made v2 = ConvertFile(v1, 2);
  ASSERT_TRUE(v2.status.ok()) << v2.status.message();
  ASSERT_TRUE(LooksLikeExpert(v2.file));
  const Made back = ConvertFile(v2.file, 1);
  ASSERT_TRUE(back.status.ok()) << back.status.message();
  EXPECT_EQ(FilesOf(back.file), files);
}

TEST(ConvertExpert, KeepsEveryByteOfLora) { ExpectThereAndBack(ListingOf(LoraFolder())); }
TEST(ConvertExpert, KeepsEveryByteOfDora) { ExpectThereAndBack(ListingOf(DoraFolder())); }
TEST(ConvertExpert, KeepsEveryByteOfIa3) { ExpectThereAndBack(ListingOf(Ia3Folder())); }
TEST(ConvertExpert, KeepsEveryByteOfLokr) { ExpectThereAndBack(ListingOf(LokrFolder())); }
TEST(ConvertExpert, KeepsEveryByteOfFactoredLokr) {
  ExpectThereAndBack(ListingOf(LokrFolder(true)));
}
TEST(ConvertExpert, KeepsPaddingOfTheHeader) {
  ExpectThereAndBack(ListingOf(LoraFolder(DType::kF16, 13)));
}

TEST(ConvertExpert, KeepsSoftPromptsAndTextsThatAreBroken) {
  Listing files = ListingOf(LoraFolder());
  TensorFile prompt, endless;
  prompt.Add("p", DType::kF16, {2, 4});
  endless.Add("p", DType::kF16, {1, 1}, {0, 0x7c});  // infinity
  files.emplace_back("style.safetensors", prompt.Write(3));
  files.emplace_back("endless.safetensors", endless.Write());
  files.emplace_back("metrics.json", Text("{"));
  files.emplace_back("expert.json", Text(R"({"name":"expert-sample","version":"1.2.3"})"));
  ExpectThereAndBack(files);
}

TEST(ConvertExpert, KeepsAdaptersOfTwoDtypes) {
  SampleFolder folder = LoraFolder();
  TensorFile tensors;
  const std::string name = ModuleName(0, "self_attn.q_proj");
  tensors.Add(name + ".lora_A.weight", DType::kF16, {2, 4});
  tensors.Add(name + ".lora_B.weight", DType::kF32, {6, 2});
  folder["adapter_model.safetensors"] = tensors.Write();
  ExpectThereAndBack(ListingOf(folder));
}

TEST(ConvertExpert, FolderComesBackFromAPackage) {
  SampleFolder folder = LoraFolder();
  folder.Put("README.md", "# Sample");
  const Made back = ConvertFile(PackFolder(folder).file, 1);
  ASSERT_TRUE(back.status.ok()) << back.status.message();
  Listing files = FilesOf(back.file);
  EXPECT_EQ(files.front().first, "manifest.json");
  files.erase(files.begin());
  folder.files.erase("expert.json");
  EXPECT_EQ(files, Listing(folder.files.begin(), folder.files.end()));
}

// The modules of all layers, packed from the files of a package of version 1.
std::vector<Bytes> LayersOf(ByteView v1) {
  const Made v2 = ConvertFile(v1, 2);
  EXPECT_TRUE(v2.status.ok()) << v2.status.message();
  std::vector<Bytes> layers;
  MemoryInput input(v2.file);
  const auto package = ExpertPackage::Open(input);
  if (!package.ok()) return layers;
  for (const ExpertSection& section : package->index().sections) {
    if (section.type == 1) layers.push_back(*package->Content(section));
  }
  return layers;
}

TEST(ConvertExpert, ConvertedValuesComeBackAsAnAdapterOfTheSameWeights) {
  for (const SampleFolder& folder : {LoraFolder(), DoraFolder(), Ia3Folder()}) {
    const Made v2 = PackFolder(folder, {.dtype = DType::kF16});
    const Made back = ConvertFile(v2.file, 1);
    ASSERT_TRUE(back.status.ok()) << back.status.message();
    EXPECT_EQ(LayersOf(back.file).front(), ContentOf(v2.file, SectionType::kParams));
  }
}

TEST(ConvertExpert, MultipliedFactorsComeBackWhole) {
  const Made v2 = PackFolder(LokrFolder(true));
  const Made back = ConvertFile(v2.file, 1);
  ASSERT_TRUE(back.status.ok()) << back.status.message();
  const Bytes before = ContentOf(v2.file, SectionType::kParams);
  const std::vector<Bytes> after = LayersOf(back.file);
  const auto was = ParseParams(before, 0), is = ParseParams(after.front(), 0);
  ASSERT_TRUE(was.ok() && is.ok());
  EXPECT_EQ(is->modules[0].scale, was->modules[0].scale);
  EXPECT_EQ(is->modules[0].rank, 4);  // so that PEFT keeps w2 of 8 x 5 whole
  EXPECT_EQ(AsText(is->modules[0].b), AsText(was->modules[0].b));
}

// A package that somebody else wrote, without a list of files.
Bytes Foreign(const std::vector<AdapterLayer>& layers, std::vector<SectionContent> sections = {}) {
  std::vector<Bytes> contents;
  contents.reserve(layers.size());
  for (const AdapterLayer& layer : layers) {
    contents.push_back(*WriteParams(layer));
    sections.push_back({.type = 1, .layer = layer.layer, .content = contents.back()});
  }
  const std::string metadata =
      R"({"name":"expert-sample","version":"1.0.0","base_model":{"name":"b"}})";
  const auto file = WriteExpert(AsBytes(metadata), sections, {}, {});
  EXPECT_TRUE(file.ok()) << file.status().message();
  return *file;
}

TEST(ConvertExpert, ForeignPackageBecomesAPeftFolder) {
  for (const AdapterKind kind : {AdapterKind::kLora, AdapterKind::kDora, AdapterKind::kLokr}) {
    SampleAdapter first(0), second(1), outside(kNoLayer);
    first.Add(AdapterTarget::kQ, kind, DType::kF16);
    second.Add(AdapterTarget::kK, kind, DType::kF16, 8, 8);
    second.last().scale = 3;
    outside.Add(AdapterTarget::kLmHead, kind, DType::kF16);
    outside.Add(AdapterTarget::kLmHead, kind, DType::kF16);
    outside.layer().modules[0].target = AdapterTarget::kEmbedTokens;
    if (kind != AdapterKind::kLora) outside.layer().modules.erase(outside.layer().modules.begin());
    const Bytes v2 = Foreign({first.layer(), second.layer(), outside.layer()});
    const Made v1 = ConvertFile(v2, 1);
    ASSERT_TRUE(v1.status.ok()) << v1.status.message();
    const std::vector<Bytes> layers = LayersOf(v1.file);
    ASSERT_EQ(layers.size(), 3u);
    if (kind != AdapterKind::kLokr) EXPECT_EQ(layers[1], *WriteParams(second.layer()));
    const auto layer = ParseParams(layers[1], 1);
    ASSERT_TRUE(layer.ok());
    EXPECT_EQ(layer->modules[0].scale, 3);
  }
}

TEST(ConvertExpert, ForeignTextsHaveTheirUsualNames) {
  const SoftPrompt prompt{
      .tokens = 1, .hidden = 2, .dtype = DType::kF16, .values = AsBytes("abcd")};
  const Bytes soft = *WriteSoftPrompt(prompt),
              attached = *WriteAttachment({"notes", AsBytes("hi")});
  const Bytes v2 = Foreign({}, {{.type = 8, .content = AsBytes("# Docs")},
                                {.type = 4, .content = soft},
                                {.type = 0x9000, .content = AsBytes("?")},
                                {.type = 11, .name = "notes", .content = attached}});
  const Made v1 = ConvertFile(v2, 1);
  ASSERT_TRUE(v1.status.ok()) << v1.status.message();
  std::string names;
  for (const auto& [name, content] : FilesOf(v1.file)) names += name + " ";
  EXPECT_EQ(names, "manifest.json README.md soft_prompt_2.safetensors notes ");
}

TEST(ConvertExpert, WhatPeftDoesNotHaveIsUnsupported) {
  SampleAdapter osd, mixed;
  osd.Add(AdapterTarget::kQ, AdapterKind::kOsd, DType::kF16);
  mixed.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF16);
  mixed.Add(AdapterTarget::kK, AdapterKind::kDora, DType::kF16);
  EXPECT_EQ(ConvertFile(Foreign({osd.layer()}), 1).status.code(), ErrorCode::kPeftUnsupported);
  EXPECT_EQ(ConvertFile(Foreign({mixed.layer()}), 1).status.code(), ErrorCode::kPeftUnsupported);
}

TEST(ConvertExpert, ListThatSectionsContradictIsRefused) {
  const Bytes attached = *WriteAttachment({"notes", AsBytes("hi")});
  const auto code = [&](std::string_view files, std::string_view head = "x") {
    SampleAdapter adapter;
    adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF16);
    const Bytes v2 =
        Foreign({adapter.layer()}, {{.type = kFilesSection, .content = AsBytes(files)},
                                    {.type = kTensorHeadSection, .content = AsBytes(head)},
                                    {.type = 11, .name = "notes", .content = attached}});
    return ConvertFile(v2, 1).status.code();
  };
  EXPECT_EQ(code(R"({"files":[]})"), ErrorCode::kOk);
  for (const char* files :
       {"[]", "{}", R"({"files":1})", R"({"files":[1]})", R"({"files":[{"path":1}]})",
        R"({"files":[{"path":"../a","section":2}]})", R"({"files":[{"path":"a"}]})",
        R"({"files":[{"path":"a","section":9}]})", R"({"files":[{"path":"a","section":-1}]})",
        R"({"files":[{"path":"a","head":9}]})", R"({"files":[{"path":"a","section":2}]})",
        R"({"files":[{"path":"a","section":1}]})", R"({"files":[{"path":"a","head":2}]})",
        R"({"files":[{"path":"a","head":1}]})",
        R"({"files":[{"path":"notes","section":2},{"path":"notes","section":2}]})"}) {
    EXPECT_EQ(code(files), ErrorCode::kSectionMalformed) << files;
  }
  const auto head = [&](const TensorFile& tensors) {
    const Bytes file = tensors.Write();
    const size_t bytes = 8 + tensors.header().dump().size();
    return code(R"({"files":[{"path":"adapter_model.safetensors","head":1}]})",
                AsText(ByteView(file).first(bytes)));
  };
  const std::string name = ModuleName(0, "self_attn.q_proj");
  TensorFile half, more, larger, huge;
  half.Add(name + ".lora_A", DType::kF16, {2, 6});
  more.Add(name + ".lora_A", DType::kF16, {2, 6}).Add(name + ".lora_B", DType::kF16, {4, 2});
  more.Add(name + ".ia3_l", DType::kF16, {1});
  larger.Add(name + ".lora_A", DType::kF16, {2, 7}).Add(name + ".lora_B", DType::kF16, {4, 2});
  huge.Add(name + ".lora_A", DType::kF16, {2, 600});
  for (const TensorFile& tensors : {half, more, larger, huge}) {
    EXPECT_EQ(head(tensors), ErrorCode::kSectionMalformed);
  }
}

TEST(ConvertExpert, SignatureIsDroppedAndSaid) {
  const Made made = PackFolder(LoraFolder(), Signed());
  const Made dropped = ConvertFile(made.file, 1);
  EXPECT_EQ(dropped.report["signatureDropped"], true);
  EXPECT_EQ(dropped.report["signed"], false);
  const Made kept = ConvertFile(made.file, 1, Signed());
  ASSERT_TRUE(kept.status.ok()) << kept.status.message();
  EXPECT_EQ(kept.report["signatureDropped"], false);
  EXPECT_EQ(kept.report["signed"], true);
  EXPECT_EQ(ConvertFile(kept.file, 2).report["signatureDropped"], true);
}

TEST(ConvertExpert, TheSameVersionIsRefused) {
  const Made made = PackFolder(LoraFolder());
  EXPECT_EQ(ConvertFile(made.file, 2).status.code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ConvertFile(V1Of(ListingOf(LoraFolder())), 1).status.code(),
            ErrorCode::kInvalidArgument);
}

TEST(ConvertExpert, Version1TakesNoChanges) {
  const Made made = PackFolder(LoraFolder());
  EXPECT_EQ(ConvertFile(made.file, 1, {.dtype = DType::kF16}).status.code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(ConvertFile(made.file, 1, {.metadata = "{}"}).status.code(),
            ErrorCode::kInvalidArgument);
}

TEST(SignExpert, ReplacesTheSignatureAndKeepsTheContent) {
  const Made unsigned_file = PackFolder(LoraFolder());
  const Made signed_file = SignFile(unsigned_file.file, {.seed = kSeed, .now = 1'700'000'000});
  ASSERT_TRUE(signed_file.status.ok()) << signed_file.status.message();
  const Made again = SignFile(signed_file.file, {.seed = kOther, .now = 1'700'000'000});
  ASSERT_TRUE(again.status.ok()) << again.status.message();
  EXPECT_EQ(again.report["sections"].size(), signed_file.report["sections"].size());
  const ExpertOutcome outcome = OpenFile(again.file);
  EXPECT_EQ(outcome.verdict.signer, Ed25519PublicKeyOf(kOther));
  EXPECT_EQ(FilesOf(ConvertFile(again.file, 1).file),
            FilesOf(ConvertFile(unsigned_file.file, 1).file));
  EXPECT_EQ(signed_file.file, PackFolder(LoraFolder(), Signed()).file);
}

TEST(SignExpert, DamagedFileIsNotSigned) {
  const Made made = PackFolder(LoraFolder());
  for (size_t i = 0; i < made.file.size(); ++i) {
    Bytes damaged = made.file;
    damaged[i] ^= 1;
    EXPECT_FALSE(SignFile(damaged, {.seed = kSeed}).status.ok()) << i;
  }
  Bytes damaged = made.file;
  damaged.back() ^= 1;
  EXPECT_EQ(SignFile(damaged, {.seed = kSeed}).status.code(), ErrorCode::kExpertFileHash);
}

// Writes the hash of the whole file anew, as somebody would who changed it.
void MendHash(Bytes& file) {
  Bytes zeroed = file;
  std::fill(zeroed.begin() + 0x14, zeroed.begin() + 0x74, 0);
  std::ranges::copy(Sha256Of(zeroed), file.begin() + 0x14);
}

TEST(SignExpert, ForgedFileIsNotSigned) {
  Bytes forged = PackFolder(LoraFolder(), Signed()).file;
  forged[0x34] ^= 1;
  EXPECT_EQ(SignFile(forged, {.seed = kSeed}).status.code(), ErrorCode::kSignatureInvalid);
  Bytes bare = PackFolder(LoraFolder()).file;
  bare[0x34] = 1;  // a signature, and no certificate to say whose
  EXPECT_EQ(SignFile(bare, {.seed = kSeed}).status.code(), ErrorCode::kSignatureInvalid);
}

TEST(SignExpert, SectionOfAnotherHashIsNotSigned) {
  Bytes file = PackFolder(LoraFolder()).file;
  file.back() ^= 1;
  MendHash(file);
  EXPECT_EQ(SignFile(file, {.seed = kSeed}).status.code(), ErrorCode::kExpertSectionHash);
  EXPECT_EQ(ConvertFile(file, 1).status.code(), ErrorCode::kExpertSectionHash);
}

TEST(SignExpert, Version1IsSigned) {
  const Made made = SignFile(V1Of(ListingOf(LoraFolder())), {.seed = kSeed, .now = 1'700'000'000});
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  EXPECT_EQ(OpenFile(made.file).verdict.signature, SignatureState::kValid);
}

TEST(SignExpert, ForgedVersion1IsNotSigned) {
  const Made made = SignFile(V1Of(ListingOf(LoraFolder())), {.seed = kSeed});
  Listing files = FilesOf(made.file);
  std::string manifest(files[0].second.begin(), files[0].second.end());
  const std::string key = ToHex(Ed25519PublicKeyOf(kSeed));
  manifest.replace(manifest.find(key), key.size(), ToHex(Ed25519PublicKeyOf(kOther)));
  files[0].second = Text(manifest);
  EXPECT_EQ(SignFile(V1Of(files), {.seed = kSeed}).status.code(), ErrorCode::kSignatureInvalid);
}

TEST(SignExpert, WhatIsNoExpertIsRefused) {
  EXPECT_FALSE(SignFile(Text("nothing of ours"), {.seed = kSeed}).status.ok());
  EXPECT_FALSE(SignFile({}, {.seed = kSeed}).status.ok());
}

}  // namespace
}  // namespace andon
