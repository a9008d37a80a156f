// Hostile .expert files of version 2, one a rule that they break.

#ifndef ANDON_TESTS_ATTACKS_EXPERT_V2_ATTACKS_H_
#define ANDON_TESTS_ATTACKS_EXPERT_V2_ATTACKS_H_

#include <functional>
#include <string>
#include <vector>

#include "codecs/byte_shuffle.h"
#include "common/limits.h"
#include "tests/attacks/attack.h"
#include "tests/attacks/raw_expert.h"

namespace andon::attacks {

inline constexpr uint16_t kLicense = 7, kDocs = 8;  // texts: nothing is asked of their content

// Three texts; the second is compressed.
inline RawExpert ThreeSections() {
  RawExpert raw;
  raw.Add(kLicense, AsBytes("MIT License"));
  raw.AddCompressed(kDocs, Bytes(500, 'd'));
  raw.Add(kLicense, AsBytes("Apache License"));
  return raw.Lay();
}

inline Attack ExpertAttack(std::string name, std::string why, ErrorCode code,
                           const std::function<void(RawExpert&)>& tamper) {
  RawExpert raw = ThreeSections();
  tamper(raw);
  return {std::move(name), std::move(why), code, raw.File()};
}

// The entry of the second section is changed after all was put in its place.
inline Attack TocAttack(std::string name, std::string why, ErrorCode code,
                        const std::function<void(ExpertSection&)>& tamper) {
  return ExpertAttack(std::move(name), std::move(why), code,
                      [&](RawExpert& raw) { tamper(raw.sections[1].entry); });
}

// One section, laid out after it was made.
inline Attack SectionAttack(std::string name, std::string why, ErrorCode code,
                            const std::function<void(RawExpert&)>& make) {
  RawExpert raw;
  make(raw);
  return {std::move(name), std::move(why), code, raw.Lay().File()};
}

// One compressed section whose frame is `frame` and whose content should have `raw_length` bytes.
inline Attack FrameAttack(std::string name, std::string why, ErrorCode code, ByteView frame,
                          uint64_t raw_length) {
  return SectionAttack(std::move(name), std::move(why), code, [&](RawExpert& raw) {
    ExpertSection& entry = raw.Add(kDocs, frame);
    entry.codec = SectionCodec::kZstd;
    entry.raw_length = raw_length;
  });
}

inline Attack MetadataAttack(std::string name, std::string why, ErrorCode code, Bytes field) {
  return SectionAttack(std::move(name), std::move(why), code, [&](RawExpert& raw) {
    raw.metadata = std::move(field);
    raw.Add(kDocs, AsBytes("text"));
  });
}

inline Bytes Joined(ByteView first, ByteView second) {
  Bytes bytes(first.begin(), first.end());
  AppendBytes(bytes, second);
  return bytes;
}

// A frame of one run of a byte (RFC 8878, 3.1.1): a window byte, a content size, a last block.
inline Bytes RunFrame(uint8_t window, uint32_t content_size, uint32_t run) {
  Bytes frame = {0x28, 0xB5, 0x2F, 0xFD, 0x80, window};
  AppendU32(frame, content_size);
  const uint32_t block = run << 3 | 1 << 1 | 1;
  AppendBytes(frame, Bytes{static_cast<uint8_t>(block), static_cast<uint8_t>(block >> 8),
                           static_cast<uint8_t>(block >> 16), 'x'});
  return frame;
}
inline constexpr uint8_t kWindow1MiB = 10 << 3, kWindow16MiB = 14 << 3;

inline Bytes SkippableFrame() { return {0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 'h', 'i', 'd', 'e'}; }

inline std::vector<Attack> ExpertHeadAttacks() {
  using E = ErrorCode;
  const auto with = [](auto member, auto value) {
    return [=](RawExpert& raw) { raw.*member = value; };
  };
  return {
      ExpertAttack("WrongMagic", "to be read as what it is not", E::kUnknownFormat,
                   [](RawExpert& raw) { raw.magic[7] = '1'; }),
      {"CutInItsHeader", "reads past the end", E::kExpertTruncated,
       [] {
         Bytes file = ThreeSections().File();
         file.resize(0x73);
         return file;
       }()},
      {"CutInItsToc", "reads past the end", E::kExpertTruncated,
       [] {
         Bytes file = ThreeSections().File();
         file.resize(400);
         return file;
       }()},
      ExpertAttack("NewerMajorVersion", "rules that are not known", E::kExpertVersion,
                   with(&RawExpert::major, uint16_t{3})),
      ExpertAttack("OlderMajorVersion", "rules that never were", E::kExpertVersion,
                   with(&RawExpert::major, uint16_t{1})),
      ExpertAttack("HeaderSizeUnaligned", "a second place for the TOC", E::kExpertHeaderSize,
                   with(&RawExpert::header_size, 191U)),
      ExpertAttack("HeaderSizeInsideTheHeader", "the signature read as TOC", E::kExpertHeaderSize,
                   with(&RawExpert::header_size, 64U)),
      ExpertAttack("HeaderSizeHuge", "gigabytes before anything was checked", E::kExpertHeaderSize,
                   with(&RawExpert::header_size, 0xFFFFFFC0U)),
      ExpertAttack("NoSections", "an expert of nothing", E::kExpertTocCount,
                   with(&RawExpert::toc_count, 0U)),
      ExpertAttack("TooManySections", "memory for entries", E::kExpertTocCount,
                   with(&RawExpert::toc_count, 4097U)),
      ExpertAttack("SectionCountThatWraps", "a product of 32 bits that wraps", E::kExpertTocCount,
                   with(&RawExpert::toc_count, 0xFFFFFFFFU)),
      ExpertAttack("MoreSectionsThanBytes", "reads past the end", E::kExpertTruncated,
                   with(&RawExpert::toc_count, 100U)),
      ExpertAttack("BytesAfterTheLastSection", "content that nobody signed", E::kExpertTrailingData,
                   with(&RawExpert::tail, Bytes{0})),
  };
}

inline std::vector<Attack> ExpertMetadataAttacks() {
  using E = ErrorCode;
  const Bytes frame = ZstdCompress(AsBytes("{}"));
  return {
      MetadataAttack("MetadataPaddingThatSpeaks", "content beside the metadata", E::kExpertMetadata,
                     Joined(frame, AsBytes("x"))),
      MetadataAttack("MetadataPaddingTooLong", "room for what nobody looks at", E::kExpertMetadata,
                     Joined(frame, Bytes(64))),
      MetadataAttack("SecondMetadataFrame", "readers that see other metadata", E::kExpertMetadata,
                     Joined(frame, frame)),
      MetadataAttack("SkippableMetadataFrame", "readers that skip and readers that do not",
                     E::kZstdTrailingData, Joined(SkippableFrame(), frame)),
      MetadataAttack("MetadataThatIsNoFrame", "a parser fed with junk", E::kZstdCorrupt,
                     Bytes(20, 'x')),
      MetadataAttack("MetadataBomb", "memory", E::kZstdOutputLimit,
                     ZstdCompress(Bytes(limits::kMaxManifestBytes + 1))),
      MetadataAttack("MetadataWindowLie", "memory for a window", E::kZstdWindow,
                     RunFrame(kWindow16MiB, 5, 5)),
      MetadataAttack("MetadataOfUnknownSize", "memory that grows", E::kZstdNoContentSize,
                     {0x28, 0xB5, 0x2F, 0xFD, 0, kWindow1MiB, 0x2B, 0, 0, 'x'}),
  };
}

inline std::vector<Attack> ExpertPlaceAttacks() {
  using E = ErrorCode;
  const auto place = [](std::string name, std::string why,
                        const std::function<void(ExpertSection&)>& tamper) {
    return TocAttack(std::move(name), std::move(why), E::kExpertSectionPlace, tamper);
  };
  return {
      TocAttack("SameIdTwice", "two sections of one id", E::kExpertSectionId,
                [](ExpertSection& s) { s.id = 1; }),
      TocAttack("IdsDescending", "readers that sort and readers that do not", E::kExpertSectionId,
                [](ExpertSection& s) { s.id = 0; }),
      place("Overlap", "one byte with two meanings", [](ExpertSection& s) { s.offset -= 64; }),
      place("Gap", "bytes that belong to nobody", [](ExpertSection& s) { s.offset += 64; }),
      place("SectionInTheHead", "the head read as content", [](ExpertSection& s) { s.offset = 0; }),
      place("Misaligned", "reads of tensors that trap", [](ExpertSection& s) { ++s.offset; }),
      place("OffsetPastTheEnd", "reads past the end",
            [](ExpertSection& s) { s.offset = uint64_t{1} << 40; }),
      place("OffsetThatWraps", "a sum that wraps to the start",
            [](ExpertSection& s) { s.offset = ~uint64_t{63}; }),
      place("LengthPastTheEnd", "reads past the end",
            [](ExpertSection& s) { s.stored_length = limits::kMaxSectionBytes; }),
      place("StoredLengthLie", "content of the section after it",
            [](ExpertSection& s) { s.stored_length += 64; }),
      ExpertAttack("Unsorted", "readers that sort and readers that do not", E::kExpertSectionPlace,
                   [](RawExpert& raw) {
                     std::swap(raw.sections[0].entry.offset, raw.sections[1].entry.offset);
                   }),
      place("ParamsMisaligned", "reads of tensors that trap",
            [](ExpertSection& s) {
              s.type = 1;
              s.layer = 0;
            }),
      ExpertAttack("GapThatSpeaks", "content that nobody signed", E::kExpertGap,
                   [](RawExpert& raw) { raw.gap_byte = 'x'; }),
  };
}

inline std::vector<Attack> ExpertTypeAttacks() {
  using E = ErrorCode;
  std::vector<Attack> attacks = {
      TocAttack("UnknownCriticalType", "rules that must be known to load it safely",
                E::kExpertSectionType,
                [](ExpertSection& s) {
                  s.type = 12;
                  s.flags = kSectionCritical;
                }),
      TocAttack("UnknownCriticalExtension", "the same by an extension", E::kExpertSectionType,
                [](ExpertSection& s) {
                  s.type = 0x8000;
                  s.flags = kSectionCritical;
                }),
      TocAttack("CriticalTypeZero", "a type that never was", E::kExpertSectionType,
                [](ExpertSection& s) {
                  s.type = 0;
                  s.flags = kSectionCritical;
                }),
      TocAttack("UnknownCodec", "a decoder that does not exist", E::kExpertSectionCodec,
                [](ExpertSection& s) { s.codec = static_cast<SectionCodec>(3); }),
      TocAttack("UnknownCodecOfAnUnknownType", "only newer minor versions may",
                E::kExpertSectionCodec,
                [](ExpertSection& s) {
                  s.type = 12;
                  s.codec = static_cast<SectionCodec>(3);
                }),
      TocAttack("CompressedCertificates", "a decoder at work before the signature was judged",
                E::kExpertSectionCodec, [](ExpertSection& s) { s.type = 10; }),
      TocAttack("ReservedFlags", "bits that a newer reader takes for something",
                E::kExpertSectionFlags, [](ExpertSection& s) { s.flags = 2; }),
      TocAttack("ReservedFlagsAbove", "bits that a newer reader takes for something",
                E::kExpertSectionFlags, [](ExpertSection& s) { s.flags = 1U << 12; }),
      TocAttack("ElementSizeWithoutShuffle", "two ways to write the same", E::kExpertSectionFlags,
                [](ExpertSection& s) { s.flags = 2 << 8; }),
      TocAttack("ShuffleWithoutElementSize", "a division by zero", E::kExpertSectionFlags,
                [](ExpertSection& s) { s.codec = SectionCodec::kShuffledZstd; }),
      TocAttack("ElementSizeThree", "elements that no tensor has", E::kExpertSectionFlags,
                [](ExpertSection& s) {
                  s.codec = SectionCodec::kShuffledZstd;
                  s.flags = 3 << 8;
                }),
      TocAttack("LayerOfALicense", "a layer with two meanings", E::kExpertSectionFlags,
                [](ExpertSection& s) { s.layer = 0; }),
      SectionAttack("SameLayerTwice", "two adapters of one layer", E::kExpertSectionFlags,
                    [](RawExpert& raw) {
                      raw.Add(1, Bytes(16, 'p'), 5);
                      raw.Add(1, Bytes(16, 'p'), 5);
                    }),
  };
  for (const uint16_t type : std::initializer_list<uint16_t>{2, 5, 6, 9, 10}) {
    attacks.push_back(SectionAttack("SecondOf_" + std::to_string(type),
                                    "readers that take the first and readers that take the last",
                                    E::kExpertSectionType, [type](RawExpert& raw) {
                                      raw.Add(type, AsBytes("{}"));
                                      raw.Add(type, AsBytes("{}"));
                                    }));
  }
  return attacks;
}

inline std::vector<Attack> ExpertNameAttacks() {
  const auto named = [](std::string name, std::string why, std::string padded) {
    return ExpertAttack(std::move(name), std::move(why), ErrorCode::kExpertSectionName,
                        [&](RawExpert& raw) { raw.sections[1].padded_name = std::move(padded); });
  };
  return {
      named("NameWithATail", "a second name behind the first", std::string("docs\0x", 6)),
      named("NameThatIsNotUtf8", "text that programs show differently", "docs\xC3"),
      named("NameWithALineBreak", "lines of its own in a terminal", "docs\nok"),
      named("NameThatReorders", "text that reads backwards", "docs\xE2\x80\xAE"),
  };
}

inline std::vector<Attack> ExpertLengthAttacks() {
  using E = ErrorCode;
  const auto length = [](std::string name, std::string why,
                         const std::function<void(ExpertSection&)>& tamper) {
    return TocAttack(std::move(name), std::move(why), E::kExpertSectionLength, tamper);
  };
  return {
      length("EmptySection", "two sections at one place",
             [](ExpertSection& s) { s.stored_length = 0; }),
      length("EmptyContent", "content that never was", [](ExpertSection& s) { s.raw_length = 0; }),
      length("ContentTooLarge", "memory",
             [](ExpertSection& s) { s.raw_length = limits::kMaxSectionBytes + 1; }),
      length("StoredTooLarge", "memory",
             [](ExpertSection& s) { s.stored_length = limits::kMaxSectionBytes + 1; }),
      length("RawLengthOfStoredContent", "content that never was",
             [](ExpertSection& s) { s.codec = SectionCodec::kNone; }),
      length("HalfAnElement", "a read past the end of the last element",
             [](ExpertSection& s) {
               s.codec = SectionCodec::kShuffledZstd;
               s.flags = 8 << 8;  // of 500 bytes
             }),
      length("RawLengthTooLong", "bytes of memory that nobody wrote",
             [](ExpertSection& s) { ++s.raw_length; }),
      SectionAttack("TooManyCertificates", "work before the signature was judged",
                    E::kExpertSectionLength,
                    [](RawExpert& raw) { raw.Add(10, Bytes(limits::kMaxSigningCertBytes + 1)); }),
      SectionAttack("SectionBomb", "memory", E::kExpertRatio,
                    [](RawExpert& raw) { raw.AddCompressed(kDocs, Bytes(8 * limits::kMiB)); }),
      SectionAttack("ManySmallBombs", "memory, in parts", E::kExpertRatio,
                    [](RawExpert& raw) {
                      for (int i = 0; i < 20; ++i)
                        raw.AddCompressed(kDocs, Bytes(limits::kMiB / 2));
                    }),
  };
}

inline std::vector<Attack> ExpertFrameAttacks() {
  using E = ErrorCode;
  const Bytes frame = ZstdCompress(Bytes(500, 'd'));
  Bytes cut = frame;
  cut.pop_back();
  return {
      FrameAttack("FrameLargerThanStated", "memory", E::kZstdOutputLimit, frame, 499),
      FrameAttack("FrameSmallerThanStated", "memory that nobody wrote", E::kExpertSectionLength,
                  frame, 501),
      FrameAttack("FrameWindowLie", "memory for a window", E::kZstdWindow,
                  RunFrame(kWindow16MiB, 5, 5), 5),
      FrameAttack("FrameSizeLie", "memory that nobody wrote", E::kZstdCorrupt,
                  RunFrame(kWindow1MiB, 5, 6), 5),
      FrameAttack("FrameOfUnknownSize", "memory that grows", E::kZstdNoContentSize,
                  Bytes{0x28, 0xB5, 0x2F, 0xFD, 0, kWindow1MiB, 0x2B, 0, 0, 'x'}, 5),
      FrameAttack("FrameCut", "reads past the end", E::kZstdCorrupt, cut, 500),
      FrameAttack("FrameSkippable", "readers that skip and readers that do not",
                  E::kZstdTrailingData, Joined(SkippableFrame(), frame), 500),
      FrameAttack("FrameThenMore", "content that readers see differently", E::kZstdTrailingData,
                  Joined(frame, frame), 500),
      TocAttack("HashOfOtherBytes", "content that nobody signed", E::kExpertSectionHash,
                [](ExpertSection& s) { s.sha256[31] ^= 1; }),
  };
}

inline std::vector<Attack> ExpertV2Attacks() {
  return Joined({ExpertHeadAttacks(), ExpertMetadataAttacks(), ExpertPlaceAttacks(),
                 ExpertTypeAttacks(), ExpertNameAttacks(), ExpertLengthAttacks(),
                 ExpertFrameAttacks()});
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_EXPERT_V2_ATTACKS_H_
