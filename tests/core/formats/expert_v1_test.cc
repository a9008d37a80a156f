#include "formats/expert_v1.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "archive/gzip.h"
#include "archive/zip_writer.h"
#include "codecs/deflate.h"
#include "common/limits.h"
#include "crypto/sha256.h"
#include "tests/attacks/tar_attacks.h"
#include "tests/core/support/peak_memory.h"

namespace andon {
namespace {

using attacks::RawTarEntry;

constexpr Ed25519Seed kSeed = {7};
constexpr std::string_view kTime = "2026-01-02T03:04:05Z";
constexpr std::string_view kManifest =
    R"({"name":"expert-sql","version":"0.3.0","schema_version":"2.0","author":"someone"})";

std::vector<TarEntry> SampleFiles() {
  return {{"README.md", AsBytes("about")},
          {"manifest.json", AsBytes(kManifest)},
          {"adapter_model.safetensors", AsBytes("weights")}};
}

Bytes Packed(const std::vector<TarEntry>& files) { return Gzip(WriteTar(files).value()); }

Bytes SampleSigned() { return WriteExpertV1(SampleFiles(), kSeed, kTime).value(); }

ErrorCode CodeOf(ByteView file) { return ReadExpertV1(file).code(); }

bool Verifies(const ExpertV1& expert) {
  return expert.signature &&
         Ed25519Verify(expert.signature->key, AsBytes(expert.signature->message),
                       expert.signature->signature);
}

// What a signer of version 1 makes of a manifest; independent of SignManifestV1.
struct Signer {
  std::string manifest_hash = "";  // of what it takes for the manifest; empty: not listed
  std::string prefix = "";         // of every text of digits
  std::function<void(Json&)> edit = [](Json&) {};

