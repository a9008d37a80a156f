// A canonical archive has no byte that could be another: where the content is fixed (by hashes, by
// a signature), so is the file.

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "archive/zip.h"
#include "archive/zip_writer.h"
#include "tests/attacks/zip_attacks.h"
#include "tests/core/support/exhaustive.h"

namespace andon {
namespace {

Bytes SmallArchive() {
  ZipWriter writer;
  EXPECT_TRUE(writer.Add("a", AsBytes("")).ok());
  EXPECT_TRUE(writer.Add("b.json", AsBytes("{}")).ok());
  return writer.Finish();
}

// Ok where the archive opens, is canonical and its content has the stated CRC-32.
Status Check(ByteView file) {
  const auto zip = ZipArchive::Open(file);
  if (!zip.ok()) return zip.status();
  ANDON_RETURN_IF_ERROR(zip->CheckCanonical());
  for (const ZipEntry& entry : zip->entries()) {
    ANDON_RETURN_IF_ERROR(zip->Read(entry, [](ByteView) { return Status(); }));
  }
  return Status();
}

TEST(ZipCanonical, WriterMakesCanonicalArchives) {
  const Status status = Check(SmallArchive());
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_TRUE(Check(ZipWriter().Finish()).ok());
}

TEST(ZipCanonical, EveryTruncationIsRefused) {
  ForEachTruncation(SmallArchive(), [](ByteView changed, const Change& change) {
    ASSERT_FALSE(Check(changed).ok()) << change;
  });
}

TEST(ZipCanonical, EveryChangedByteIsRefused) {
  Bytes file = SmallArchive();
  for (uint8_t& byte : file) {
    for (int other = 1; other < 256; ++other) {
      byte ^= static_cast<uint8_t>(other);
      ASSERT_FALSE(Check(file).ok()) << "byte " << &byte - file.data() << " ^ " << other;
      byte ^= static_cast<uint8_t>(other);
    }
  }
}

TEST(ZipCanonical, EveryInsertedByteIsRefused) {
  ForEachInsertedByte(SmallArchive(), [](ByteView changed, const Change& change) {
    ASSERT_FALSE(Check(changed).ok()) << change;
  });
}

void ExpectNotCanonical(const Bytes& file) {
  const auto zip = ZipArchive::Open(file);
  ASSERT_TRUE(zip.ok()) << zip.status().message();
  EXPECT_EQ(zip->CheckCanonical().code(), ErrorCode::kZipNotCanonical);
}

TEST(ZipCanonical, DeflatedEntryIsRefused) {
  ZipWriter writer;
  ASSERT_TRUE(writer.Add("a", AsBytes("a"), ZipMethod::kDeflate).ok());
  ExpectNotCanonical(writer.Finish());
}

TEST(ZipCanonical, ArchivesOfOthersAreRefused) {
  ExpectNotCanonical(attacks::Build({.entries = {attacks::Stored("a", "a")}}));
}

// The canonical form of one entry, as attacks::Build makes it.
attacks::RawZip CanonicalForm() {
  attacks::RawZipEntry entry = attacks::Stored("a", "content");
  entry.Both([](attacks::RawZipFields& fields) { fields.flags = 1 << 11; });
  entry.local.extra = std::string("\x35\xd9\x1d\x00\x40\x00", 6) + std::string(27, '\0');
  return {.entries = {entry}};
}

TEST(ZipCanonical, FormIsAsDocumented) {
  ZipWriter writer;
  ASSERT_TRUE(writer.Add("a", AsBytes("content")).ok());
  EXPECT_EQ(writer.Finish(), attacks::Build(CanonicalForm()));
}

// Changes that leave a well-formed archive of the same content.
TEST(ZipCanonical, EveryFreedomOfTheFormatIsRefused) {
  using attacks::RawZipEntry;
  using attacks::RawZipFields;
  const auto both = [](void (*edit)(RawZipFields&)) {
    return [edit](RawZipEntry& entry) { entry.Both(edit); };
  };
  const std::vector<std::function<void(RawZipEntry&)>> edits = {
      both([](RawZipFields& f) { f.time = 1; }),
      both([](RawZipFields& f) { f.date = 0x22; }),
      both([](RawZipFields& f) { f.version_needed = 10; }),
      both([](RawZipFields& f) { f.flags = 0; }),
      [](RawZipEntry& e) { e.local.extra.back() = 1; },
      [](RawZipEntry& e) { e.local.extra = ""; },
      [](RawZipEntry& e) { e.local.extra += std::string("ux\x00\x00", 4); },
      [](RawZipEntry& e) { e.central.extra = std::string("ux\x00\x00", 4); },
      [](RawZipEntry& e) { e.external_attributes = 0100644u << 16; },
  };
  for (const auto& edit : edits) {
    attacks::RawZip zip = CanonicalForm();
    edit(zip.entries[0]);
    ExpectNotCanonical(attacks::Build(zip));
  }
}

}  // namespace
}  // namespace andon
