#include "archive/zip.h"

#include <gtest/gtest.h>

#include <string>

#include "common/limits.h"
#include "tests/attacks/zip_attacks.h"
#include "tests/core/support/peak_memory.h"

namespace andon {
namespace {

using attacks::Build;
using attacks::Deflated;
using attacks::RawZip;
using attacks::RawZipEntry;
using attacks::RawZipFields;
using attacks::Stored;

Status Ignore(ByteView) { return Status(); }

// The code with which an archive opens: Ok where it does.
std::string_view OpenCode(ByteView file) {
  const auto zip = ZipArchive::Open(file);
  return ErrorCodeName(zip.ok() ? ErrorCode::kOk : zip.code());
}

std::string_view OpenCode(const RawZipEntry& entry) {
  return OpenCode(Build({.entries = {entry}}));
}

std::string ContentOf(const ZipArchive& zip, std::string_view name) {
  const auto content = zip.ReadAll(*zip.Find(name), limits::kMiB);
  return content.ok() ? std::string(AsText(*content)) : content.status().message();
}

TEST(Zip, ReadsStoredAndDeflatedEntries) {
  const Bytes file = Build(attacks::TwoEntries());
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok()) << zip.status().message();
  ASSERT_EQ(zip->entries().size(), 2u);
  EXPECT_EQ(zip->entries()[0].name, "a.txt");
  EXPECT_EQ(zip->entries()[1].method, ZipMethod::kDeflate);
  EXPECT_EQ(zip->entries()[1].size, 500u);
  EXPECT_EQ(ContentOf(*zip, "a.txt"), "alpha");
  EXPECT_EQ(ContentOf(*zip, "b.txt"), std::string(500, 'b'));
}

TEST(Zip, StoredBytesLieInTheFile) {
  const Bytes file = Build(attacks::TwoEntries());
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok());
  const ByteView stored = zip->StoredBytes(zip->entries()[0]);
  EXPECT_EQ(AsText(stored), "alpha");
  EXPECT_EQ(stored.data(), file.data() + zip->entries()[0].data_offset);
}

TEST(Zip, FindsNothingUnderAnotherName) {
  const Bytes file = Build(attacks::TwoEntries());
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok());
  EXPECT_EQ(zip->Find("A.TXT"), nullptr);
}

TEST(Zip, EmptyArchiveHasNoEntries) {
  const auto zip = ZipArchive::Open(Build({}));
  ASSERT_TRUE(zip.ok()) << zip.status().message();
  EXPECT_TRUE(zip->entries().empty());
}

TEST(Zip, EmptyEntriesAreRead) {
  const Bytes file = Build({.entries = {Stored("a", ""), Deflated("b", "")}});
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok()) << zip.status().message();
  EXPECT_EQ(ContentOf(*zip, "a"), "");
  EXPECT_EQ(ContentOf(*zip, "b"), "");
}

TEST(Zip, NamesThatAreFine) {
  const auto named = [](std::string_view name) {
    return Stored("", "x").Both([&](RawZipFields& fields) {
      fields.name = name;
      fields.flags = 1 << 11;
    });
  };
  for (const std::string& name :
       {std::string("a"), std::string("a/b/c.json"), std::string("..."), std::string("a..b/.c"),
        std::string("données/数据.csv"), std::string(limits::kMaxEntryNameBytes, 'a')}) {
    EXPECT_EQ(OpenCode(named(name)), "Ok") << name;
  }
}

TEST(Zip, WellFormedExtraFieldsChangeNothing) {
  RawZipEntry entry = Stored("a", "x");
  entry.local.extra = std::string("UT\x01\x00z", 5) + std::string("ux\x00\x00", 4);
  entry.central.extra = std::string("UT\x00\x00", 4);
  EXPECT_EQ(OpenCode(entry), "Ok");
}

TEST(Zip, AttributesOfRegularFilesAreFine) {
  RawZipEntry entry = Stored("a", "x");
  entry.external_attributes = 0100644u << 16 | 0x20;  // Unix regular file, MS-DOS archive bit
  EXPECT_EQ(OpenCode(entry), "Ok");
}

TEST(Zip, DeflateLevelFlagsAreFine) {
  RawZipEntry entry = Deflated("a", "x");
  EXPECT_EQ(OpenCode(entry.Both([](RawZipFields& f) { f.flags = 3 << 1; })), "Ok");
}

TEST(Zip, EndMarkWithinStoredDataIsNoEndRecord) {
  std::string weights(1000, '\0');
  for (size_t at : {0u, 100u, 500u, 996u}) weights.replace(at, 4, "PK\x05\x06");
  EXPECT_EQ(OpenCode(Stored("weights", weights)), "Ok");
}

TEST(Zip, WholeArchiveWithinStoredDataIsNoEndRecord) {
  EXPECT_EQ(OpenCode(Stored("inner.zip", AsText(Build(attacks::TwoEntries())))), "Ok");
}