  Json Integrity() const {
    Json files = {{"README.md", prefix + ToHex(Sha256Of(AsBytes("about")))}};
    std::string message = "README.md:" + ToHex(Sha256Of(AsBytes("about")));
    if (!manifest_hash.empty()) {
      files["manifest.json"] = prefix + manifest_hash;
      message += "\nmanifest.json:" + manifest_hash;
    }
    Json integrity = {{"created_at", kTime},
                      {"publisher", "someone"},
                      {"pubkey", "ed25519:" + ToHex(Ed25519PublicKeyOf(kSeed))},
                      {"signature_algorithm", "Ed25519"},
                      {"signature", prefix + ToHex(Ed25519Sign(kSeed, AsBytes(message)))},
                      {"files", std::move(files)}};
    edit(integrity);
    return integrity;
  }
};

Result<ExpertV1> ReadWith(std::string_view manifest, const std::vector<TarEntry>& more = {}) {
  std::vector<TarEntry> files = {{"README.md", AsBytes("about")},
                                 {"manifest.json", AsBytes(manifest)}};
  files.insert(files.end(), more.begin(), more.end());
  return ReadExpertV1(Packed(files));
}

// A compact manifest whose `integrity` is this.
std::string WithIntegrity(const Json& integrity) {
  Json manifest = ParseJson(AsBytes(kManifest), "manifest").value();
  manifest["integrity"] = integrity;
  return DumpJson(manifest);
}

Result<ExpertV1> ReadSigned(const Signer& signer, const std::vector<TarEntry>& more = {}) {
  return ReadWith(WithIntegrity(signer.Integrity()), more);
}

ErrorCode CodeWhere(const std::function<void(Json&)>& edit) {
  return ReadSigned({.edit = edit}).code();
}

// -- content

TEST(ExpertV1, WhatIsSignedIsReadAndVerifies) {
  const auto expert = ReadExpertV1(SampleSigned());
  ASSERT_TRUE(expert.ok()) << expert.status().message();
  EXPECT_EQ(expert->manifest.name, "expert-sql");
  EXPECT_TRUE(Verifies(*expert));
  EXPECT_EQ(expert->signature->key, Ed25519PublicKeyOf(kSeed));
  EXPECT_TRUE(expert->signature->manifest_covered);
  EXPECT_EQ(AsText(expert->Find("README.md")->content), "about");
  EXPECT_EQ(expert->Find("LICENSE"), nullptr);
}

TEST(ExpertV1, UnsignedIsReadWithoutSignature) {
  const auto expert = ReadExpertV1(Packed(SampleFiles()));
  ASSERT_TRUE(expert.ok()) << expert.status().message();
  EXPECT_FALSE(expert->signature.has_value());
}

TEST(ExpertV1, PicklesAreBytes) {
  const std::string pickle("\x80\x04\x95garbage", 10);
  std::vector<TarEntry> files = SampleFiles();
  for (const char* name : {"training_args.bin", "soft_prompts/a.pt", "optimizer.pt"}) {
    files.push_back({name, AsBytes(pickle)});
  }
  const auto expert = ReadExpertV1(Packed(files));
  ASSERT_TRUE(expert.ok()) << expert.status().message();
  EXPECT_EQ(AsText(expert->Find("training_args.bin")->content), pickle);
}

TEST(ExpertV1, SameEntryTwiceIsOne) {
  RawTarEntry manifest;
  manifest.name = "manifest.json";
  manifest.content = kManifest;
  const auto expert = ReadExpertV1(Gzip(attacks::Tar({manifest, {}, manifest})));
  ASSERT_TRUE(expert.ok()) << expert.status().message();
  EXPECT_EQ(expert->files.size(), 2u);
}

TEST(ExpertV1, ManifestMayBeMissingNowhere) {
  const std::vector<TarEntry> files = {{"README.md", AsBytes("about")}};
  EXPECT_EQ(CodeOf(Packed(files)), ErrorCode::kManifestV1);
  EXPECT_EQ(WriteExpertV1(files, {}, kTime).code(), ErrorCode::kManifestV1);
  EXPECT_EQ(WriteExpertV1(files, kSeed, kTime).code(), ErrorCode::kManifestV1);
}

TEST(ExpertV1, ManifestIsChecked) {
  const std::vector<TarEntry> files = {{"manifest.json", AsBytes("{}")}};
  EXPECT_EQ(CodeOf(Packed(files)), ErrorCode::kManifestV1);
  EXPECT_EQ(WriteExpertV1(files, {}, kTime).code(), ErrorCode::kManifestV1);
  EXPECT_EQ(WriteExpertV1(files, kSeed, kTime).code(), ErrorCode::kManifestV1);
}

TEST(ExpertV1, DuplicateKeysOfTheManifestAreRefused) {
  EXPECT_EQ(
      ReadWith(R"({"name":"expert-a","version":"1.0.0","integrity":null,"integrity":{}})").code(),
      ErrorCode::kJsonDuplicateKey);
}

TEST(ExpertV1, WhatIsInTheArchiveIsChecked) {
  EXPECT_EQ(CodeOf(Gzip(AsBytes("no tar"))), ErrorCode::kTarNoEnd);
  EXPECT_EQ(CodeOf(AsBytes("\x1F\x8B")), ErrorCode::kGzipMalformed);
  EXPECT_EQ(CodeOf(AsBytes("nothing")), ErrorCode::kZipNoEndRecord);
}

// -- ZIP

Bytes Zipped(const std::vector<TarEntry>& files) {
  ZipWriter writer;
  for (const auto& [name, content] : files) {
    EXPECT_TRUE(writer.Add(name, content, ZipMethod::kDeflate).ok());
  }
  return writer.Finish();
}

TEST(ExpertV1, ZipIsReadAsWell) {
  const auto tar = ReadExpertV1(SampleSigned());
  ASSERT_TRUE(tar.ok());
  const auto zip = ReadExpertV1(Zipped(tar->files));
  ASSERT_TRUE(zip.ok()) << zip.status().message();
  EXPECT_TRUE(Verifies(*zip));
  EXPECT_TRUE(zip->signature->manifest_covered);
  ASSERT_EQ(zip->files.size(), tar->files.size());
  for (const TarEntry& entry : tar->files) {
    EXPECT_EQ(AsText(zip->Find(entry.name)->content), AsText(entry.content)) << entry.name;
  }
}

TEST(ExpertV1, DamagedZipIsRefused) {
  Bytes zip = Zipped(SampleFiles());
  zip[30 + 9 + 2] ^= 1;  // in the content of the first entry
  EXPECT_FALSE(ReadExpertV1(zip).ok());
}

TEST(ExpertV1, IsKnownByItsContent) {
  EXPECT_TRUE(LooksLikeExpertV1(AsBytes("\x1F\x8B")));
  EXPECT_TRUE(LooksLikeExpertV1(Zipped(SampleFiles())));
  EXPECT_FALSE(LooksLikeExpertV1(Zipped({{"README.md", {}}})));
  EXPECT_FALSE(LooksLikeExpertV1(Zipped({{"manifest.json", {}}, {"metadata.pb", {}}})));
  EXPECT_FALSE(LooksLikeExpertV1(Zipped({{"manifest.json", {}}, {"weights.safetensors", {}}})));
  EXPECT_FALSE(LooksLikeExpertV1(AsBytes("PK\3\4")));
}

// -- integrity

TEST(ExpertV1, ChangedFileIsRefused) {
  Json manifest = ParseJson(AsBytes(kManifest), "manifest").value();
  manifest["integrity"] = Signer().Integrity();
  const std::string text = DumpJson(manifest);
  EXPECT_EQ(CodeOf(Packed({{"manifest.json", AsBytes(text)}, {"README.md", AsBytes("About")}})),
            ErrorCode::kExpertV1Integrity);
}

TEST(ExpertV1, AddedFileIsRefused) {
  EXPECT_EQ(ReadSigned({}, {{"more", {}}}).code(), ErrorCode::kExpertV1Integrity);
}

TEST(ExpertV1, MissingFileIsRefused) {
  EXPECT_EQ(CodeWhere([](Json& i) { i["files"]["more"] = std::string(64, '0'); }),
            ErrorCode::kExpertV1Integrity);
}

TEST(ExpertV1, HashesThatAreNoneAreRefused) {
  for (const Json& hash : {Json(""), Json("sha256:"), Json(1), Json(std::string(64, 'G'))}) {
    EXPECT_EQ(CodeWhere([&](Json& i) { i["files"]["README.md"] = hash; }), ErrorCode::kManifestV1)
        << hash;
  }
}

TEST(ExpertV1, KeysAndSignaturesThatAreNoneAreRefused) {
  EXPECT_EQ(CodeWhere([](Json& i) { i["pubkey"] = "abc123def456..."; }), ErrorCode::kManifestV1);
  EXPECT_EQ(CodeWhere([](Json& i) { i["signature"] = "abc"; }), ErrorCode::kManifestV1);
}

TEST(ExpertV1, WithoutIntegrityOrPartsOfItThereIsNoSignature) {
  for (const auto& edit : std::vector<std::function<void(Json&)>>{
           [](Json& i) { i = nullptr; }, [](Json& i) { i.erase("files"); },
           [](Json& i) { i["files"] = nullptr; }, [](Json& i) { i.erase("pubkey"); },
           [](Json& i) { i["pubkey"] = ""; }, [](Json& i) { i["pubkey"] = nullptr; },
           [](Json& i) { i.erase("signature"); }, [](Json& i) { i["signature"] = ""; }}) {
    const auto expert = ReadSigned({.edit = edit});
    ASSERT_TRUE(expert.ok()) << expert.status().message();
    EXPECT_FALSE(expert->signature.has_value());
  }
}

TEST(ExpertV1, PrefixesAreTolerated) {
  for (const char* prefix : {"", "sha256:", "hex:", "ed25519:"}) {
    const auto expert = ReadSigned({.prefix = prefix});
    ASSERT_TRUE(expert.ok()) << expert.status().message();
    EXPECT_TRUE(Verifies(*expert)) << prefix;
  }
}

TEST(ExpertV1, OlderNameOfTheKey) {
  const auto expert = ReadSigned({.edit = [](Json& i) {
    i["public_key"] = i["pubkey"];
    i.erase("pubkey");
  }});
  ASSERT_TRUE(expert.ok());
  EXPECT_TRUE(Verifies(*expert));
}

TEST(ExpertV1, SignatureOfOtherContentDoesNotVerify) {
  const auto expert = ReadSigned({.edit = [](Json& i) {
    i["signature"] = ToHex(Ed25519Sign(kSeed, AsBytes("README.md:other")));
  }});
  ASSERT_TRUE(expert.ok());
  EXPECT_FALSE(Verifies(*expert));
}

// -- signature.sig

TEST(ExpertV1, SignatureEntryCountsWhereTheManifestHasNone) {
  const Signer with;
  const Signer without = {.edit = [](Json& i) { i.erase("signature"); }};
  const std::string digits = with.Integrity()["signature"];
  const auto whole = ReadSigned(with);
  ASSERT_TRUE(whole.ok() && whole->signature);
  for (const std::string& content : {digits, digits + "\n", "ed25519:" + digits,
                                     std::string(AsText(ByteView(whole->signature->signature)))}) {
    const auto expert = ReadSigned(without, {{"signature.sig", AsBytes(content)}});
    ASSERT_TRUE(expert.ok()) << expert.status().message();
    EXPECT_TRUE(Verifies(*expert));
    EXPECT_TRUE(ReadSigned(with, {{"signature.sig", AsBytes(content)}}).ok());
  }
}

TEST(ExpertV1, TwoSignaturesThatDifferAreRefused) {
  const std::string other(64, 'x');
  EXPECT_EQ(ReadSigned({}, {{"signature.sig", AsBytes(other)}}).code(),
            ErrorCode::kExpertV1Integrity);
}

TEST(ExpertV1, SignatureEntryThatIsNoneIsRefused) {
  EXPECT_EQ(ReadSigned({}, {{"signature.sig", AsBytes("signed")}}).code(),
            ErrorCode::kExpertV1Integrity);
}

TEST(ExpertV1, SignatureEntryAloneIsAFile) {
  const auto expert = ReadWith(kManifest, {{"signature.sig", AsBytes("signed")}});
  ASSERT_TRUE(expert.ok());
  EXPECT_FALSE(expert->signature.has_value());
}

// -- how far a signature reaches

bool IsCovered(std::string_view hashed, std::string_view before, std::string_view after) {
  const Signer signer = {.manifest_hash = ToHex(Sha256Of(AsBytes(hashed)))};
  const auto expert =
      ReadWith(std::string(before) + DumpJson(signer.Integrity()) + std::string(after));
  EXPECT_TRUE(expert.ok() && Verifies(*expert)) << expert.status().message();
  return expert.ok() && expert->signature && expert->signature->manifest_covered;
}

TEST(ExpertV1, ManifestIsCoveredWithNullForIntegrity) {
  EXPECT_TRUE(IsCovered(R"({"name":"a","version":"1.0.0","integrity":null})",
                        R"({"name":"a","version":"1.0.0","integrity":)", "}"));
  EXPECT_TRUE(
      IsCovered("{\n  \"name\": \"a\",\n  \"integrity\": null,\n  \"version\": \"1.0.0\"\n}\n",
                "{\n  \"name\": \"a\",\n  \"integrity\": ", ",\n  \"version\": \"1.0.0\"\n}\n"));
  // Numbers and escapes stay as their signer wrote them.
  EXPECT_TRUE(IsCovered(R"({"name":"a","version":"1.0.0","x":[5e-5,"\"}\\"],"integrity":null })",
                        R"({"name":"a","version":"1.0.0","x":[5e-5,"\"}\\"],"integrity":)", " }"));
}

