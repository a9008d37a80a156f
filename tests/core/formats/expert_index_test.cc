#include "formats/expert_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "formats/expert_layout.h"
#include "tests/attacks/expert_v2_attacks.h"
#include "tests/core/support/read_expert.h"

namespace andon {
namespace {

using attacks::RawExpert;
using attacks::ThreeSections;

std::string CodeOf(const Status& status) { return std::string(ErrorCodeName(status.code())); }
std::string CodeOf(ByteView file) { return CodeOf(ReadExpert(file)); }

TEST(ExpertLayout, SectionFollowsAtTheNextMultiple) {
  uint64_t end = 0;
  EXPECT_TRUE(andon_expert_section_follows(130, 64, 192, 8, 200, &end));
  EXPECT_EQ(end, 200U);
  EXPECT_TRUE(andon_expert_section_follows(192, 64, 192, 8, 200, &end));
  EXPECT_FALSE(andon_expert_section_follows(130, 64, 256, 8, 1000, &end));  // a gap too long
  EXPECT_FALSE(andon_expert_section_follows(130, 64, 128, 8, 1000, &end));  // an overlap
  EXPECT_FALSE(andon_expert_section_follows(130, 64, 193, 7, 1000, &end));  // unaligned
  EXPECT_FALSE(andon_expert_section_follows(130, 64, 192, 0, 1000, &end));  // empty
  EXPECT_FALSE(andon_expert_section_follows(130, 64, 192, 9, 200, &end));   // past the end
  EXPECT_FALSE(andon_expert_section_follows(130, 64, 192, 9, 100, &end));   // begins past the end
  EXPECT_FALSE(andon_expert_section_follows(UINT64_MAX, 64, 0, 8, UINT64_MAX, &end));
  EXPECT_EQ(end, 200U);
}

TEST(ExpertIndex, NamesOfTypesAndCodecs) {
  std::set<std::string_view> names;
  for (uint16_t type = 1; type <= 11; ++type) names.insert(SectionTypeName(type));
  EXPECT_EQ(names.size(), 11U);
  EXPECT_EQ(SectionTypeName(1), "params");
  EXPECT_EQ(SectionTypeName(11), "attachment");
  EXPECT_EQ(SectionTypeName(0), "unknown");
  EXPECT_EQ(SectionTypeName(12), "unknown");
  EXPECT_EQ(SectionTypeName(0x7FFF), "unknown");
  EXPECT_EQ(SectionTypeName(0x8000), "extension");
  EXPECT_EQ(SectionCodecName(SectionCodec::kNone), "none");
  EXPECT_EQ(SectionCodecName(SectionCodec::kZstd), "zstd");
  EXPECT_EQ(SectionCodecName(SectionCodec::kShuffledZstd), "shuffle+zstd");
  EXPECT_EQ(SectionCodecName(static_cast<SectionCodec>(3)), "unknown");
}

TEST(ExpertIndex, KnownByItsMagic) {
  EXPECT_TRUE(LooksLikeExpert(ThreeSections().File()));
  EXPECT_FALSE(LooksLikeExpert(AsBytes("HLLMEXP")));
  EXPECT_FALSE(LooksLikeExpert(AsBytes("HLLMEXP1")));
}

TEST(ExpertIndex, ReadsEveryField) {
  RawExpert raw = ThreeSections();
  raw.minor = 7;
  raw.sections[1].entry.flags = kSectionCritical;
  raw.sections[1].entry.name = "doc\xC3\xBCments";
  const Bytes file = raw.File();
  const auto index = ReadExpertIndex(file);
  ASSERT_TRUE(index.ok()) << index.status().message();
  EXPECT_EQ(index->minor, 7);
  EXPECT_FALSE(index->signature);
  EXPECT_EQ(index->file_bytes, file.size());
  EXPECT_EQ(index->head_bytes, raw.HeaderSize() + 3 * 96);
  EXPECT_EQ(AsText(*ReadExpertMetadata(*index)), "{\"name\":\"expert-raw\"}");
  ASSERT_EQ(index->sections.size(), 3U);
  const ExpertSection& section = index->sections[1];
  EXPECT_EQ(section.id, 2U);
  EXPECT_EQ(section.type, 8);
  EXPECT_EQ(section.codec, SectionCodec::kZstd);
  EXPECT_EQ(section.offset % 64, 0U);
  EXPECT_EQ(section.gap, section.offset - index->sections[0].offset - 11);
  EXPECT_EQ(section.raw_length, 500U);
  EXPECT_EQ(section.layer, kNoLayer);
  EXPECT_TRUE(section.critical());
  EXPECT_EQ(section.name, "doc\xC3\xBCments");
  EXPECT_EQ(*ReadExpertSection(file, section), Bytes(500, 'd'));
}

TEST(ExpertIndex, NameOf24BytesNeedsNoZero) {
  RawExpert raw = ThreeSections();
  raw.sections[0].entry.name = "exactly-twenty-four-byte";
  const auto index = ReadExpertIndex(raw.File());
  ASSERT_TRUE(index.ok());
  EXPECT_EQ(index->sections[0].name, "exactly-twenty-four-byte");
}

TEST(ExpertIndex, FileLargerThanTheLimitIsRefused) {
  const Bytes file = ThreeSections().File();
  EXPECT_TRUE(ExpertHeadBytes(file, limits::kMaxExpertBytes).ok());
  EXPECT_EQ(CodeOf(ExpertHeadBytes(file, limits::kMaxExpertBytes + 1).status()), "FileTooLarge");
}

TEST(ExpertIndex, HeadOfAnotherLengthIsRefused) {
  const Bytes file = ThreeSections().File();
  const auto head_bytes = static_cast<size_t>(*ExpertHeadBytes(file, file.size()));
  const ByteView view(file);
  EXPECT_TRUE(ParseExpertIndex(view.first(head_bytes), file.size()).ok());
  for (const size_t wrong : {head_bytes - 1, head_bytes + 1}) {
    EXPECT_EQ(CodeOf(ParseExpertIndex(view.first(wrong), file.size()).status()), "ExpertTruncated");
  }
}

TEST(ExpertIndex, UnknownSectionThatIsNotCriticalIsKeptAsItIs) {
  for (const uint16_t type : std::initializer_list<uint16_t>{0, 12, 0x7FFF, 0x8000, 0xFFFF}) {
    RawExpert raw = ThreeSections();
    raw.sections[1].entry.type = type;
    raw.sections[1].entry.layer = 4;
    const auto index = ReadExpertIndex(raw.File());
    ASSERT_TRUE(index.ok()) << index.status().message();
    EXPECT_EQ(index->sections[1].type, type);
    EXPECT_EQ(index->sections[1].layer, 4U);
  }
}

TEST(ExpertIndex, SeveralUnknownSectionsOfATypeAreKept) {
  RawExpert raw = ThreeSections();
  raw.sections[0].entry.type = raw.sections[2].entry.type = 0x8001;
  EXPECT_EQ(CodeOf(raw.File()), "Ok");
}

TEST(ExpertIndex, NewerMinorVersionMayGiveUnknownSectionsAnything) {
  RawExpert raw = ThreeSections();
  raw.minor = 1;
  ExpertSection& section = raw.sections[1].entry;
  section.type = 12;
  section.codec = static_cast<SectionCodec>(9);
  section.flags = 0xFFFFFFFE;
  const Bytes file = raw.File();
  const auto index = ReadExpertIndex(file);
  ASSERT_TRUE(index.ok()) << index.status().message();
  EXPECT_EQ(CodeOf(ReadExpertSection(file, index->sections[1]).status()), "ExpertSectionCodec");
  EXPECT_EQ(CodeOf(ReadExpertSection(file, index->sections[0]).status()), "Ok");
  section.flags |= kSectionCritical;
  EXPECT_EQ(CodeOf(raw.File()), "ExpertSectionType");
}

TEST(ExpertIndex, UnknownSectionOfANewerMinorVersionIsDecodedOnlyWhereItsCodecIsWhole) {
  const auto code = [](SectionCodec codec, uint32_t element_size, uint64_t raw_length) {
    RawExpert raw = ThreeSections();
    raw.minor = 1;
    ExpertSection& section = raw.sections[1].entry;  // a frame of 500 bytes
    section.type = 12;
    section.codec = codec;
    section.flags = element_size << 8;
    section.raw_length = raw_length;
    return CodeOf(raw.File());
  };
  EXPECT_EQ(code(SectionCodec::kNone, 0, 500), "ExpertSectionLength");
  EXPECT_EQ(code(SectionCodec::kZstd, 7, 500), "Ok");
  EXPECT_EQ(code(SectionCodec::kShuffledZstd, 2, 500), "Ok");
  EXPECT_EQ(code(SectionCodec::kShuffledZstd, 8, 500), "ExpertSectionLength");
  EXPECT_EQ(code(SectionCodec::kShuffledZstd, 0, 500), "ExpertSectionCodec");
}

TEST(ExpertIndex, NewerMinorVersionMayNotChangeKnownSections) {
  RawExpert raw = ThreeSections();
  raw.minor = 1;
  raw.sections[1].entry.flags = 2;
  EXPECT_EQ(CodeOf(raw.File()), "ExpertSectionFlags");
  raw.sections[1].entry.flags = 0;
  raw.sections[1].entry.codec = static_cast<SectionCodec>(9);
  EXPECT_EQ(CodeOf(raw.File()), "ExpertSectionCodec");
}

TEST(ExpertIndex, SignedMessageIsTheHeadWithoutTheSignature) {
  Bytes head = ThreeSections().File();
  head.resize(static_cast<size_t>(*ExpertHeadBytes(head, head.size())));
  Bytes expected = {'H', 'L', 'L', 'M', 'E', 'X', 'P', '-', 'S', 'I', 'G', '-', 'V', '1', 0};
  AppendU64(expected, head.size());
  AppendBytes(expected, head);
  EXPECT_EQ(ExpertSignedMessage(head), expected);
  std::fill_n(head.begin() + ANDON_EXPERT_SIGNATURE_OFFSET, 64, uint8_t{7});
  EXPECT_EQ(ExpertSignedMessage(head), expected);
  head[ANDON_EXPERT_SIGNATURE_OFFSET - 1] ^= 1;  // the file's hash is covered
  EXPECT_NE(ExpertSignedMessage(head), expected);
}

TEST(ExpertIndex, SignatureIsThereWhereItsFieldIsNotZero) {
  Bytes file = ThreeSections().File();
  file[ANDON_EXPERT_SIGNATURE_OFFSET + 63] = 1;
  const auto index = ReadExpertIndex(file);
  ASSERT_TRUE(index.ok() && index->signature);
  EXPECT_EQ(index->signature->back(), 1);
}

TEST(ExpertIndex, SectionFedWithOtherLengthIsRefused) {
  const Bytes file = ThreeSections().File();
  const auto index = ReadExpertIndex(file);
  const ExpertSection& section = index->sections[1];
  const ByteView bytes =
      *SubRange(file, section.offset - section.gap, section.gap + section.stored_length);
  EXPECT_EQ(CodeOf(DecodeExpertSection(section, bytes).status()), "Ok");
  EXPECT_EQ(CodeOf(DecodeExpertSection(section, bytes.subspan(1)).status()), "ExpertSectionLength");
}

TEST(ExpertIndex, ManySectionsAreRead) {
  RawExpert raw;
  for (uint32_t i = 0; i < limits::kMaxExpertSections; ++i) raw.Add(7, AsBytes("text"));
  const auto index = ReadExpertIndex(raw.Lay().File());
  ASSERT_TRUE(index.ok()) << index.status().message();
  EXPECT_EQ(index->sections.size(), limits::kMaxExpertSections);
}

}  // namespace
}  // namespace andon
