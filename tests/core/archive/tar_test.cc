#include "archive/tar.h"

#include <gtest/gtest.h>

#include "archive/gzip.h"
#include "common/limits.h"
#include "tests/attacks/tar_attacks.h"
#include "tests/core/support/files.h"

namespace andon {
namespace {

using attacks::Attack;
using attacks::ChangedTar;
using attacks::Raw;
using attacks::RawTarEntry;
using attacks::Tar;

// "name=content" of each entry, or the code.
std::vector<std::string> Read(ByteView archive) {
  const auto entries = ReadTar(archive);
  if (!entries.ok()) return {std::string(ErrorCodeName(entries.code()))};
  std::vector<std::string> read;
  for (const TarEntry& entry : *entries) {
    read.push_back(entry.name + "=" + std::string(AsText(entry.content)));
  }
  return read;
}

using Strings = std::vector<std::string>;

class TarAttacksTest : public testing::TestWithParam<Attack> {};

TEST_P(TarAttacksTest, IsRefused) {
  EXPECT_EQ(Read(GetParam().file), Strings{std::string(ErrorCodeName(GetParam().code))})
      << GetParam().why;
}

INSTANTIATE_TEST_SUITE_P(Tar, TarAttacksTest, testing::ValuesIn(attacks::TarAttacks()),
                         [](const auto& info) { return info.param.name; });

TEST(Tar, EntriesAreReadInOrder) {
  RawTarEntry second;
  second.name = "b/c.txt";
  second.content = std::string(512, 'b');
  RawTarEntry empty;
  empty.name = "empty";
  empty.content = "";
  EXPECT_EQ(Read(Tar({second, {}, empty})),
            (Strings{"b/c.txt=" + second.content, "a.txt=alpha", "empty="}));
}

TEST(Tar, ContentLiesInTheArchive) {
  const Bytes archive = Tar({{}});
  const auto entries = ReadTar(archive);
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(entries->front().content.data(), archive.data() + 512);
}

TEST(Tar, EmptyArchiveHasNoEntries) { EXPECT_EQ(Read(Tar({})), Strings{}); }

TEST(Tar, HeadersOfGnuAndOfOldTools) {
  EXPECT_EQ(Read(ChangedTar([](RawTarEntry& e) { e.magic = std::string("ustar  \0", 8); })),
            Strings{"a.txt=alpha"});
  EXPECT_EQ(Read(ChangedTar([](RawTarEntry& e) {
              e.magic = std::string(8, '\0');
              e.kind = '\0';
              e.owner_name = "";
              e.major = e.minor = "";
            })),
            Strings{"a.txt=alpha"});
}

TEST(Tar, NumbersMayBeShorterAndEndInSpaces) {
  EXPECT_EQ(Read(ChangedTar([](RawTarEntry& e) {
              e.mode = "   644 ";
              e.owner = "";
              e.size = "5 ";
              e.time = "14720000000 ";
            })),
            Strings{"a.txt=alpha"});
}

TEST(Tar, NameAndPrefixAreOneName) {
  EXPECT_EQ(Read(ChangedTar([](RawTarEntry& e) { e.prefix = "one/two"; })),
            Strings{"one/two/a.txt=alpha"});
}

TEST(Tar, DotInFrontIsTakenOff) {
  EXPECT_EQ(Read(ChangedTar([](RawTarEntry& e) { e.name = "./a.txt"; })), Strings{"a.txt=alpha"});
}

TEST(Tar, FoldersAreLeftOut) {
  RawTarEntry folder;
  folder.kind = '5';
  folder.content = "";
  for (const char* name : {".", "./", "tests", "tests/", "./tests/"}) {
    folder.name = name;
    EXPECT_EQ(Read(Tar({folder, {}})), Strings{"a.txt=alpha"}) << name;
  }
}

TEST(Tar, SameEntryTwiceIsOne) { EXPECT_EQ(Read(Tar({{}, {}})), Strings{"a.txt=alpha"}); }

TEST(Tar, BlocksOfZerosAfterTheEndAreFine) {
  const std::string record = attacks::Record({});
  EXPECT_EQ(Read(Raw(record + std::string(10240 - record.size(), '\0'))), Strings{"a.txt=alpha"});
}

// Made by tests/fixtures/tar/make.py.
Strings ReadFixture(const char* name) {
  const auto file = ReadFile(std::filesystem::path(ANDON_SOURCE_DIR) / "tests/fixtures/tar" / name);
  if (!file) return {"no such file"};
  const auto archive = Gunzip(*file, limits::kMiB);
  return archive.ok() ? Read(*archive) : Strings{archive.status().message()};
}

TEST(Tar, ArchivesOfOtherToolsAreRead) {
  const Strings files = {R"(manifest.json={"name":"expert-tar","version":"1.0.0"})",
                         "tests/cases.json=[]\n"};
  for (const char* name : {"gnu.tar.gz", "gnu_ustar.tar.gz", "gnu_v7.tar.gz", "python_ustar.tar.gz",
                           "python_gnu.tar.gz", "python_pax.tar.gz"}) {
    EXPECT_EQ(ReadFixture(name), files) << name;
  }
}

TEST(Tar, RecordsOfPaxAreRefused) {
  EXPECT_EQ(ReadFixture("python_pax_records.tar.gz"), Strings{"TarExtension"});
  EXPECT_EQ(ReadFixture("gnu_pax.tar.gz"), Strings{"TarExtension"});
}

TEST(Tar, TooManyEntriesAreRefused) {
  std::vector<RawTarEntry> entries(limits::kMaxArchiveEntries);
  EXPECT_EQ(Read(Tar(entries)), Strings{"a.txt=alpha"});
  entries.emplace_back();
  EXPECT_EQ(Read(Tar(entries)), Strings{"TarTooManyEntries"});
}

TEST(Tar, WhatIsWrittenIsRead) {
  const std::string deep =
      std::string(100, 'd') + "/" + std::string(54, 'e') + "/" + std::string(99, 'f');
  const std::string full(100, 'g');
  const Bytes content(513, 'x');
  const auto archive = WriteTar({{"a", content}, {deep, AsBytes("deep")}, {full, {}}});
  ASSERT_TRUE(archive.ok()) << archive.status().message();
  EXPECT_EQ(archive->size(), 3 * 512 + 1024 + 512 + 1024u);
  EXPECT_EQ(Read(*archive), (Strings{"a=" + std::string(513, 'x'), deep + "=deep", full + "="}));
}

TEST(Tar, WritingIsDeterministic) {
  EXPECT_EQ(*WriteTar({{"a", AsBytes("x")}}), *WriteTar({{"a", AsBytes("x")}}));
}

ErrorCode WriteCode(const std::vector<TarEntry>& entries) { return WriteTar(entries).code(); }

TEST(Tar, WritingRefusesWhatReadingWould) {
  EXPECT_EQ(WriteCode({{"../a", {}}}), ErrorCode::kTarUnsafeName);
  EXPECT_EQ(WriteCode({{"a", {}}, {"A", {}}}), ErrorCode::kTarDuplicateName);
  std::vector<TarEntry> many;
  for (size_t i = 0; i <= limits::kMaxArchiveEntries; ++i) many.push_back({std::to_string(i), {}});
  EXPECT_EQ(WriteCode(many), ErrorCode::kTarTooManyEntries);
}

TEST(Tar, NamesThatFitInNoHeaderAreNotWritten) {
  EXPECT_EQ(WriteCode({{std::string(101, 'a'), {}}}), ErrorCode::kTarUnsafeName);
  EXPECT_EQ(WriteCode({{std::string(156, 'a') + "/b" + std::string(90, 'c'), {}}}),
            ErrorCode::kTarUnsafeName);
}

TEST(Tar, MoreThanMemoryIsNotWritten) {
  const Bytes content(limits::kMiB);
  std::vector<TarEntry> entries;
  for (size_t i = 0; i <= 1024; ++i) entries.push_back({std::to_string(i), content});
  EXPECT_EQ(WriteCode(entries), ErrorCode::kFileTooLarge);
}

}  // namespace
}  // namespace andon
