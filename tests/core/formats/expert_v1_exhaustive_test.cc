// Of a signed package of version 1, what the signature reaches cannot be changed. What it does not
// reach is named here, byte by byte; formats/expert_v1.h says why it is as it is.

#include <gtest/gtest.h>

#include <algorithm>

#include "archive/gzip.h"
#include "codecs/deflate.h"
#include "formats/expert_v1.h"

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

  // Where the text of the manifest's `integrity` lies in the archive.
  std::pair<size_t, size_t> Integrity() const {
    const std::string_view text = AsText(tar_);
    const size_t begin = text.find("\"integrity\"");
    return {begin, text.find('\0', begin)};
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
  Bytes changed = file_;
  for (size_t bit = 0; bit < changed.size() * 8; ++bit) {
    const auto mask = static_cast<uint8_t>(1 << bit % 8);
    const size_t byte = bit / 8;
    changed[byte] ^= mask;
    if (Loads(changed)) {
      // Time, packer and system, or another way to compress the same bytes.
      EXPECT_TRUE(byte >= 4 && byte < file_.size() - 8) << "bit " << bit % 8 << " of byte " << byte;
      EXPECT_EQ(Gunzip(changed, tar_.size()).value(), tar_);
    }
    changed[byte] ^= mask;
  }
}

TEST_F(SignedExpertV1, EveryTruncationOfTheFileIsRefused) {
  for (size_t size = 0; size < file_.size(); ++size) {
    ASSERT_FALSE(Loads(ByteView(file_).first(size))) << size << " bytes from the start";
    ASSERT_FALSE(Loads(ByteView(file_).last(size))) << size << " bytes from the end";
  }
}

TEST_F(SignedExpertV1, InsertedBytesOfTheFile) {
  Bytes changed(file_.size() + 1);
  std::copy(file_.begin(), file_.end(), changed.begin() + 1);
  for (size_t position = 0;; ++position) {  // changed[position] is the inserted byte
    for (int value = 0; value < 256; ++value) {
      changed[position] = static_cast<uint8_t>(value);
      if (Loads(changed)) {
        EXPECT_TRUE(position >= 10 && position < file_.size() - 8) << "before byte " << position;
        EXPECT_EQ(Gunzip(changed, tar_.size()).value(), tar_);
      }
    }
    if (position == file_.size()) break;
    changed[position] = file_[position];
  }
}

TEST_F(SignedExpertV1, FlippedBitsOfTheArchive) {
  Bytes changed = tar_;
  const auto [begin, end] = Integrity();
  for (size_t bit = 0; bit < changed.size() * 8; ++bit) {
    const auto mask = static_cast<uint8_t>(1 << bit % 8);
    const size_t byte = bit / 8;
    changed[byte] ^= mask;
    if (Loads(Stored(changed))) {
      EXPECT_TRUE(IsChecksum(byte) || (byte >= begin && byte < end))
          << "bit " << bit % 8 << " of byte " << byte;
    }
    changed[byte] ^= mask;
  }
}

TEST_F(SignedExpertV1, EveryTruncationOfTheArchiveIsRefused) {
  for (size_t size = 0; size < tar_.size(); ++size) {
    ASSERT_FALSE(Loads(Stored(ByteView(tar_).first(size)))) << size;
  }
}

TEST_F(SignedExpertV1, EveryInsertedByteOfTheArchiveIsRefused) {
  for (size_t position = 0; position <= tar_.size(); ++position) {
    for (const char value : {'\0', ' ', '0'}) {
      Bytes changed = tar_;
      changed.insert(changed.begin() + static_cast<ptrdiff_t>(position),
                     static_cast<uint8_t>(value));
      ASSERT_FALSE(Loads(Stored(changed))) << "before byte " << position;
    }
  }
}

}  // namespace
}  // namespace andon
