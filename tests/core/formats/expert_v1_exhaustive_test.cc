// Of a signed package of version 1, what the signature reaches cannot be changed. What it does not
// reach is named here, byte by byte; formats/expert_v1.h says why it is as it is.

#include <gtest/gtest.h>

#include <algorithm>

#include "archive/gzip.h"
#include "codecs/deflate.h"
#include "formats/expert_v1.h"
#include "tests/core/support/exhaustive.h"

namespace andon {
namespace {

constexpr Ed25519Seed kSeed = {7};

// A gzip member whose content is stored; Gzip() would take most of the time of these tests.
Bytes Stored(ByteView tar) {
  Bytes out = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1 /* the last block, stored */};
  AppendU16(out, static_cast<uint16_t>(tar.size()));
  AppendU16(out, static_cast<uint16_t>(~tar.size()));
  AppendBytes(out, tar);
  AppendU32(out, Crc32(0, tar));
  AppendU32(out, static_cast<uint32_t>(tar.size()));
  return out;
}

// What a change must leave as it is: every file, and of manifest.json all but `integrity`.
struct Content {
  std::vector<std::pair<std::string, std::string>> files;
  std::string manifest;
  bool operator==(const Content&) const = default;
};

// Nothing where a caller who trusts the signer would refuse the file.
std::optional<Content> Load(ByteView file) {
  const auto expert = ReadExpertV1(file);
  if (!expert.ok() || !expert->signature || !expert->signature->manifest_covered) return {};
  const ExpertV1Signature& signature = *expert->signature;
  if (signature.key != Ed25519PublicKeyOf(kSeed) ||
      !Ed25519Verify(signature.key, AsBytes(signature.message), signature.signature)) {
    return {};
  }
  Content content;
  for (const auto& [name, bytes] : expert->files) {
    if (name != kManifestV1Entry) content.files.emplace_back(name, AsText(bytes));
  }
  Json manifest = expert->manifest.json;
  manifest.erase("integrity");
  content.manifest = DumpJson(manifest);
  return content;
}

class SignedExpertV1 : public testing::Test {
 protected:
  void SetUp() override {
    const std::string_view manifest = R"({"name":"expert-a","version":"1.0.0"})";
    file_ = WriteExpertV1({{"manifest.json", AsBytes(manifest)}, {"a.txt", AsBytes("alpha")}},
                          kSeed, "2026-01-02T03:04:05Z")
                .value();
    tar_ = Gunzip(file_, 1 << 20).value();
    good_ = Load(file_);
    ASSERT_TRUE(good_.has_value());
  }

  // Whether a changed file loads; what it holds is then the same.
  bool Loads(ByteView file) const {
    const auto content = Load(file);
    if (content) EXPECT_EQ(*content, *good_);
    return content.has_value();
  }

  // The text of the manifest's `integrity`.
  bool IsIntegrity(size_t byte) const {
    const std::string_view text = AsText(tar_);
    const size_t begin = text.find("\"integrity\"");
    return byte >= begin && byte < text.find('\0', begin);
  }

  // The checksum of a header is a number that can be written in more than one way.
  bool IsChecksum(size_t byte) const {
    return byte % 512 >= 148 && byte % 512 < 156 &&
           AsText(tar_).substr(byte / 512 * 512 + 257, 5) == "ustar";
  }

  Bytes file_;
  Bytes tar_;
  std::optional<Content> good_;
};

TEST_F(SignedExpertV1, FlippedBitsOfTheFile) {
  ForEachFlippedBit(file_, [this](ByteView changed, const Change& change) {
    if (!Loads(changed)) return;
    // Time, packer and system, or another way to compress the same bytes.
    EXPECT_TRUE(change.byte >= 4 && change.byte < file_.size() - 8) << change;
    EXPECT_EQ(Gunzip(changed, tar_.size()).value(), tar_);
  });
}

TEST_F(SignedExpertV1, EveryTruncationOfTheFileIsRefused) {
  ForEachTruncation(file_, [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(changed)) << change;
  });
}

TEST_F(SignedExpertV1, InsertedBytesOfTheFile) {
  ForEachInsertedByte(file_, [this](ByteView changed, const Change& change) {
    if (!Loads(changed)) return;
    EXPECT_TRUE(change.byte >= 10 && change.byte < file_.size() - 8) << change;
    EXPECT_EQ(Gunzip(changed, tar_.size()).value(), tar_);
  });
}

TEST_F(SignedExpertV1, FlippedBitsOfTheArchive) {
  ForEachFlippedBit(tar_, [this](ByteView changed, const Change& change) {
    if (!Loads(Stored(changed))) return;
    EXPECT_TRUE(IsChecksum(change.byte) || IsIntegrity(change.byte)) << change;
  });
}

TEST_F(SignedExpertV1, EveryTruncationOfTheArchiveIsRefused) {
  ForEachTruncation(tar_, [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(Stored(changed))) << change;
  });
}

TEST_F(SignedExpertV1, EveryInsertedByteOfTheArchiveIsRefused) {
  constexpr uint8_t kValues[] = {'\0', ' ', '0'};
  const auto check = [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(Stored(changed))) << change;
  };
  ForEachInsertedByte(tar_, check, kValues);
}

}  // namespace
}  // namespace andon
