#include "formats/aprender_package.h"

#include <gtest/gtest.h>

#include "common/limits.h"
#include "tests/attacks/raw_zip.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

// The error of reading the file, whichever of the two steps finds it.
Status Read(ByteView file) {
  const auto container = VerifyAprender(file);
  return container.ok() ? ParseAprender(*container).status() : container.status();
}

ErrorCode CodeOf(ByteView file) { return Read(file).code(); }

void Put(Entries& entries, std::string_view name, Bytes content) {
  entries.insert_or_assign(std::string(name), std::move(content));
}

TEST(AprenderPackage, ReadsWhatItWrites) {
  AprenderContent content = SampleContent();
  content.attachments = {{"notes/readme.txt", BytesOf("hello")}, {"zeros.bin", Bytes(100)}};
  const auto file = WriteAprender(content);
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto container = VerifyAprender(*file);
  ASSERT_TRUE(container.ok()) << container.status().message();
  EXPECT_EQ(container->files.size(), 5U);
  EXPECT_EQ(container->files.at("notes/readme.txt").size, 5U);
  EXPECT_FALSE(container->signature.has_value());
  EXPECT_TRUE(container->signed_message.empty());

  const auto package = ParseAprender(*container);
  ASSERT_TRUE(package.ok()) << package.status().message();
  EXPECT_EQ(package->model.architecture().linear().alpha(), 0.5);
  EXPECT_EQ(package->weights.tensors.size(), 2U);
  EXPECT_TRUE(package->inflated_weights.empty());
}

TEST(AprenderPackage, StoredWeightsAreReadInPlaceAndAligned) {
  const Bytes file = SamplePackage();
  const auto package = ParseAprender(*VerifyAprender(file));
  ASSERT_TRUE(package.ok()) << package.status().message();
  const ByteView data = package->weights.tensors.at("coefficients").data;
  EXPECT_GE(data.data(), file.data());
  EXPECT_LE(data.data() + data.size(), file.data() + file.size());
  EXPECT_EQ((data.data() - file.data()) % 64, 0);
}

TEST(AprenderPackage, DeflatedEntriesAreRead) {
  const Bytes file = PackageOf(SampleEntries(), ZipMethod::kDeflate);
  const auto package = ParseAprender(*VerifyAprender(file));
  ASSERT_TRUE(package.ok()) << package.status().message();
  EXPECT_FALSE(package->inflated_weights.empty());
  EXPECT_EQ(AsText(package->weights.tensors.at("coefficients").data),
            AsText(SampleTensors().at("coefficients").data));
}

TEST(AprenderPackage, WritesTheSameBytesEveryTime) {
  EXPECT_EQ(SamplePackage(kSampleSeed), SamplePackage(kSampleSeed));
}

TEST(AprenderPackage, WriterFillsInSchemaVersionAndChecksums) {
  AprenderContent content = SampleContent();
  content.model.mutable_metadata()->set_schema_version(1);
  content.model.mutable_metadata()->mutable_checksums()->set_manifest_sha256("x");
  const auto file = WriteAprender(content);
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(*file, SamplePackage());
  const auto package = ParseAprender(*VerifyAprender(*file));
  EXPECT_EQ(package->model.metadata().schema_version(), kAprenderSchemaVersion);
  EXPECT_EQ(package->model.metadata().checksums().weights_sha256().size(), 32U);
  EXPECT_EQ(package->model.metadata().checksums().metadata_sha256().size(), 32U);
}

// Nobody should; it is refused all the same.
TEST(AprenderPackage, FileChangedAfterItWasVerified) {
  const Bytes file = PackageOf(SampleEntries(), ZipMethod::kDeflate);
  for (const std::string_view name : {kMetadataEntry, kWeightsEntry}) {
    Bytes changing = file;
    const auto container = VerifyAprender(changing);
    ASSERT_TRUE(container.ok()) << container.status().message();
    changing[static_cast<size_t>(container->zip.Find(name)->data_offset)] ^= 0xFF;
    EXPECT_FALSE(ParseAprender(*container).ok()) << name;
  }
}

TEST(AprenderPackage, LooksLikeAprender) {
  EXPECT_TRUE(LooksLikeAprender(SamplePackage()));
  EXPECT_FALSE(LooksLikeAprender(AsBytes("PK\3")));
  EXPECT_FALSE(LooksLikeAprender(AsBytes("PK\5\6")));
}

