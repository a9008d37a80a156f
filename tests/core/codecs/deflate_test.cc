#include "codecs/deflate.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/support/hex.h"
#include "tests/core/support/peak_memory.h"

namespace andon {
namespace {

constexpr size_t kPiece = 64 * 1024;  // the largest piece a sink is given

Result<Bytes> Inflate(ByteView stream, uint64_t max_output = UINT64_MAX) {
  Bytes out;
  const Status status = InflateRaw(stream, max_output, [&](ByteView piece) {
    EXPECT_LE(piece.size(), kPiece);
    AppendBytes(out, piece);
    return Status();
  });
  if (!status.ok()) return status;
  return out;
}

std::string CodeOf(ByteView stream, uint64_t max_output = UINT64_MAX) {
  return std::string(ErrorCodeName(Inflate(stream, max_output).code()));
}

// Does not compress. A linear congruential generator (Knuth).
Bytes Noise(size_t size) {
  Bytes bytes(size);
  uint32_t state = 1;
  for (uint8_t& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(state >> 24);
  }
  return bytes;
}

// Text-like: it compresses, but not to nothing.
Bytes Sample(size_t size) {
  Bytes bytes = Noise(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>('a' + byte % 11);
  return bytes;
}

// RFC 1951 streams written by hand.
const char kStoredHello[] = "010500faff48656c6c6f";  // final, stored, "Hello"
const char kFixedCodes[] = "4b4c4c4c0400";           // final, fixed codes, "aaaa" as four literals

TEST(Inflate, StreamsWrittenByHand) {
  const auto hello = Inflate(FromHex(kStoredHello));
  ASSERT_TRUE(hello.ok());
  EXPECT_EQ(AsText(*hello), "Hello");
  const auto empty = Inflate(FromHex("0300"));  // final, fixed codes, end of block
  ASSERT_TRUE(empty.ok());
  EXPECT_TRUE(empty->empty());
  const auto aaaa = Inflate(FromHex(kFixedCodes));
  ASSERT_TRUE(aaaa.ok());
  EXPECT_EQ(AsText(*aaaa), "aaaa");
}

TEST(Inflate, WhatWasDeflatedComesBack) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1000}, kPiece - 1, kPiece, kPiece + 1,
                            5 * kPiece, size_t{1'000'003}}) {
    const Bytes bytes = Sample(size);
    for (int level = 1; level <= 9; ++level) {
      const Bytes stream = DeflateRaw(bytes, level);
      const auto back = Inflate(stream, size);
      ASSERT_TRUE(back.ok()) << size << ' ' << level << ' ' << back.status().message();
      ASSERT_EQ(*back, bytes) << size << ' ' << level;
    }
  }
}

TEST(Inflate, WhatDoesNotCompressComesBack) {
  const Bytes noise = Noise(10 * kPiece + 7);
  for (const int level : {1, 6, 9}) {
    const Bytes stream = DeflateRaw(noise, level);
    EXPECT_LT(stream.size(), noise.size() + noise.size() / 1000);
    const auto back = Inflate(stream, noise.size());
    ASSERT_TRUE(back.ok()) << back.status().message();
    EXPECT_EQ(*back, noise);
  }
}

TEST(Inflate, StreamCutAnywhereIsCorrupt) {
  const Bytes stream = DeflateRaw(Sample(2000));
  for (size_t size = 0; size < stream.size(); ++size)
    EXPECT_EQ(CodeOf(ByteView(stream).first(size)), "InflateCorrupt") << size;
}

TEST(Inflate, DamagedStreamIsCorrupt) {
  for (const char* stream : {
           "07",                    // block type 3
           "010500fbff48656c6c6f",  // stored length and its complement differ
           "fd",                    // dynamic codes, cut off
           "edffffffffff",          // dynamic codes that over-subscribe
           "4b044101",              // a distance that reaches before the start
       }) {
    EXPECT_EQ(CodeOf(FromHex(stream)), "InflateCorrupt") << stream;
  }
}

