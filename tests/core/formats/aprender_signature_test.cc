#include "formats/aprender_signature.h"

#include <gtest/gtest.h>

#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

TEST(AprenderSignature, MessageHasTheDocumentedForm) {
  const AprenderManifest files = {{"b", {10, *Sha256FromHex(std::string(64, 'b'))}},
                                  {"a/c", {0, *Sha256FromHex(std::string(64, '0'))}}};
  const std::string expected = std::string("APRENDER-SIG-V1\0", 16) +
                               std::string(
                                   "a/c\0"
                                   "0\0",
                                   6) +
                               std::string(64, '0') + "\n" +
                               std::string(
                                   "b\0"
                                   "10\0",
                                   5) +
                               std::string(64, 'b') + "\n";
  EXPECT_EQ(AsText(AprenderSignedMessage(files)), expected);
}

TEST(AprenderSignature, NamesAreSortedAsBytes) {
  AprenderManifest files;
  for (const char* name : {"\xC3\xA9", "z", "Z", "a"}) files[name] = {};
  std::string order;
  for (const auto& [name, record] : files) order += name;
  EXPECT_EQ(order, "Zaz\xC3\xA9");
}

TEST(AprenderSignature, OfAPackageIsValid) {
  const Bytes file = SamplePackage(kSampleSeed);
  const auto container = VerifyAprender(file);
  ASSERT_TRUE(container.ok()) << container.status().message();
  ASSERT_TRUE(container->signature.has_value());
  EXPECT_EQ(container->signature->key, Ed25519PublicKeyOf(kSampleSeed));
  EXPECT_EQ(container->signed_message, AprenderSignedMessage(container->files));
  EXPECT_TRUE(container->files.contains("manifest.json"));
  EXPECT_FALSE(container->files.contains("signature.bin"));
  EXPECT_TRUE(Ed25519Verify(container->signature->key, container->signed_message,
                            container->signature->signature));
}

TEST(AprenderSignature, ReadsWhatItWrites) {
  const AprenderManifest files = ManifestOf(SampleEntries());
  const Bytes entry = WriteAprenderSignature(files, kSampleSeed);
  ASSERT_EQ(entry.size(), 96U);
  const auto signature = ParseAprenderSignature(entry);
  ASSERT_TRUE(signature.ok());
  EXPECT_EQ(signature->key, Ed25519PublicKeyOf(kSampleSeed));
  EXPECT_EQ(signature->signature, Ed25519Sign(kSampleSeed, AprenderSignedMessage(files)));
}

TEST(AprenderSignature, SignatureMalformed) {
  EXPECT_EQ(ParseAprenderSignature(Bytes(95)).code(), ErrorCode::kSignatureMalformed);
  EXPECT_EQ(ParseAprenderSignature(Bytes(97)).code(), ErrorCode::kSignatureMalformed);
}

}  // namespace
}  // namespace andon
