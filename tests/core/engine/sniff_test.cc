#include "engine/sniff.h"

#include <gtest/gtest.h>

#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

using std::string_view_literals::operator""sv;

TEST(Sniff, KnowsAprenderByItsFirstBytes) {
  const auto kind = Sniff(SamplePackage());
  ASSERT_TRUE(kind.ok());
  EXPECT_EQ(*kind, FileKind::kAprender);
}

TEST(Sniff, KnowsExpertsByTheirFirstBytes) {
  EXPECT_EQ(*Sniff(AsBytes("HLLMEXP\0\2\0"sv)), FileKind::kExpert);
  EXPECT_EQ(*Sniff(AsBytes("\x1F\x8B\x08")), FileKind::kExpertV1);
}

TEST(Sniff, KnowsGgufByItsFirstBytes) {
  EXPECT_EQ(*Sniff(AsBytes("GGUF\3\0\0\0"sv)), FileKind::kGguf);
  EXPECT_EQ(*SniffWhole(AsBytes("GGUF")), FileKind::kGguf);
}

TEST(Sniff, KnowsAZipByItsContent) {
  EXPECT_EQ(*SniffWhole(SamplePackage()), FileKind::kAprender);
  const Bytes manifest(2, ' ');
  EXPECT_EQ(*SniffWhole(ZipOf({{"manifest.json", manifest}})), FileKind::kExpertV1);
  EXPECT_EQ(*SniffWhole(ZipOf({{"other.json", manifest}})), FileKind::kAprender);
  EXPECT_EQ(*SniffWhole(AsBytes("HLLMEXP\0\2\0"sv)), FileKind::kExpert);
  EXPECT_EQ(SniffWhole(AsBytes("GGU")).code(), ErrorCode::kUnknownFormat);
}

TEST(Sniff, NamesWhatItKnows) {
  EXPECT_EQ(FileKindName(FileKind::kAprender), "aprender");
  EXPECT_EQ(FileKindName(FileKind::kExpert), "expert");
  EXPECT_EQ(FileKindName(FileKind::kExpertV1), "expert-v1");
  EXPECT_EQ(FileKindName(FileKind::kGguf), "gguf");
}

TEST(Sniff, UnknownFormatNamesWhatItRecognises) {
  const std::string tar = std::string(257, 'x') + "ustar\0";
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"APRN\1\0", ".apr"},
      {tar, "tar"},
      {"\x80\x04\x95", "pickle"},
      {"version https://git-lfs.github.com/spec/v1\n", "Git LFS"},
      {"\x40\0\0\0\0\0\0\0{\"a\""sv, "safetensors"},
      {"", "empty"},
      {"hello", "no format"},
      {"HLLMEXP", "no format"},
      {"PK\5\6", "no format"},
  };
  for (const auto& [head, name] : cases) {
    const auto kind = Sniff(AsBytes(head));
    EXPECT_EQ(kind.code(), ErrorCode::kUnknownFormat) << name;
    EXPECT_NE(kind.status().message().find(name), std::string::npos) << kind.status().message();
  }
}

}  // namespace
}  // namespace andon