TEST(ExpertV1, ManifestIsCoveredWithoutIntegrity) {
  EXPECT_TRUE(IsCovered(R"({"name":"a","version":"1.0.0"})",
                        R"({"name":"a","version":"1.0.0","integrity":)", "}"));
  EXPECT_TRUE(IsCovered(R"({"name":"a", "version":"1.0.0"})", R"({"name":"a", "integrity": )",
                        R"(, "version":"1.0.0"})"));
  EXPECT_TRUE(IsCovered(R"({ "name":"a","version":"1.0.0"})", R"({ "integrity": )",
                        R"( , "name":"a","version":"1.0.0"})"));
}

TEST(ExpertV1, ManifestIsCoveredInAnotherStyle) {
  const std::string_view before = R"({"name":"a",  "version":"1.0.0","integrity":)";
  EXPECT_TRUE(IsCovered(R"({"name":"a","version":"1.0.0","integrity":null})", before, "}"));
  EXPECT_TRUE(IsCovered(
      "{\n  \"name\": \"a\",\n  \"version\": \"1.0.0\",\n  \"integrity\": null\n}", before, "}"));
  EXPECT_TRUE(IsCovered(R"({"name":"a","version":"1.0.0","integrity":null})",
                        R"({"name":"a","version":"1.0.0","integr\u0069ty":)", "}"));
}

