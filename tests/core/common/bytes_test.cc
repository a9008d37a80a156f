#include "common/bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace andon {
namespace {

TEST(Bytes, IntegersAreLittleEndian) {
  Bytes out;
  AppendU16(out, 0x0102);
  AppendU32(out, 0x03040506);
  AppendU64(out, 0x0708090A0B0C0D0E);
  AppendBytes(out, AsBytes("xy"));
  EXPECT_EQ(out, (Bytes{2, 1, 6, 5, 4, 3, 0xE, 0xD, 0xC, 0xB, 0xA, 9, 8, 7, 'x', 'y'}));
}

TEST(Bytes, WhatIsAppendedIsReadAgain) {
  Bytes out = {0xAB};
  AppendU16(out, 0xFFFE);
  AppendU32(out, 0xFFFFFFFD);
  AppendU64(out, 0xFFFFFFFFFFFFFFFC);
  AppendBytes(out, AsBytes("name"));

  ByteReader reader(out);
  uint8_t u8 = 0;
  uint16_t u16 = 0;
  uint32_t u32 = 0;
  uint64_t u64 = 0;
  ByteView name;
  ASSERT_TRUE(reader.ReadU8(&u8) && reader.ReadU16(&u16) && reader.ReadU32(&u32));
  ASSERT_TRUE(reader.ReadU64(&u64) && reader.ReadBytes(4, &name));
  EXPECT_EQ(u8, 0xAB);
  EXPECT_EQ(u16, 0xFFFE);
  EXPECT_EQ(u32, 0xFFFFFFFD);
  EXPECT_EQ(u64, 0xFFFFFFFFFFFFFFFC);
  EXPECT_EQ(AsText(name), "name");
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(Bytes, FailedReadConsumesNothing) {
  const Bytes seven = {1, 2, 3, 4, 5, 6, 7};
  ByteReader reader(seven);
  uint64_t u64 = 99;
  ByteView view;
  EXPECT_FALSE(reader.ReadU64(&u64));
  EXPECT_EQ(u64, 99u);
  EXPECT_FALSE(reader.ReadBytes(8, &view));
  EXPECT_FALSE(reader.ReadBytes(UINT64_MAX, &view));
  EXPECT_TRUE(view.empty());
  EXPECT_EQ(reader.remaining(), 7u);

  uint32_t u32 = 0;
  EXPECT_TRUE(reader.ReadU32(&u32));
  EXPECT_EQ(u32, 0x04030201u);
  EXPECT_FALSE(reader.ReadU32(&u32));
  EXPECT_EQ(reader.remaining(), 3u);
}

TEST(Bytes, EmptyReaderGivesOnlyEmptyViews) {
  ByteReader reader{ByteView()};
  uint8_t u8 = 0;
  uint16_t u16 = 0;
  ByteView view;
  EXPECT_FALSE(reader.ReadU8(&u8));
  EXPECT_FALSE(reader.ReadU16(&u16));
  EXPECT_TRUE(reader.ReadBytes(0, &view));
}

TEST(Bytes, SubRangeLiesInsideOrIsNothing) {
  const Bytes bytes = {0, 1, 2, 3};
  const auto middle = SubRange(bytes, 1, 2);
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->data(), bytes.data() + 1);
  EXPECT_EQ(middle->size(), 2u);
  EXPECT_TRUE(SubRange(bytes, 4, 0));
  EXPECT_FALSE(SubRange(bytes, 4, 1));
  EXPECT_FALSE(SubRange(bytes, 5, 0));
  EXPECT_FALSE(SubRange(bytes, 1, UINT64_MAX));
  EXPECT_FALSE(SubRange(bytes, UINT64_MAX, 2));
}

TEST(Bytes, TextAndBytesShareTheirMemory) {
  const std::string text = "a\0b";
  EXPECT_EQ(AsText(AsBytes(text)).data(), text.data());
  EXPECT_EQ(AsBytes(text).size(), text.size());
}

}  // namespace
}  // namespace andon
