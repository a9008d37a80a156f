#include "formats/aprender_manifest.h"

#include <gtest/gtest.h>

#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

const std::string kHash(64, 'a');

ErrorCode CodeOf(std::string_view text) { return ParseAprenderManifest(AsBytes(text)).code(); }

// A manifest with one record.
std::string WithRecord(const std::string& record) {
  return R"({"format":"aprender","format_version":2,"files":{"f":)" + record + "}}";
}

TEST(AprenderManifest, ReadsWhatItWrites) {
  const AprenderManifest manifest = ManifestOf(SampleEntries());
  const auto read = ParseAprenderManifest(WriteAprenderManifest(manifest));
  ASSERT_TRUE(read.ok()) << read.status().message();
  ASSERT_EQ(read->size(), manifest.size());
  for (const auto& [name, record] : manifest) {
    EXPECT_EQ(read->at(name).size, record.size);
    EXPECT_EQ(read->at(name).sha256, record.sha256);
  }
}

TEST(AprenderManifest, HasTheDocumentedForm) {
  const AprenderManifest manifest = {{"b", {7, *Sha256FromHex(kHash)}}};
  EXPECT_EQ(AsText(WriteAprenderManifest(manifest)),
            R"({"format":"aprender","format_version":2,"files":{"b":{"size":7,"sha256":")" + kHash +
                R"("}}})");
}

TEST(AprenderManifest, TakesWhiteSpaceAndAnyOrder) {
  EXPECT_EQ(CodeOf(R"({ "files": {}, "format_version": 2, "format": "aprender" })"),
            ErrorCode::kOk);
}

TEST(AprenderManifest, JsonSyntax) { EXPECT_EQ(CodeOf("{"), ErrorCode::kJsonSyntax); }

TEST(AprenderManifest, JsonDuplicateKey) {
  EXPECT_EQ(CodeOf(R"({"format":"aprender","format":"aprender"})"), ErrorCode::kJsonDuplicateKey);
}

TEST(AprenderManifest, ManifestVersion) {
  EXPECT_EQ(CodeOf(R"({"format":"aprender","format_version":3,"files":{}})"),
            ErrorCode::kManifestVersion);
  EXPECT_EQ(CodeOf(R"({"format":"aprender","format_version":1})"), ErrorCode::kManifestVersion);
}

TEST(AprenderManifest, ManifestMalformed) {
  for (const std::string& text : std::initializer_list<std::string>{
           R"([])",
           R"({"format_version":2,"files":{}})",
           R"({"format":"other","format_version":2,"files":{}})",
           R"({"format":7,"format_version":2,"files":{}})",
           R"({"format":"aprender","files":{}})",
           R"({"format":"aprender","format_version":"2","files":{}})",
           R"({"format":"aprender","format_version":2.0,"files":{}})",
           R"({"format":"aprender","format_version":-2,"files":{}})",
           R"({"format":"aprender","format_version":2})",
           R"({"format":"aprender","format_version":2,"files":[]})",
           R"({"format":"aprender","format_version":2,"files":{},"more":1})",
       }) {
    EXPECT_EQ(CodeOf(text), ErrorCode::kManifestMalformed) << text;
  }
}

TEST(AprenderManifest, MalformedRecord) {
  EXPECT_EQ(CodeOf(WithRecord(R"({"size":1,"sha256":")" + kHash + "\"}")), ErrorCode::kOk);
  for (const std::string& record : {
           std::string("7"),
           std::string(R"({"size":1})"),
           R"({"sha256":")" + kHash + "\"}",
           R"({"size":1,"SHA256":")" + kHash + "\"}",
           R"({"bytes":1,"sha256":")" + kHash + "\"}",
           R"({"size":-1,"sha256":")" + kHash + "\"}",
           R"({"size":1.5,"sha256":")" + kHash + "\"}",
           R"({"size":"1","sha256":")" + kHash + "\"}",
           R"({"size":1,"sha256":")" + kHash + R"(","more":1})",
           R"({"size":1,"sha256":")" + kHash + "a\"}",
           R"({"size":1,"sha256":")" + std::string(64, 'A') + "\"}",
           std::string(R"({"size":1,"sha256":7})"),
       }) {
    EXPECT_EQ(CodeOf(WithRecord(record)), ErrorCode::kManifestMalformed) << record;
  }
}

TEST(AprenderManifest, MayNotListItselfOrTheSignature) {
  for (const std::string& name : {std::string("manifest.json"), std::string("signature.bin")}) {
    EXPECT_EQ(CodeOf(R"({"format":"aprender","format_version":2,"files":{")" + name +
                     R"(":{"size":1,"sha256":")" + kHash + "\"}}}"),
              ErrorCode::kManifestMalformed);
  }
}

}  // namespace
}  // namespace andon