TEST(ExpertV1, ChangedManifestIsNotCovered) {
  EXPECT_FALSE(IsCovered(R"({"name":"a","version":"1.0.0","integrity":null})",
                         R"({"name":"b","version":"1.0.0","integrity":)", "}"));
}

TEST(ExpertV1, ManifestThatIsNotListedIsNotCovered) {
  const auto expert = ReadSigned({});
  ASSERT_TRUE(expert.ok() && Verifies(*expert));
  EXPECT_FALSE(expert->signature->manifest_covered);
}

// -- writing

std::vector<std::string> Names(const Result<Bytes>& file) {
  if (!file.ok()) return {file.status().message()};
  const auto expert = ReadExpertV1(*file);
  if (!expert.ok()) return {expert.status().message()};
  std::vector<std::string> names;
  for (const TarEntry& entry : expert->files) names.push_back(entry.name);
  return names;
}

TEST(ExpertV1, EntriesAreWrittenInTheDocumentedOrder) {
  const std::vector<std::string> names = {"manifest.json",
                                          "adapter_model.safetensors",
                                          "adapter_config.json",
                                          "tokenizer.json",
                                          "tokenizer_config.json",
                                          "special_tokens_map.json",
                                          "vocab.json",
                                          "LICENSE",
                                          "README.md",
                                          "grammar.gbnf",
                                          "soft_prompts/a.pt",
                                          "tests/cases.json"};
  std::vector<TarEntry> files;
  for (const std::string& name : names) {
    files.push_back({name, name == "manifest.json" ? AsBytes(kManifest) : AsBytes(name)});
  }
  std::ranges::reverse(files);
  EXPECT_EQ(Names(WriteExpertV1(files, {}, kTime)), names);
  std::vector<std::string> with_signature = names;
  with_signature.push_back("signature.sig");
  EXPECT_EQ(Names(WriteExpertV1(files, kSeed, kTime)), with_signature);
}