TEST(AprenderPackage, NotAZip) { EXPECT_EQ(CodeOf(AsBytes("PK\3\4")), ErrorCode::kZipNoEndRecord); }

TEST(AprenderPackage, ManifestMissing) {
  EXPECT_EQ(CodeOf(ZipOf(SampleEntries())), ErrorCode::kManifestMissing);
}

TEST(AprenderPackage, ManifestLargerThanTheLimit) {
  Entries entries = SampleEntries();
  Put(entries, "manifest.json", Bytes(limits::kMaxManifestBytes + 1, ' '));
  EXPECT_EQ(CodeOf(ZipOf(entries)), ErrorCode::kZipEntryTooLarge);
}

TEST(AprenderPackage, ManifestMalformed) {
  Entries entries = SampleEntries();
  Put(entries, "manifest.json", BytesOf("[]"));
  EXPECT_EQ(CodeOf(ZipOf(entries)), ErrorCode::kManifestMalformed);
}

TEST(AprenderPackage, ManifestFileMissing) {
  Entries listed = SampleEntries();
  Put(listed, "curve.csv", BytesOf("1,2"));
  Entries entries = SampleEntries();
  Put(entries, "manifest.json", WriteAprenderManifest(ManifestOf(listed)));
  EXPECT_EQ(CodeOf(ZipOf(entries)), ErrorCode::kManifestFileMissing);
}

TEST(AprenderPackage, ManifestFileUnlisted) {
  Entries entries = SampleEntries();
  Put(entries, "manifest.json", WriteAprenderManifest(ManifestOf(entries)));
  Put(entries, "curve.csv", BytesOf("1,2"));
  EXPECT_EQ(CodeOf(ZipOf(entries)), ErrorCode::kManifestFileUnlisted);
}

TEST(AprenderPackage, ManifestSizeMismatch) {
  Entries entries = SampleEntries();
  AprenderManifest manifest = ManifestOf(entries);
  ++manifest["metadata.pb"].size;
  Put(entries, "manifest.json", WriteAprenderManifest(manifest));
  EXPECT_EQ(CodeOf(ZipOf(entries)), ErrorCode::kManifestSizeMismatch);
}

TEST(AprenderPackage, ManifestHashMismatch) {
  for (const std::string_view name : {kMetadataEntry, kWeightsEntry}) {
    Entries entries = SampleEntries();
    const Bytes manifest = WriteAprenderManifest(ManifestOf(entries));
    entries.find(name)->second.back() ^= 1;
    Put(entries, "manifest.json", manifest);
    EXPECT_EQ(CodeOf(ZipOf(entries)), ErrorCode::kManifestHashMismatch);
    EXPECT_EQ(CodeOf(ZipOf(entries, ZipMethod::kDeflate)), ErrorCode::kManifestHashMismatch);
  }
}

TEST(AprenderPackage, DamagedEntry) {
  Bytes file = SamplePackage();
  const auto package = ParseAprender(*VerifyAprender(file));
  const auto offset = package->weights.tensors.at("intercept").data.data() - file.data();
  file[static_cast<size_t>(offset)] ^= 1;
  EXPECT_EQ(CodeOf(file), ErrorCode::kZipCrcMismatch);
}

TEST(AprenderPackage, MetadataMissing) {
  Entries entries = SampleEntries();
  entries.erase(std::string(kMetadataEntry));
  EXPECT_EQ(CodeOf(PackageOf(entries)), ErrorCode::kMetadataMissing);
}

TEST(AprenderPackage, WeightsMissing) {
  Entries entries = SampleEntries();
  entries.erase(std::string(kWeightsEntry));
  EXPECT_EQ(CodeOf(PackageOf(entries)), ErrorCode::kWeightsMissing);
}

TEST(AprenderPackage, MetadataTooLarge) {
  Entries entries = SampleEntries();
  Put(entries, kMetadataEntry, Bytes(limits::kMaxMetadataBytes + 1));
  EXPECT_EQ(CodeOf(PackageOf(entries)), ErrorCode::kMetadataTooLarge);
  EXPECT_EQ(CodeOf(PackageOf(entries, ZipMethod::kDeflate)), ErrorCode::kMetadataTooLarge);
}

TEST(AprenderPackage, MetadataMalformed) {
  Entries entries = SampleEntries();
  Put(entries, kMetadataEntry, BytesOf("hello"));
  EXPECT_EQ(CodeOf(PackageOf(entries)), ErrorCode::kMetadataMalformed);
}