TEST(Inflate, OneByteBeyondTheLimitIsRefused) {
  for (const size_t size : {size_t{1}, size_t{5000}, kPiece, 2 * kPiece + 1}) {
    const Bytes stream = DeflateRaw(Sample(size));
    EXPECT_TRUE(Inflate(stream, size).ok()) << size;
    EXPECT_EQ(CodeOf(stream, size - 1), "InflateOutputLimit") << size;
  }
  EXPECT_EQ(CodeOf(FromHex(kStoredHello), 0), "InflateOutputLimit");
  EXPECT_TRUE(Inflate(FromHex("0300"), 0).ok());
}

TEST(Inflate, BytesAfterTheEndAreRefused) {
  Bytes stream = DeflateRaw(Sample(100));
  stream.push_back(0);
  EXPECT_EQ(CodeOf(stream), "InflateTrailingData");
  EXPECT_EQ(CodeOf(FromHex("03000300")), "InflateTrailingData");
}

TEST(Inflate, ByteAfterAStreamThatFillsItsInputPieceIsRefused) {
  constexpr uint16_t kLength = kPiece - 5;  // with its header, one stored block of 64 KiB
  Bytes stream = {1};
  AppendU16(stream, kLength);
  AppendU16(stream, 0xFFFF - kLength);
  AppendBytes(stream, Sample(kLength));
  ASSERT_EQ(stream.size(), kPiece);
  EXPECT_EQ(CodeOf(stream), "Ok");
  stream.push_back(0);
  EXPECT_EQ(CodeOf(stream), "InflateTrailingData");
}

TEST(Inflate, ErrorOfTheSinkStopsTheStream) {
  const Bytes stream = DeflateRaw(Sample(5 * kPiece));
  int pieces = 0;
  const Status status = InflateRaw(stream, UINT64_MAX, [&](ByteView) -> Status {
    if (++pieces < 3) return {};
    return Error(ErrorCode::kZipCrcMismatch, "enough");
  });
  EXPECT_EQ(status.code(), ErrorCode::kZipCrcMismatch);
  EXPECT_EQ(pieces, 3);
}

TEST(Inflate, BombExpandsInConstantMemory) {
  constexpr uint64_t kSize = 64 * 1024 * 1024;
  const Bytes bomb = DeflateRaw(Bytes(kSize), 9);
  EXPECT_LT(bomb.size() * 1000, kSize);

  const PeakMemory peak;
  uint64_t total = 0;
  const auto count = [&](ByteView piece) {
    total += piece.size();
    return Status();
  };
  EXPECT_TRUE(InflateRaw(bomb, kSize, count).ok());
  EXPECT_EQ(total, kSize);
  EXPECT_LT(peak.bytes(), 256u * 1024);

  total = 0;
  EXPECT_EQ(InflateRaw(bomb, 100'000, count).code(), ErrorCode::kInflateOutputLimit);
  EXPECT_LE(total, 100'000u);
}

TEST(Deflate, IsDeterministicAndSmallerAtHigherLevels) {
  const Bytes bytes = Sample(100'000);
  EXPECT_EQ(DeflateRaw(bytes), DeflateRaw(bytes, 6));
  EXPECT_EQ(DeflateRaw(bytes), DeflateRaw(bytes));
  EXPECT_LT(DeflateRaw(bytes, 9).size(), DeflateRaw(bytes, 1).size());
  EXPECT_LT(DeflateRaw(bytes, 1).size(), bytes.size());
}

TEST(Crc32, CheckValues) {
  EXPECT_EQ(Crc32(0, {}), 0u);
  EXPECT_EQ(Crc32(0, AsBytes("123456789")), 0xCBF43926u);
  EXPECT_EQ(Crc32(0, AsBytes("The quick brown fox jumps over the lazy dog")), 0x414FA339u);
}

TEST(Crc32, PiecesGiveTheSameAsTheWhole) {
  const Bytes bytes = Sample(1000);
  for (const size_t cut : {0u, 1u, 999u, 1000u}) {
    const uint32_t first = Crc32(0, ByteView(bytes).first(cut));
    EXPECT_EQ(Crc32(first, ByteView(bytes).subspan(cut)), Crc32(0, bytes)) << cut;
  }
  EXPECT_EQ(Crc32(0xCBF43926, {}), 0xCBF43926u);
}

}  // namespace
}  // namespace andon
