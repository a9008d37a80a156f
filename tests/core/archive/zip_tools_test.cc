// What Andon writes, other programs read, and the other way round: unzip, zipinfo, Python, zip.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "archive/zip.h"
#include "archive/zip_writer.h"
#include "common/limits.h"
#include "tests/core/support/files.h"

namespace andon {
namespace {

#ifndef __EMSCRIPTEN__

bool HasProgram(const std::string& name) {
  if (std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0) return true;
  std::fprintf(stderr, "*** NOT CHECKED, no such program: %s\n", name.c_str());
  return false;
}

class ZipTools : public testing::Test {
 protected:
  ZipTools() : folder_(testing::TempDir() + "andon_zip_tools") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~ZipTools() override { std::filesystem::remove_all(folder_); }

  // The exit status of a shell command, run in the folder.
  int Run(const std::string& command) const {
    return std::system(("cd '" + folder_.string() + "' && " + command + " >/dev/null").c_str());
  }

  void WriteArchive() const {
    ZipWriter writer;
    ASSERT_TRUE(writer.Add("manifest.json", AsBytes("{}")).ok());
    ASSERT_TRUE(
        writer.Add("notes/größe.txt", AsBytes("many many many words"), ZipMethod::kDeflate).ok());
    ASSERT_TRUE(writer.Add("weights.safetensors", AsBytes(std::string(1000, 'w'))).ok());
    WriteFile(folder_ / "ours.zip", writer.Finish());
  }

  const std::filesystem::path folder_;
};

TEST_F(ZipTools, UnzipTestsOurs) {
  if (!HasProgram("unzip")) return;
  WriteArchive();
  EXPECT_EQ(Run("unzip -t ours.zip"), 0);
}

TEST_F(ZipTools, ZipinfoListsOurs) {
  if (!HasProgram("zipinfo")) return;
  WriteArchive();
  EXPECT_EQ(Run("zipinfo -v ours.zip"), 0);
}

TEST_F(ZipTools, PythonReadsOurs) {
  if (!HasProgram("python3")) return;
  WriteArchive();
  WriteFile(folder_ / "check.py", AsBytes(R"(import zipfile
z = zipfile.ZipFile("ours.zip")
assert z.testzip() is None
assert z.namelist() == ["manifest.json", "notes/gr\u00f6\u00dfe.txt", "weights.safetensors"]
assert z.read("notes/gr\u00f6\u00dfe.txt") == b"many many many words"
)"));
  EXPECT_EQ(Run("python3 check.py"), 0);
}

// Opens theirs.zip and expects it to hold a.txt and sub/b.txt.
void ExpectReads(const std::filesystem::path& folder) {
  const auto file = ReadFile(folder / "theirs.zip");
  ASSERT_TRUE(file);
  const auto zip = ZipArchive::Open(*file);
  ASSERT_TRUE(zip.ok()) << zip.status().message();
  for (const char* name : {"a.txt", "sub/b.txt"}) {
    const ZipEntry* const entry = zip->Find(name);
    ASSERT_NE(entry, nullptr) << name;
    const auto content = zip->ReadAll(*entry, limits::kMiB);
    EXPECT_TRUE(content.ok() && AsText(*content) == std::string(300, 'x')) << name;
  }
}

TEST_F(ZipTools, ReadsWhatPythonWrites) {
  if (!HasProgram("python3")) return;
  WriteFile(folder_ / "make.py", AsBytes(R"(import zipfile
z = zipfile.ZipFile("theirs.zip", "w")
z.writestr("a.txt", "x" * 300, zipfile.ZIP_STORED)
z.writestr("sub/b.txt", "x" * 300, zipfile.ZIP_DEFLATED)
z.close()
)"));
  ASSERT_EQ(Run("python3 make.py"), 0);
  ExpectReads(folder_);
}

TEST_F(ZipTools, ReadsWhatInfoZipWrites) {
  if (!HasProgram("zip")) return;
  std::filesystem::create_directory(folder_ / "sub");
  WriteFile(folder_ / "a.txt", AsBytes(std::string(300, 'x')));
  WriteFile(folder_ / "sub/b.txt", AsBytes(std::string(300, 'x')));
  ASSERT_EQ(Run("zip -r -D theirs.zip a.txt sub"), 0);
  ExpectReads(folder_);
}

#endif

}  // namespace
}  // namespace andon
