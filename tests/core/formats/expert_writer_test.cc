#include "formats/expert_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "common/limits.h"
#include "tests/attacks/params_attacks.h"
#include "tests/attacks/raw_expert.h"
#include "tests/core/support/exhaustive.h"
#include "tests/core/support/peak_memory.h"
#include "tests/core/support/read_expert.h"
#include "tests/core/support/write_expert.h"

namespace andon {
namespace {

constexpr std::string_view kMetadata = "{\"name\":\"expert-written\"}";
constexpr Ed25519Seed kSeed = {7};

std::string CodeOf(const Status& status) { return std::string(ErrorCodeName(status.code())); }

// Noise: no codec makes it smaller.
Bytes Noise(size_t size) {
  Bytes bytes(size);
  uint32_t state = 1;
  for (uint8_t& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(state >> 24);
  }
  return bytes;
}

// Halves whose upper bytes are alike and whose lower bytes are noise.
Bytes Weights(size_t count) {
  const Bytes noise = Noise(count);
  Bytes bytes;
  for (const uint8_t byte : noise) bytes.insert(bytes.end(), {byte, 0x3C});
  return bytes;
}

// Every type of section, each with content of its own.
std::map<uint16_t, Bytes> EveryType() {
  std::map<uint16_t, Bytes> contents;
  for (uint16_t type = 2; type <= 11; ++type)
    contents[type] = Bytes(20 + type, static_cast<uint8_t>('a' + type));
  contents[1] = attacks::EveryKind();
  contents[0x8000] = Noise(70);
  return contents;
}

std::vector<SectionContent> SectionsOf(const std::map<uint16_t, Bytes>& contents) {
  std::vector<SectionContent> sections;
  for (const auto& [type, content] : contents) {
    sections.push_back({.type = type, .name = std::string(SectionTypeName(type))});
    sections.back().content = content;
    sections.back().critical = type <= 11;
    if (type == 1) {
      sections.back().layer = attacks::kParamsLayer;
      sections.back().element_size = 2;
    }
  }
  return sections;
}

Bytes WriteEveryType(const ExpertWriterOptions& options = {}) {
  const auto contents = EveryType();
  auto file = WriteExpert(AsBytes(kMetadata), SectionsOf(contents), options, kSeed);
  EXPECT_TRUE(file.ok()) << file.status().message();
  return std::move(file).value();
}

// The one section of a file made of one.
ExpertSection WriteOne(const SectionContent& section, const ExpertWriterOptions& options = {}) {
  const auto file = WriteExpert(AsBytes(kMetadata), {section}, options, std::nullopt);
  EXPECT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(CodeOf(ReadExpert(*file)), "Ok");
  const ExpertSection written = ReadExpertIndex(*file)->sections[0];
  const auto content = ReadExpertSection(*file, written);
  EXPECT_TRUE(std::ranges::equal(*content, section.content));
  return written;
}

TEST(ExpertWriter, EverySectionComesBackWithEveryCodec) {
  const auto contents = EveryType();
  for (const auto& [zstd, shuffle] : {std::pair{false, false}, {true, false}, {true, true}}) {
    for (const int level : {1, 9, 19}) {
      const Bytes file = WriteEveryType({.level = level, .zstd = zstd, .shuffle = shuffle});
      ASSERT_EQ(CodeOf(ReadExpert(file, Ed25519PublicKeyOf(kSeed))), "Ok");
      const auto index = ReadExpertIndex(file);
      EXPECT_EQ(AsText(*ReadExpertMetadata(*index)), kMetadata);
      ASSERT_EQ(index->sections.size(), contents.size());
      for (const ExpertSection& section : index->sections)
        EXPECT_EQ(*ReadExpertSection(file, section), contents.at(section.type)) << section.type;
    }
  }
}

TEST(ExpertWriter, SameInputGivesTheSameBytes) { EXPECT_EQ(WriteEveryType(), WriteEveryType()); }

TEST(ExpertWriter, FileHashIsOverTheFileWithoutHashAndSignature) {
  Bytes file = WriteEveryType();
  const auto index = ReadExpertIndex(file);
  std::fill_n(file.begin() + 0x14, 96, uint8_t{0});
  EXPECT_EQ(Sha256Of(file), index->file_sha256);
}

TEST(ExpertWriter, WithoutAKeyTheSignatureIsZeros) {
  const auto file =
      WriteExpert(AsBytes(kMetadata), {{.type = 7, .content = AsBytes("MIT")}}, {}, std::nullopt);
  EXPECT_FALSE(ReadExpertIndex(*file)->signature);
}

TEST(ExpertWriter, PieceByPieceIsTheSame) {
  const auto contents = EveryType();
  const auto sections = SectionsOf(contents);
  auto writer = ExpertWriter::Create(AsBytes(kMetadata), sections.size(), {});
  ASSERT_TRUE(writer.ok());
  Bytes rest;
  for (const SectionContent& section : sections) AppendBytes(rest, *writer->Add(section));
  Sha256 hash;
  hash.Update(writer->Head());
  hash.Update(rest);
  Bytes file = writer->Seal(hash.Finish(), kSeed);
  EXPECT_EQ(file.size(), writer->head_bytes());
  AppendBytes(file, rest);
  EXPECT_EQ(file, WriteEveryType());
  EXPECT_EQ(writer->sections().size(), sections.size());
}

TEST(ExpertWriter, SectionsTakenOverAsStoredGiveTheSameFile) {
  const Bytes file = WriteEveryType();
  const auto index = ReadExpertIndex(file);
  auto writer = ExpertWriter::Create(*ReadExpertMetadata(*index), index->sections.size(), {});
  Bytes rest;
  for (const ExpertSection& section : index->sections)
    AppendBytes(
        rest, *writer->AddStored(section, *SubRange(file, section.offset, section.stored_length)));
  Bytes again = writer->Seal(index->file_sha256, kSeed);
  AppendBytes(again, rest);
  EXPECT_EQ(again, file);
}

TEST(ExpertWriter, SectionsOfANewerMinorVersionAreTakenOver) {
  ExpertSection unknown = {.type = 12, .codec = static_cast<SectionCodec>(9), .raw_length = 8};
  for (const uint16_t minor : std::initializer_list<uint16_t>{0, 1}) {
    auto writer = ExpertWriter::Create(AsBytes(kMetadata), 1, {.minor = minor});
    EXPECT_EQ(CodeOf(writer->AddStored(unknown, AsBytes("stored")).status()),
              minor == 0 ? "ExpertSectionCodec" : "Ok");
  }
}

TEST(ExpertWriter, SmallestCodecIsKept) {
  const Bytes noise = Noise(1000), zeros(1000), weights = Weights(4000);
  const auto codec = [](ByteView content, uint64_t element_size, ExpertWriterOptions options = {}) {
    return WriteOne({.type = 8, .element_size = element_size, .content = content}, options).codec;
  };
  EXPECT_EQ(codec(noise, 2), SectionCodec::kNone);
  EXPECT_EQ(codec(zeros, 2), SectionCodec::kZstd);
  EXPECT_EQ(codec(weights, 2), SectionCodec::kShuffledZstd);
  EXPECT_EQ(codec(weights, 0), SectionCodec::kZstd);
  EXPECT_EQ(codec(weights, 3), SectionCodec::kZstd);  // no size of elements
  EXPECT_EQ(codec(weights, 2, {.shuffle = false}), SectionCodec::kZstd);
  EXPECT_EQ(codec(weights, 2, {.zstd = false}), SectionCodec::kNone);
  EXPECT_EQ(codec(ByteView(weights).subspan(1), 2), SectionCodec::kZstd);  // half an element
}

TEST(ExpertWriter, ShuffleKeepsTheSizeOfItsElements) {
  const Bytes weights = Weights(4000);
  EXPECT_EQ(WriteOne({.type = 8, .element_size = 2, .content = weights}).element_size(), 2U);
  EXPECT_EQ(WriteOne({.type = 8, .element_size = 4, .content = weights}).element_size(), 4U);
  EXPECT_EQ(WriteOne({.type = 8, .critical = true, .content = weights}).flags, kSectionCritical);
}

TEST(ExpertWriter, CertificatesAreStoredAsTheyAre) {
  EXPECT_EQ(WriteOne({.type = 10, .content = Bytes(840)}).codec, SectionCodec::kNone);
}

// What expands more than a reader allows is stored, so that whatever is written can be read.
TEST(ExpertWriter, ContentOfZerosStaysWithinTheRatio) {
  const Bytes zeros(8 * limits::kMiB);
  EXPECT_EQ(WriteOne({.type = 8, .content = zeros}).codec, SectionCodec::kNone);
  const SectionContent section = {.type = 8, .content = ByteView(zeros).first(3 * limits::kMiB)};
  const auto file = WriteExpert(AsBytes(kMetadata), {section, section, section}, {}, std::nullopt);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(CodeOf(ReadExpert(*file)), "Ok");
  const auto sections = ReadExpertIndex(*file)->sections;
  EXPECT_EQ(sections[0].codec, SectionCodec::kZstd);
  EXPECT_EQ(sections[1].codec, SectionCodec::kNone);
  EXPECT_EQ(sections[2].codec, SectionCodec::kZstd);
}

TEST(ExpertWriter, MemoryIsThatOfOneSection) {
  const Bytes weights = Weights(limits::kMiB);
  auto writer = ExpertWriter::Create(AsBytes(kMetadata), 10, {.level = 1});
  const PeakMemory peak;
  for (uint32_t layer = 0; layer < 10; ++layer) {
    const auto bytes =
        writer->Add({.type = 1, .layer = layer, .element_size = 2, .content = weights});
    ASSERT_TRUE(bytes.ok());
  }
  EXPECT_LT(peak.bytes(), 5 * weights.size());
}

TEST(ExpertWriter, LevelOutsideItsRangeIsRefused) {
  for (const int level : {0, 20, -5})
    EXPECT_EQ(CodeOf(ExpertWriter::Create(AsBytes(kMetadata), 1, {.level = level}).status()),
              "InvalidArgument");
}

TEST(ExpertWriter, MetadataLargerThanTheLimitIsRefused) {
  EXPECT_TRUE(ExpertWriter::Create(Noise(limits::kMaxManifestBytes), 1, {}).ok());
  EXPECT_EQ(CodeOf(ExpertWriter::Create(Bytes(limits::kMaxManifestBytes + 1), 1, {}).status()),
            "ExpertMetadata");
}

TEST(ExpertWriter, LargestMetadataThatDoesNotCompressIsRead) {
  const Bytes metadata = Noise(limits::kMaxManifestBytes);
  const auto file =
      WriteExpert(metadata, {{.type = 7, .content = AsBytes("MIT")}}, {}, std::nullopt);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(*ReadExpertMetadata(*ReadExpertIndex(*file)), metadata);
}

TEST(ExpertWriter, NumberOfSectionsIsLimited) {
  for (const uint64_t count : {uint64_t{0}, limits::kMaxExpertSections + 1})
    EXPECT_EQ(CodeOf(ExpertWriter::Create(AsBytes(kMetadata), count, {}).status()),
              "ExpertTocCount");
}

TEST(ExpertWriter, MoreSectionsThanSaidAreRefused) {
  auto writer = ExpertWriter::Create(AsBytes(kMetadata), 1, {});
  const SectionContent section = {.type = 7, .content = AsBytes("MIT")};
  EXPECT_EQ(CodeOf(writer->Add(section).status()), "Ok");
  EXPECT_EQ(CodeOf(writer->Add(section).status()), "SectionUnknown");
}

TEST(ExpertWriter, RefusesWhatTheIndexWouldRefuse) {
  const Bytes text = {'t', 'e', 'x', 't'};
  const auto code = [](const SectionContent& section) {
    return CodeOf(WriteExpert(AsBytes(kMetadata), {section}, {}, std::nullopt).status());
  };
  EXPECT_EQ(code({.type = 7, .content = text}), "Ok");
  EXPECT_EQ(code({.type = 7}), "ExpertSectionLength");
  EXPECT_EQ(code({.type = 10, .content = Noise(limits::kMaxSigningCertBytes + 1)}),
            "ExpertSectionLength");
  EXPECT_EQ(code({.type = 7, .name = std::string(25, 'n'), .content = text}), "ExpertSectionName");
  EXPECT_EQ(code({.type = 7, .name = std::string("a\0b", 3), .content = text}),
            "ExpertSectionName");
  EXPECT_EQ(code({.type = 7, .layer = 1, .content = text}), "ExpertSectionFlags");
  EXPECT_EQ(code({.type = 12, .critical = true, .content = text}), "ExpertSectionType");
}

TEST(ExpertWriter, ContentLargerThanTheLimitIsRefusedBeforeItIsLookedAt) {
  static const uint8_t byte = 0;
  const ByteView huge(&byte, limits::kMaxSectionBytes + 1);
  const auto status =
      WriteExpert(AsBytes(kMetadata), {{.type = 7, .content = huge}}, {}, std::nullopt).status();
  EXPECT_EQ(CodeOf(status), "ExpertSectionLength");
}

TEST(ExpertWriter, SectionsTakenOverThatExpandTooMuchAreRefused) {
  auto writer = ExpertWriter::Create(AsBytes(kMetadata), 1, {});
  const ExpertSection bomb = {.type = 8, .codec = SectionCodec::kZstd, .raw_length = 1 << 29};
  EXPECT_EQ(CodeOf(writer->AddStored(bomb, AsBytes("frame")).status()), "ExpertRatio");
}

// --- of a signed file nothing can be changed ---

class SignedExpert : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Loads(file_)); }

  bool Loads(ByteView file) const { return ReadExpert(file, key_).ok(); }

  const Ed25519PublicKey key_ = Ed25519PublicKeyOf(kSeed);
  const Bytes file_ = WriteEveryType();
};

TEST_F(SignedExpert, EveryFlippedBitIsRefused) {
  ForEachFlippedBit(file_, [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(changed)) << change;
  });
}

TEST_F(SignedExpert, EveryTruncationIsRefused) {
  ForEachTruncation(file_, [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(changed)) << change;
  });
}

TEST_F(SignedExpert, EveryInsertedByteIsRefused) {
  constexpr uint8_t kValues[] = {0x00, 0x01, 0x40, 0x7F, 0x80, 0xFF};  // all take a minute
  const auto check = [this](ByteView changed, const Change& change) {
    ASSERT_FALSE(Loads(changed)) << change;
  };
  ForEachInsertedByte(file_, check, kValues);
}

}  // namespace
}  // namespace andon
