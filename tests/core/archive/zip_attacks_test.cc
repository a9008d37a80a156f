#include "tests/attacks/zip_attacks.h"

#include <gtest/gtest.h>

#include "archive/zip.h"

namespace andon {
namespace {

// Opens an archive and reads every entry.
Status ReadEverything(ByteView file) {
  const auto zip = ZipArchive::Open(file);
  if (!zip.ok()) return zip.status();
  for (const ZipEntry& entry : zip->entries()) {
    ANDON_RETURN_IF_ERROR(zip->Read(entry, [](ByteView) { return Status(); }));
  }
  return Status();
}

TEST(ZipAttacks, UnchangedArchiveIsRead) {
  const Status status = ReadEverything(attacks::Build(attacks::TwoEntries()));
  EXPECT_TRUE(status.ok()) << status.message();
}

class ZipAttack : public testing::TestWithParam<attacks::Attack> {};

TEST_P(ZipAttack, IsRefused) {
  const Status status = ReadEverything(GetParam().file);
  EXPECT_EQ(ErrorCodeName(status.code()), ErrorCodeName(GetParam().code))
      << GetParam().why << "; " << status.message();
}

INSTANTIATE_TEST_SUITE_P(Each, ZipAttack, testing::ValuesIn(attacks::ZipAttacks()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace andon