TEST(ExpertV1, WritingIsDeterministic) {
  EXPECT_EQ(SampleSigned(), SampleSigned());
  std::vector<TarEntry> files = SampleFiles();
  std::ranges::reverse(files);
  EXPECT_EQ(WriteExpertV1(files, kSeed, kTime).value(), SampleSigned());
}

TEST(ExpertV1, WithoutASeedEveryByteIsKept) {
  const Bytes file = SampleSigned();
  const auto expert = ReadExpertV1(file);
  ASSERT_TRUE(expert.ok());
  EXPECT_EQ(WriteExpertV1(expert->files, {}, "").value(), file);
}

TEST(ExpertV1, SigningAgainReplacesTheSignature) {
  const Bytes file = SampleSigned();
  const auto first = ReadExpertV1(file);
  ASSERT_TRUE(first.ok());
  const auto again = WriteExpertV1(first->files, Ed25519Seed{8}, kTime);
  ASSERT_TRUE(again.ok()) << again.status().message();
  const auto second = ReadExpertV1(*again);
  ASSERT_TRUE(second.ok()) << second.status().message();
  EXPECT_TRUE(Verifies(*second));
  EXPECT_TRUE(second->signature->manifest_covered);
  EXPECT_EQ(second->signature->key, Ed25519PublicKeyOf(Ed25519Seed{8}));
  EXPECT_EQ(second->files.size(), first->files.size());
}

