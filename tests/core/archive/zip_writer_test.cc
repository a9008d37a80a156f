#include "archive/zip_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "common/limits.h"

namespace andon {
namespace {

Bytes Written(const std::vector<std::pair<std::string, std::string>>& files,
              ZipMethod method = ZipMethod::kStored) {
  ZipWriter writer;
  for (const auto& [name, content] : files) {
    EXPECT_TRUE(writer.Add(name, AsBytes(content), method).ok()) << name;
  }
  return writer.Finish();
}

std::string ContentOf(const ZipArchive& zip, const ZipEntry& entry) {
  const auto content = zip.ReadAll(entry, limits::kMiB);
  return content.ok() ? std::string(AsText(*content)) : content.status().message();
}

TEST(ZipWriter, ReadsBackWhatWasWritten) {
  for (const ZipMethod method : {ZipMethod::kStored, ZipMethod::kDeflate}) {
    const Bytes file = Written({{"a", ""}, {"b/ü", std::string(1000, 'b')}, {"c", "c"}}, method);
    const auto zip = ZipArchive::Open(file);
    ASSERT_TRUE(zip.ok()) << zip.status().message();
    ASSERT_EQ(zip->entries().size(), 3u);
    EXPECT_EQ(zip->entries()[1].name, "b/ü");
    EXPECT_EQ(zip->entries()[1].method, method);
    EXPECT_EQ(ContentOf(*zip, zip->entries()[0]), "");
    EXPECT_EQ(ContentOf(*zip, zip->entries()[1]), std::string(1000, 'b'));
    EXPECT_EQ(ContentOf(*zip, zip->entries()[2]), "c");
  }
}

TEST(ZipWriter, DeflatesToFewerBytes) {
  const std::string text(100'000, 'x');
  EXPECT_LT(Written({{"a", text}}, ZipMethod::kDeflate).size(), 1000u);
}

TEST(ZipWriter, EmptyArchive) {
  const Bytes file = Written({});
  EXPECT_EQ(file.size(), 22u);
  EXPECT_TRUE(ZipArchive::Open(file).ok());
}

TEST(ZipWriter, StoredDataIsAlignedForEveryLengthOfName) {
  for (size_t length = 1; length <= limits::kMaxEntryNameBytes; ++length) {
    const Bytes file = Written({{"first", "1"}, {std::string(length, 'a'), "2"}});
    const auto zip = ZipArchive::Open(file);
    ASSERT_TRUE(zip.ok()) << zip.status().message();
    for (const ZipEntry& entry : zip->entries()) {
      EXPECT_EQ(entry.data_offset % kZipDataAlignment, 0u);
    }
    EXPECT_LT(file.size(), 600 + 2 * length);
  }
}

TEST(ZipWriter, WritesTheSameBytesEveryTime) {
  EXPECT_EQ(Written({{"a", "1"}, {"b", "2"}}), Written({{"a", "1"}, {"b", "2"}}));
}

TEST(ZipWriter, UnsafeNameIsRefused) {
  ZipWriter writer;
  EXPECT_EQ(writer.Add("../a", {}).code(), ErrorCode::kZipUnsafeName);
  EXPECT_EQ(writer.Add("a/", {}).code(), ErrorCode::kZipUnsafeName);
}

TEST(ZipWriter, DuplicateNameIsRefused) {
  ZipWriter writer;
  EXPECT_TRUE(writer.Add("readme", {}).ok());
  EXPECT_EQ(writer.Add("README", {}).code(), ErrorCode::kZipDuplicateName);
}

TEST(ZipWriter, TooManyEntriesAreRefused) {
  ZipWriter writer;
  for (uint64_t i = 0; i < limits::kMaxArchiveEntries; ++i) {
    ASSERT_TRUE(writer.Add(std::to_string(i), {}).ok());
  }
  EXPECT_EQ(writer.Add("one more", {}).code(), ErrorCode::kZipTooManyEntries);
  EXPECT_TRUE(ZipArchive::Open(writer.Finish()).ok());
}

TEST(ZipWriter, ArchiveBeyondTheFileLimitIsRefused) {
  ZipWriter writer;
  const uint8_t byte = 0;
  // The bytes are not there: the size alone is refused.
  const ByteView huge(&byte, size_t{limits::kMaxAprenderBytes} + 1);
  EXPECT_EQ(writer.Add("a", huge).code(), ErrorCode::kZipEntryTooLarge);
}

}  // namespace
}  // namespace andon