TEST(Zip, EndRecordFartherBackThanAnyCommentIsNotSeen) {
  // 65,535 bytes is the longest comment: with one more between, no reader finds the first one.
  const std::string content = attacks::Empty() + std::string(70'000, 'x');
  EXPECT_EQ(OpenCode(Stored("a", content)), "Ok");
}

TEST(Zip, EntriesUpToTheLimit) {
  RawZip zip;
  for (uint64_t i = 0; i < limits::kMaxArchiveEntries; ++i) {
    zip.entries.push_back(Stored(std::to_string(i), ""));
  }
  EXPECT_EQ(OpenCode(Build(zip)), "Ok");
  zip.entries.push_back(Stored("one more", ""));
  EXPECT_EQ(OpenCode(Build(zip)), "ZipTooManyEntries");
}

TEST(Zip, TotalExpansionIsFreeUpTo10MB) {
  EXPECT_EQ(OpenCode(attacks::Zeros("a", 10'000'000)), "Ok");
}

// An archive of `size` zeros, and random bytes up to about `file_size` bytes in all.
RawZip Expanding(uint32_t size, uint32_t file_size) {
  return {.entries = {attacks::Zeros("a", size),
                      Stored("b", std::string(file_size - size / 1000, 'x'))}};
}

TEST(Zip, TotalExpansionIs100To1Beyond10MB) {
  EXPECT_EQ(OpenCode(Build(Expanding(20'000'000, 210'000))), "Ok");
  EXPECT_EQ(OpenCode(Build(Expanding(20'000'000, 190'000))), "ZipRatio");
}

TEST(Zip, TotalExpansionIs32To1Beyond32MiB) {
  EXPECT_EQ(OpenCode(Build(Expanding(40'000'000, 1'320'000))), "Ok");
  EXPECT_EQ(OpenCode(Build(Expanding(40'000'000, 1'200'000))), "ZipRatio");
}

TEST(Zip, ReadAllRefusesMoreThanItsLimit) {
  const Bytes file = Build(attacks::TwoEntries());
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok());
  EXPECT_TRUE(zip->ReadAll(zip->entries()[1], 500).ok());
  EXPECT_EQ(zip->ReadAll(zip->entries()[1], 499).code(), ErrorCode::kZipEntryTooLarge);
}

TEST(Zip, ReadAllReportsDamage) {
  const Bytes file = attacks::ChangedFields([](RawZipFields& f) { f.crc32 ^= 1; });
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok());
  EXPECT_EQ(zip->ReadAll(zip->entries()[0], 500).code(), ErrorCode::kZipCrcMismatch);
}

TEST(Zip, ErrorOfTheSinkStopsTheStream) {
  const Bytes file =
      Build({.entries = {Stored("a", std::string(200'000, 'x')), attacks::Zeros("b", 200'000)}});
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok());
  for (const ZipEntry& entry : zip->entries()) {
    int pieces = 0;
    const Status status = zip->Read(entry, [&pieces](ByteView) {
      ++pieces;
      return Error(ErrorCode::kOutOfMemory, "sink");
    });
    EXPECT_EQ(status.code(), ErrorCode::kOutOfMemory);
    EXPECT_EQ(pieces, 1);
  }
}

TEST(Zip, ReadsInPiecesAndConstantMemory) {
  const Bytes file = Build({.entries = {attacks::Zeros("a", 9'900'000)}});
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok());
  const PeakMemory peak;
  uint64_t size = 0;
  const Status status = zip->Read(zip->entries()[0], [&size](ByteView piece) {
    EXPECT_LE(piece.size(), 64 * limits::kKiB);
    size += piece.size();
    return Status();
  });
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(size, 9'900'000u);
  EXPECT_LT(peak.bytes(), 256 * limits::kKiB);
}

TEST(Zip, RefusingABombTakesNoMemory) {
  const Bytes file = Build({.entries = {attacks::Zeros("a", 12'000'000)}});
  const PeakMemory peak;
  EXPECT_EQ(OpenCode(file), "ZipRatio");
  EXPECT_LT(peak.bytes(), 64 * limits::kKiB);
}

TEST(Zip, EveryTruncationIsRefused) {
  const Bytes file = Build(attacks::TwoEntries());
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(OpenCode(ByteView(file).first(size)), "Ok") << size;
  }
}

// Whatever one byte is changed to, the archive is refused or its content stays as it was.
TEST(Zip, EveryChangedByteIsHarmless) {
  const Bytes good = Build(attacks::TwoEntries());
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes file = good;
      file[i] ^= static_cast<uint8_t>(1 << bit);
      const auto zip = ZipArchive::Open(file);
      if (!zip.ok()) continue;
      ASSERT_EQ(zip->entries().size(), 2u);
      const bool unread =
          !zip->Read(zip->entries()[0], Ignore).ok() || !zip->Read(zip->entries()[1], Ignore).ok();
      EXPECT_TRUE(unread || (ContentOf(*zip, "a.txt") == "alpha" &&
                             ContentOf(*zip, "b.txt") == std::string(500, 'b')))
          << "byte " << i << ", bit " << bit;
    }
  }
}

}  // namespace
}  // namespace andon