TEST(ExpertV1, IntegritySaysWhoAndWhen) {
  const auto expert = ReadExpertV1(SampleSigned());
  ASSERT_TRUE(expert.ok());
  const Json& integrity = expert->manifest.json["integrity"];
  EXPECT_EQ(integrity["created_at"], kTime);
  EXPECT_EQ(integrity["publisher"], "someone");
  EXPECT_EQ(integrity["signature_algorithm"], "Ed25519");
  EXPECT_EQ(expert->Find("signature.sig")->content.size(), 64u);
}

TEST(ExpertV1, WritingRefusesWhatReadingWould) {
  std::vector<TarEntry> files = SampleFiles();
  files.push_back({"../a", {}});
  EXPECT_EQ(WriteExpertV1(files, {}, kTime).code(), ErrorCode::kTarUnsafeName);
  const auto expert = ReadExpertV1(SampleSigned());
  ASSERT_TRUE(expert.ok());
  files = expert->files;
  files.push_back({"more", {}});
  EXPECT_EQ(WriteExpertV1(files, {}, kTime).code(), ErrorCode::kExpertV1Integrity);
}

// -- memory

void ExpectBoundedMemory(const Bytes& file, ErrorCode code) {
  ASSERT_LT(file.size(), 1'000'000u);
  const PeakMemory peak;
  EXPECT_EQ(CodeOf(file), code);
  EXPECT_LE(peak.bytes(), 64 * limits::kMiB);
}

// Just below what a file of 1 MB may expand to.
TEST(ExpertV1, LargestExpansionTakesBoundedMemory) {
  Bytes noise(970'000);
  uint32_t state = 1;
  for (uint8_t& byte : noise)
    byte = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  std::string content(AsText(noise));
  content.resize(30'000'000, '\0');
  RawTarEntry entry;
  entry.content = content;
  entry.size = "";
  ExpectBoundedMemory(Gzip(attacks::Tar({entry})), ErrorCode::kManifestV1);
}

TEST(ExpertV1, ManifestOfManyValuesTakesBoundedMemory) {
  std::string manifest = R"({"name":"a","version":"1.0.0","integrity":{"files":{)";
  for (int i = 0; i < 12'000; ++i) {
    manifest += "\"" + std::to_string(i) + "\":\"" + std::string(64, '0') + "\",";
  }
  manifest += "\"x\":\"\"}}}";
  RawTarEntry entry;
  entry.name = "manifest.json";
  entry.content = manifest;
  ExpectBoundedMemory(Gzip(attacks::Tar({entry})), ErrorCode::kManifestV1);
}

TEST(ExpertV1, FilesAboveTheLimitAreRefused) {
  // The limit is compared before anything is read, so a view of any bytes will do.
  static const uint8_t byte = 0;
  const ByteView huge(&byte, limits::kMaxExpertV1Bytes + 1);
  EXPECT_EQ(CodeOf(huge), ErrorCode::kFileTooLarge);
}

}  // namespace
}  // namespace andon
