// Archives of many programs: the corpus of Go's archive/zip. Other readers take nearly all of them;
// Andon is stricter, and the table says why.

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "archive/zip.h"
#include "tests/core/support/files.h"

namespace andon {
namespace {

struct Expected {
  ErrorCode code;
  const char* why;
};

const std::map<std::string, Expected> kExpected = {
    {"FuzzReader-enc.zip", {ErrorCode::kOk, "267 files, stored and deflated"}},
    {"FuzzReader-raw.zip", {ErrorCode::kOk, "364 files"}},
    {"comment-truncated.zip", {ErrorCode::kZipNoEndRecord, "its comment is cut off"}},
    {"crc32-not-streamed.zip", {ErrorCode::kOk, ""}},
    {"dd.zip", {ErrorCode::kZipFlags, "data descriptor"}},
    {"dupdir.zip", {ErrorCode::kZipSpecialFile, "directories"}},
    {"go-no-datadesc-sig.zip", {ErrorCode::kZipFlags, "data descriptor"}},
    {"go-with-datadesc-sig.zip", {ErrorCode::kZipFlags, "data descriptor"}},
    {"readme.zip", {ErrorCode::kZipTrailingData, "text behind the archive"}},
    {"subdir.zip", {ErrorCode::kZipSpecialFile, "directories"}},
    {"symlink.zip", {ErrorCode::kZipSpecialFile, "a symbolic link"}},
    {"test-badbase.zip", {ErrorCode::kZipComment, "a comment; a wrong offset beside"}},
    {"test-baddirsz.zip", {ErrorCode::kZipComment, "a comment; a wrong directory size beside"}},
    {"test-prefix.zip", {ErrorCode::kZipTrailingData, "text before and behind the archive"}},
    {"test-trailing-junk.zip", {ErrorCode::kZipTrailingData, "text behind the archive"}},
    {"test.zip", {ErrorCode::kZipComment, "a comment"}},
    {"time-22738.zip", {ErrorCode::kZipFlags, "data descriptor"}},
    {"time-7zip.zip", {ErrorCode::kOk, "7-Zip"}},
    {"time-go.zip", {ErrorCode::kZipFlags, "data descriptor"}},
    {"time-infozip.zip", {ErrorCode::kOk, "Info-ZIP"}},
    {"time-osx.zip", {ErrorCode::kOk, "macOS"}},
    {"time-win7.zip", {ErrorCode::kOk, "Windows"}},
    {"time-winrar.zip", {ErrorCode::kOk, "WinRAR"}},
    {"time-winzip.zip", {ErrorCode::kOk, "WinZip"}},
    {"unix.zip", {ErrorCode::kZipSpecialFile, "directories"}},
    {"utf8-7zip.zip", {ErrorCode::kOk, "7-Zip"}},
    {"utf8-infozip.zip", {ErrorCode::kOk, "Info-ZIP"}},
    {"utf8-osx.zip",
     {ErrorCode::kZipUnsafeName, "UTF-8 without its flag: others read code page 437"}},
    {"utf8-winrar.zip", {ErrorCode::kOk, "WinRAR"}},
    {"utf8-winzip.zip", {ErrorCode::kOk, "WinZip"}},
    {"winxp.zip", {ErrorCode::kZipSpecialFile, "directories"}},
    {"zip64-2.zip", {ErrorCode::kZip64, "an end record that is not needed"}},
    {"zip64.zip", {ErrorCode::kZip64, "an end record that is not needed"}},
};

Status ReadEverything(ByteView file) {
  const auto zip = ZipArchive::Open(file);
  if (!zip.ok()) return zip.status();
  for (const ZipEntry& entry : zip->entries()) {
    ANDON_RETURN_IF_ERROR(zip->Read(entry, [](ByteView) { return Status(); }));
  }
  return Status();
}

TEST(ZipCorpus, EveryFileHasTheExpectedVerdict) {
  const auto folder = SharedFolder("data/archives/go-zip");
  if (!folder) return;
  for (const auto& file : std::filesystem::directory_iterator(*folder)) {
    if (file.path().extension() != ".zip") continue;
    const std::string name = file.path().filename();
    const auto bytes = ReadFile(file.path());
    ASSERT_TRUE(bytes) << name;
    const Status status = ReadEverything(*bytes);
    const auto expected = kExpected.find(name);
    ASSERT_NE(expected, kExpected.end()) << name;
    EXPECT_EQ(ErrorCodeName(status.code()), ErrorCodeName(expected->second.code))
        << name << ": " << expected->second.why << "; " << status.message();
  }
}

}  // namespace
}  // namespace andon
