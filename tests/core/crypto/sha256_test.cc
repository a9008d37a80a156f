#include "crypto/sha256.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/core/support/files.h"
#include "tests/core/support/hex.h"

namespace andon {
namespace {

std::string HexOf(std::string_view text) { return ToHex(Sha256Of(AsBytes(text))); }

TEST(Sha256, ExamplesOfFips180) {
  EXPECT_EQ(HexOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOf(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PaddingAroundTheBlockSize) {
  for (const auto& [length, hex] : {
           std::pair<size_t, const char*>{
               55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
           {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
           {63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
           {64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
           {65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
       }) {
    EXPECT_EQ(HexOf(std::string(length, 'a')), hex) << length;
  }
}

TEST(Sha256, PiecesOfAnySizeGiveTheSameDigest) {
  const std::string text(1000, 'a');
  for (const size_t step : {1u, 7u, 63u, 64u, 65u, 999u}) {
    Sha256 hash;
    for (size_t at = 0; at < text.size(); at += step)
      hash.Update(AsBytes(std::string_view(text).substr(at, step)));
    hash.Update({});
    EXPECT_EQ(hash.Finish(), Sha256Of(AsBytes(text))) << step;
  }
}

// NIST CAVP response files: lines "Len = bits", "Msg = hex", "MD = hex".
size_t CheckCavp(const std::string& responses) {
  std::istringstream lines(responses);
  size_t bits = 0, checked = 0;
  std::string name, equals, value;
  Bytes message;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    words >> name >> equals >> value;
    if (name == "Len") bits = std::stoul(value);
    if (name == "Msg") message = FromHex(value);
    if (name != "MD") continue;
    EXPECT_EQ(ToHex(Sha256Of(ByteView(message).first(bits / 8))), value) << bits;
    ++checked;
    name.clear();
  }
  return checked;
}

TEST(Sha256, NistVectors) {
  const auto folder = SharedFolder("data/crypto/sha256");
  if (!folder) return;
  for (const auto& [name, count] :
       {std::pair{"SHA256ShortMsg.rsp", 65u}, {"SHA256LongMsg.rsp", 64u}}) {
    const auto responses = ReadFile(*folder / name);
    ASSERT_TRUE(responses) << name;
    EXPECT_EQ(CheckCavp(std::string(AsText(*responses))), count) << name;
  }
}

TEST(Digest, AnyBitThatDiffersIsSeen) {
  const Sha256Digest digest = Sha256Of({});
  EXPECT_TRUE(DigestMatches(digest, digest));
  for (size_t bit = 0; bit < 8 * digest.size(); ++bit) {
    Sha256Digest other = digest;
    other[bit / 8] = static_cast<uint8_t>(other[bit / 8] ^ (1u << bit % 8));
    EXPECT_FALSE(DigestMatches(digest, other)) << bit;
    EXPECT_FALSE(DigestMatches(other, digest)) << bit;
  }
}

TEST(Digest, OtherSizeMatchesNothing) {
  const Sha256Digest digest = Sha256Of({});
  Bytes longer(digest.begin(), digest.end());
  longer.push_back(0);
  EXPECT_FALSE(DigestMatches(digest, longer));
  EXPECT_FALSE(DigestMatches(digest, ByteView(digest).first(31)));
  EXPECT_FALSE(DigestMatches(digest, {}));
}

TEST(Hex, IsLowercase) {
  EXPECT_EQ(ToHex({}), "");
  EXPECT_EQ(ToHex(Bytes{0x00, 0x0F, 0xA0, 0xFF}), "000fa0ff");
}

TEST(Hex, DigestIsReadBack) {
  const Sha256Digest digest = Sha256Of(AsBytes("x"));
  EXPECT_EQ(Sha256FromHex(ToHex(digest)), digest);
}

TEST(Hex, OtherLengthIsRefused) {
  EXPECT_FALSE(Sha256FromHex(""));
  EXPECT_FALSE(Sha256FromHex(std::string(63, '0')));
  EXPECT_FALSE(Sha256FromHex(std::string(65, '0')));
  EXPECT_FALSE(Sha256FromHex(std::string(128, '0')));
}

TEST(Hex, AnyOtherCharacterIsRefusedAtAnyPlace) {
  for (int c = 0; c < 256; ++c) {
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    for (const size_t place : {0u, 1u, 62u, 63u}) {
      std::string hex(64, '0');
      hex[place] = static_cast<char>(c);
      EXPECT_EQ(Sha256FromHex(hex).has_value(), digit) << c << ' ' << place;
    }
  }
}

}  // namespace
}  // namespace andon
