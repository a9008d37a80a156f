#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "engine/expert_files.h"
#include "engine/expert_signing.h"
#include "formats/soft_prompt.h"
#include "tests/core/support/made_expert.h"

namespace andon {
namespace {

const Ed25519Seed kSeed = {1, 2, 3};
constexpr uint64_t kNow = 1'700'000'000;

ExpertPackOptions Signed() { return {.signing = ExpertSigning{.seed = kSeed, .now = kNow}}; }

ErrorCode CodeOf(const SampleFolder& folder, const ExpertPackOptions& options = {}) {
  return PackFolder(folder, options).status.code();
}

Json MetadataOf(const SampleFolder& folder, const std::string& overrides = "") {
  const Made made = PackFolder(folder, {.metadata = overrides});
  EXPECT_TRUE(made.status.ok()) << made.status.message();
  MemoryInput input(made.file);
  const auto package = ExpertPackage::Open(input);
  return package.ok() ? package->metadata().json : Json();
}

TEST(PackExpert, OpensAsItWasPacked) {
  for (const SampleFolder& folder :
       {LoraFolder(), DoraFolder(), Ia3Folder(), LokrFolder(), LokrFolder(true)}) {
    const Made made = PackFolder(folder);
    ASSERT_TRUE(made.status.ok()) << made.status.message();
    const ExpertOutcome outcome = OpenFile(made.file);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
    EXPECT_EQ(outcome.expert->name(), "expert-sample");
    for (const ExpertSection& section : outcome.expert->sections()) {
      const ByteView bytes =
          *SubRange(made.file, section.offset - section.gap, section.gap + section.stored_length);
      EXPECT_TRUE(outcome.expert->Check(section, bytes, {}).ok()) << section.name;
    }
  }
}

TEST(PackExpert, SameInputGivesTheSameBytes) {
  EXPECT_EQ(PackFolder(LoraFolder(), Signed()).file, PackFolder(LoraFolder(), Signed()).file);
  EXPECT_EQ(PackFolder(LoraFolder(), {.version = 1}).file,
            PackFolder(LoraFolder(), {.version = 1}).file);
}

TEST(PackExpert, CertificatesComeFirstThenLayersThenFiles) {
  SampleFolder folder = LoraFolder();
  folder.Put("grammar.gbnf", "root ::= \"a\"");
  const Made made = PackFolder(folder, Signed());
  std::string types;
  for (const Json& section : made.report["sections"])
    types += section["type"].get<std::string>() + " ";
  EXPECT_EQ(types, "signing-cert params params attachment extension grammar extension ");
  EXPECT_EQ(made.report["sections"][1]["layer"], 0);
  EXPECT_EQ(made.report["signed"], true);
  EXPECT_EQ(made.report["storedBytes"], made.file.size());
  EXPECT_EQ(made.report["sha256"], ToHex(Sha256Of(made.file)));
}

TEST(PackExpert, SelfIssuedCertificateMakesItTrusted) {
  const Made made = PackFolder(LoraFolder(), Signed());
  Policy policy{.allow_unsigned = false, .allow_unknown_signer = false, .now = kNow};
  policy.trusted = {{.key = Ed25519PublicKeyOf(kSeed), .name = "us", .scope = "expert-*"}};
  const ExpertOutcome outcome = OpenFile(made.file, policy);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.message();
  EXPECT_EQ(outcome.verdict.trust, TrustState::kTrusted);
  policy.now = kNow + uint64_t{11} * 365 * 24 * 3600;
  EXPECT_EQ(OpenFile(made.file, policy).status.code(), ErrorCode::kCertificateExpired);
}

TEST(PackExpert, FilesBecomeTheirSections) {
  SampleFolder folder = LoraFolder();
  folder.Put("grammar.gbnf", "root ::= \"a\"");
  folder.Put("README.md", "# Hello");
  folder.Put("LICENSE", "MIT");
  folder.Put("metrics.json", R"({"accuracy":0.9})");
  folder.Put("router.json", R"({"keywords":["sql"]})");
  folder.Put("tokenizer_delta.json", "{}");
  folder.Put("calibration.json", "{}");
  const Made made = PackFolder(folder);
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  for (const auto& [path, content] : folder.files) {
    if (const auto type = SectionTypeOfFile(path)) {
      EXPECT_EQ(ContentOf(made.file, *type), content) << path;
      EXPECT_EQ(FileOfSectionType(static_cast<uint16_t>(*type)), path);
    }
  }
}

TEST(PackExpert, MatrixInSafetensorsIsASoftPrompt) {
  SampleFolder folder = LoraFolder();
  TensorFile matrix, pair, vector;
  matrix.Add("prompt_embeddings", DType::kF16, {3, 4});
  pair.Add("a", DType::kF16, {3, 4}).Add("b", DType::kF16, {3, 4});
  vector.Add("a", DType::kF16, {3});
  folder["soft_prompts/a_long_name_of_style.safetensors"] = matrix.Write();
  folder["pair.safetensors"] = pair.Write();
  folder["vector.safetensors"] = vector.Write();
  folder.Put("broken.safetensors", "x");
  const Made made = PackFolder(folder);
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  const Bytes content = ContentOf(made.file, SectionType::kSoftPrompt);
  const auto prompt = ParseSoftPrompt(content);
  ASSERT_TRUE(prompt.ok());
  EXPECT_EQ(prompt->tokens, 3u);
  EXPECT_EQ(prompt->hidden, 4u);
  size_t attachments = 0;
  for (const Json& section : made.report["sections"])
    attachments += section["type"] == "attachment";
  EXPECT_EQ(attachments, 4u);  // the configuration among them
}

TEST(PackExpert, MetadataComesFromTheManifestOrTheConfiguration) {
  SampleFolder folder = LoraFolder();
  EXPECT_EQ(MetadataOf(folder)["release_counter"], 7);
  folder.files.erase("expert.json");
  folder.Put("manifest.json", R"({"name":"expert-old","version":"0.1.0","author":"me"})");
  EXPECT_EQ(MetadataOf(folder)["author"], "me");
  folder.files.erase("manifest.json");
  PutConfig(folder, {{"peft_type", "LORA"},
                     {"r", 2},
                     {"lora_alpha", 16},
                     {"use_rslora", true},
                     {"base_model_name_or_path", "/home/me/Qwen3-0.6B"}});
  const Json metadata = MetadataOf(folder, R"({"name":"expert-new","version":"0.2.0"})");
  EXPECT_EQ(metadata["adapter"],
            Json({{"kind", "lora"}, {"rank", 2}, {"alpha", 16.0}, {"rank_stabilized", true}}));
  EXPECT_EQ(metadata["base_model"]["name"], "Qwen3-0.6B");
}

TEST(PackExpert, OverridesReplaceAndTakeAway) {
  const Json metadata = MetadataOf(LoraFolder(), R"({"author":"x","release_counter":null})");
  EXPECT_EQ(metadata["author"], "x");
  EXPECT_FALSE(metadata.contains("release_counter"));
}

TEST(PackExpert, ValuesAreConvertedWhereAsked) {
  const Made made = PackFolder(LoraFolder(), {.dtype = DType::kBF16});
  const Bytes content = ContentOf(made.file, SectionType::kParams);
  const auto layer = ParseParams(content, 0);
  ASSERT_TRUE(layer.ok());
  EXPECT_EQ(layer->modules.front().dtype, DType::kBF16);
}

TEST(PackExpert, ExpertWithoutAdapterHasItsTexts) {
  SampleFolder folder;
  folder.Put("expert.json", kSampleExpert);
  folder.Put("grammar.gbnf", "root ::= \"a\"");
  EXPECT_EQ(CodeOf(folder), ErrorCode::kOk);
}

TEST(PackExpert, HalfAnAdapterIsRefused) {
  SampleFolder no_tensors = LoraFolder(), no_config = LoraFolder();
  no_tensors.files.erase("adapter_model.safetensors");
  no_config.files.erase("adapter_config.json");
  EXPECT_EQ(CodeOf(no_tensors), ErrorCode::kPeftTensorMissing);
  EXPECT_EQ(CodeOf(no_config), ErrorCode::kPeftConfig);
}

TEST(PackExpert, MetadataThatIsNotCompleteIsRefused) {
  SampleFolder folder = LoraFolder();
  folder.files.erase("expert.json");
  EXPECT_EQ(CodeOf(folder), ErrorCode::kExpertMetadataField);
  folder.Put("expert.json", "[]");
  EXPECT_EQ(CodeOf(folder), ErrorCode::kExpertMetadataField);
  EXPECT_EQ(CodeOf(folder, {.metadata = "{}"}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(LoraFolder(), {.metadata = "1"}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(LoraFolder(), {.metadata = "{"}), ErrorCode::kJsonSyntax);
  folder.Put("expert.json", std::string(limits::kMaxManifestBytes + 1, ' '));
  EXPECT_EQ(CodeOf(folder), ErrorCode::kJsonTooLarge);
}

TEST(PackExpert, BaseOfOtherShapesIsRefused) {
  const std::string shapes =
      R"({"base_model":{"name":"b","shapes":{"layers":2,"hidden":4,"intermediate":4,"heads":1,)"
      R"("kv_heads":1,"head_dim":6,"vocabulary":9}}})";
  EXPECT_EQ(CodeOf(LoraFolder(), {.metadata = shapes}), ErrorCode::kBaseShapeMismatch);
}

TEST(PackExpert, ValueThatIsNotFiniteIsRefused) {
  SampleFolder folder = LoraFolder();
  Bytes& file = folder["adapter_model.safetensors"];
  const Bytes nan = FromFloats({std::numeric_limits<float>::quiet_NaN()}, DType::kF32);
  std::ranges::copy(nan, file.end() - 4);
  EXPECT_EQ(CodeOf(folder), ErrorCode::kWeightNotFinite);
}

TEST(PackExpert, TextThatIsNotWhatItsNamePromisesIsRefused) {
  SampleFolder folder = LoraFolder();
  folder.Put("metrics.json", "{");
  EXPECT_EQ(CodeOf(folder), ErrorCode::kJsonSyntax);
  folder.Put("metrics.json", "{}");
  folder.Put("README.md", "\xff");
  EXPECT_EQ(CodeOf(folder), ErrorCode::kSectionMalformed);
}

TEST(PackExpert, SoftPromptThatIsNotFiniteIsRefused) {
  SampleFolder folder = LoraFolder();
  TensorFile prompt;
  prompt.Add("p", DType::kF32, {1, 1},
             FromFloats({std::numeric_limits<float>::infinity()}, DType::kF32));
  folder["prompt.safetensors"] = prompt.Write();
  EXPECT_EQ(CodeOf(folder), ErrorCode::kWeightNotFinite);
}

TEST(PackExpert, UnsafePathIsRefused) {
  SampleFolder folder = LoraFolder();
  folder.Put("../evil", "x");
  EXPECT_EQ(CodeOf(folder), ErrorCode::kSectionMalformed);
}

TEST(PackExpert, UnknownVersionIsRefused) {
  EXPECT_EQ(CodeOf(LoraFolder(), {.version = 3}), ErrorCode::kInvalidArgument);
}

TEST(PackExpert, ChainForAnotherKeyOrNameIsRefused) {
  const auto chain = [](std::string scope, const Ed25519Seed& subject) {
    Certificate leaf{.name = "us", .scope = std::move(scope)};
    leaf.subject = Ed25519PublicKeyOf(subject);
    leaf.not_after = kNow;
    return *IssueCertificate(leaf, kSeed);
  };
  ExpertPackOptions options = Signed();
  options.signing->chain = chain("expert-*", kSeed);
  EXPECT_EQ(CodeOf(LoraFolder(), options), ErrorCode::kOk);
  options.signing->chain = chain("expert-*", {9});
  EXPECT_EQ(CodeOf(LoraFolder(), options), ErrorCode::kChainBroken);
  options.signing->chain = chain("expert-other", kSeed);
  EXPECT_EQ(CodeOf(LoraFolder(), options), ErrorCode::kScopeMismatch);
  options.signing->chain = {1};
  EXPECT_NE(CodeOf(LoraFolder(), options), ErrorCode::kOk);
}

TEST(PackExpert, TimeBeyondTheYear9999IsRefused) {
  ExpertPackOptions options = Signed();
  options.signing->now = limits::kMaxTimeSeconds + 1;
  EXPECT_EQ(CodeOf(LoraFolder(), options), ErrorCode::kInvalidArgument);
}

TEST(PackExpert, ProgressReachesItsEndOrStops) {
  uint64_t last = 0, all = 1;
  ExpertPackOptions options;
  options.progress = [&](uint64_t done, uint64_t total) {
    last = done, all = total;
    return Status();
  };
  EXPECT_EQ(CodeOf(LoraFolder(), options), ErrorCode::kOk);
  EXPECT_EQ(last, all);
  int calls = 0;
  options.progress = [&](uint64_t, uint64_t) {
    return ++calls == 3 ? Status(ErrorCode::kInternal, "stop") : Status();
  };
  EXPECT_EQ(CodeOf(LoraFolder(), options), ErrorCode::kInternal);
  EXPECT_EQ(calls, 3);
}

class FailingOutput : public MemoryOutput {
 public:
  explicit FailingOutput(int calls) : calls_(calls) {}
  Status Append(ByteView bytes) override {
    return Spent() ? Failed() : MemoryOutput::Append(bytes);
  }
  Status Read(uint64_t offset, std::span<uint8_t> to) override {
    return Spent() ? Failed() : MemoryOutput::Read(offset, to);
  }
  Status Replace(uint64_t offset, ByteView bytes) override {
    return Spent() ? Failed() : MemoryOutput::Replace(offset, bytes);
  }

 private:
  bool Spent() { return calls_-- <= 0; }
  static Status Failed() { return Status(ErrorCode::kOutputUnwritable, "test"); }
  int calls_;
};

TEST(PackExpert, OutputThatFailsIsReported) {
  SampleFolder folder = LoraFolder();
  int calls = 0;
  for (;; ++calls) {
    FailingOutput out(calls);
    const auto result = PackExpert(folder.listed(), Signed(), out);
    if (result.ok()) break;
    EXPECT_EQ(result.code(), ErrorCode::kOutputUnwritable) << calls;
  }
  EXPECT_GT(calls, 7);
}

TEST(PackExpert, Version1HasTheFilesAndAManifest) {
  SampleFolder folder = LoraFolder();
  folder.Put("tokenizer.json", "{}");
  folder.Put("LICENSE", "MIT");
  const Made made = PackFolder(folder, {.version = 1});
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  std::string paths;
  for (const Json& file : made.report["files"]) paths += file["path"].get<std::string>() + " ";
  EXPECT_EQ(paths,
            "manifest.json adapter_model.safetensors adapter_config.json tokenizer.json LICENSE ");
  EXPECT_EQ(made.report["formatVersion"], "1.0");
  EXPECT_TRUE(OpenFile(made.file).status.ok());
}

TEST(PackExpert, Version1IsSigned) {
  ExpertPackOptions options = Signed();
  options.version = 1;
  const Made made = PackFolder(LoraFolder(), options);
  ASSERT_TRUE(made.status.ok()) << made.status.message();
  EXPECT_EQ(made.report["signed"], true);
  EXPECT_EQ(OpenFile(made.file).verdict.signature, SignatureState::kValid);
}

TEST(PackExpert, Version1RefusesWhatItCannotHold) {
  EXPECT_EQ(CodeOf(LoraFolder(), {.version = 1, .dtype = DType::kF16}),
            ErrorCode::kInvalidArgument);
  ExpertPackOptions options = Signed();
  options.version = 1;
  options.signing->chain = {1};
  EXPECT_EQ(CodeOf(LoraFolder(), options), ErrorCode::kInvalidArgument);
  SampleFolder broken = LoraFolder();
  broken.Put("metrics.json", "{");
  EXPECT_EQ(CodeOf(broken, {.version = 1}), ErrorCode::kJsonSyntax);
}

TEST(IsoTime, IsThatOfTheCalendar) {
  EXPECT_EQ(IsoTime(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(IsoTime(951'782'400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(IsoTime(limits::kMaxTimeSeconds), "9999-12-31T23:59:59Z");
}

}  // namespace
}  // namespace andon
