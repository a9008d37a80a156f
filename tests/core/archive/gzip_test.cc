#include "archive/gzip.h"

#include <gtest/gtest.h>

#include "common/limits.h"
#include "tests/attacks/tar_attacks.h"

namespace andon {
namespace {

using attacks::Attack;
using attacks::GzipHeader;
using attacks::GzipMember;
using attacks::Raw;

constexpr uint64_t kRoom = limits::kGiB;

std::string TextOf(const Result<Bytes>& content) {
  return content.ok() ? std::string(AsText(*content)) : content.status().message();
}

class GzipAttacksTest : public testing::TestWithParam<Attack> {};

TEST_P(GzipAttacksTest, IsRefused) {
  const auto content = Gunzip(GetParam().file, kRoom);
  EXPECT_EQ(ErrorCodeName(content.code()), ErrorCodeName(GetParam().code)) << GetParam().why;
}

INSTANTIATE_TEST_SUITE_P(Gzip, GzipAttacksTest, testing::ValuesIn(attacks::GzipAttacks()),
                         [](const auto& info) { return info.param.name; });

TEST(Gzip, WhatIsPackedIsUnpacked) {
  for (const std::string& text : {std::string(), std::string("alpha"), std::string(300'000, 'b')}) {
    EXPECT_EQ(TextOf(Gunzip(Gzip(AsBytes(text)), kRoom)), text);
  }
}

TEST(Gzip, PackingIsDeterministicAndSaysNothingOfTheMaker) {
  const Bytes packed = Gzip(AsBytes("alpha"));
  EXPECT_EQ(packed, Gzip(AsBytes("alpha")));
  EXPECT_EQ(ByteView(packed).first(10).back(), 255);
  EXPECT_EQ(AsText(ByteView(packed).first(9)), std::string_view("\x1F\x8B\x08\0\0\0\0\0\0", 9));
}

TEST(Gzip, ContentThatWouldExpandTooMuchIsStored) {
  const std::string zeros(12'000'000, '\0');
  const Bytes packed = Gzip(AsBytes(zeros));
  EXPECT_GT(packed.size(), zeros.size());
  EXPECT_TRUE(Gunzip(packed, kRoom).ok());
}

TEST(Gzip, FieldsOfTheHeaderAreSkipped) {
  const std::string extra("\x03\0abc", 5);
  const std::string name("expert.tar\0", 11);
  const std::string comment("made by hand\0", 13);
  for (const std::string& header :
       {GzipHeader(1 << 2, extra), GzipHeader(1 << 3, name), GzipHeader(1 << 4, comment),
        GzipHeader(7 << 2, extra + name + comment)}) {
    EXPECT_EQ(TextOf(Gunzip(GzipMember("alpha", header, 5), kRoom)), "alpha");
  }
}

TEST(Gzip, HeaderChecksumIsChecked) {
  std::string header = GzipHeader(1 << 1 | 1 << 3, std::string("a\0", 2));
  const uint32_t crc = Crc32(0, AsBytes(header));
  header += static_cast<char>(crc & 0xFF);
  header += static_cast<char>(crc >> 8 & 0xFF);
  EXPECT_EQ(TextOf(Gunzip(GzipMember("alpha", header, 5), kRoom)), "alpha");
}

TEST(Gzip, LimitOfTheCaller) {
  const Bytes packed = Gzip(AsBytes("alpha"));
  EXPECT_TRUE(Gunzip(packed, 5).ok());
  EXPECT_EQ(Gunzip(packed, 4).code(), ErrorCode::kGzipRatio);
}

TEST(Gzip, IsKnownByItsMark) {
  EXPECT_TRUE(LooksLikeGzip(Gzip({})));
  EXPECT_FALSE(LooksLikeGzip(AsBytes("\x1F")));
  EXPECT_FALSE(LooksLikeGzip(AsBytes("PK")));
}

}  // namespace
}  // namespace andon