TEST(AprenderPackage, WeightsMalformed) {
  Entries entries = SampleEntries();
  Put(entries, kWeightsEntry, BytesOf("hello"));
  EXPECT_EQ(CodeOf(PackageOf(entries)), ErrorCode::kSafetensorsTooShort);
}

TEST(AprenderPackage, WeightsChecksumMismatch) {
  aprender::v2::ModelPackage model = SampleLinear();
  auto& checksums = *model.mutable_metadata()->mutable_checksums();
  checksums.set_weights_sha256(std::string(32, 'x'));
  EXPECT_EQ(CodeOf(PackageWith(model)), ErrorCode::kWeightsChecksumMismatch);
  checksums.set_weights_sha256(std::string(31, 'x'));
  EXPECT_EQ(CodeOf(PackageWith(model)), ErrorCode::kWeightsChecksumMismatch);
  checksums.clear_weights_sha256();
  EXPECT_EQ(CodeOf(PackageWith(model)), ErrorCode::kOk);
}

TEST(AprenderPackage, SignatureMalformed) {
  Entries entries = SampleEntries();
  for (const size_t size : {size_t{0}, size_t{95}, size_t{97}}) {
    Entries with_signature = entries;
    Put(with_signature, "manifest.json", WriteAprenderManifest(ManifestOf(entries)));
    Put(with_signature, "signature.bin", Bytes(size));
    EXPECT_EQ(CodeOf(ZipOf(with_signature)), ErrorCode::kSignatureMalformed) << size;
  }
}

TEST(AprenderPackage, SignedPackageIsNotCompressed) {
  Entries entries = SampleEntries();
  const Bytes manifest = WriteAprenderManifest(ManifestOf(entries));
  Put(entries, "manifest.json", manifest);
  Put(entries, "signature.bin", Bytes(96));
  EXPECT_EQ(CodeOf(ZipOf(entries)), ErrorCode::kOk);
  EXPECT_EQ(CodeOf(ZipOf(entries, ZipMethod::kDeflate)), ErrorCode::kZipNotCanonical);
}

TEST(AprenderPackage, SignedPackageIsInNameOrder) {
  Entries entries = SampleEntries();
  Put(entries, "manifest.json", WriteAprenderManifest(ManifestOf(SampleEntries())));
  Put(entries, "signature.bin", Bytes(96));
  ZipWriter writer;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    EXPECT_TRUE(writer.Add(entry->first, entry->second).ok());
  }
  EXPECT_EQ(CodeOf(writer.Finish()), ErrorCode::kZipNotCanonical);
}

TEST(AprenderPackage, UnsignedPackageMayBeInAnyOrderAndForm) {
  Entries entries = SampleEntries();
  Put(entries, "manifest.json", WriteAprenderManifest(ManifestOf(SampleEntries())));
  attacks::RawZip zip;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    zip.entries.push_back(attacks::Stored(entry->first, AsText(entry->second)));
  }
  EXPECT_EQ(CodeOf(attacks::Build(zip)), ErrorCode::kOk);
}

TEST(AprenderPackage, WriterRefusesReservedAttachments) {
  for (const char* name :
       {"metadata.pb", "weights.safetensors", "manifest.json", "signature.bin"}) {
    AprenderContent content = SampleContent();
    content.attachments[name] = {};
    EXPECT_EQ(WriteAprender(content).code(), ErrorCode::kZipDuplicateName) << name;
  }
}

TEST(AprenderPackage, WriterRefusesUnsafeAttachments) {
  AprenderContent content = SampleContent();
  content.attachments["../up"] = {};
  EXPECT_EQ(WriteAprender(content).code(), ErrorCode::kZipUnsafeName);
}

TEST(AprenderPackage, WriterRefusesWhatTheReaderWould) {
  AprenderContent content = SampleContent();
  content.model.mutable_metadata()->set_version("one");
  EXPECT_EQ(WriteAprender(content).code(), ErrorCode::kModelVersionInvalid);

  content = SampleContent();
  content.tensors[""] = {};
  EXPECT_EQ(WriteAprender(content).code(), ErrorCode::kSafetensorsUnsafeName);

  content = SampleContent();
  for (int i = 0; i < 1022; ++i) content.attachments[std::string(200, 'n') + std::to_string(i)];
  EXPECT_EQ(WriteAprender(content).code(), ErrorCode::kZipTooManyEntries);
}

}  // namespace
}  // namespace andon
