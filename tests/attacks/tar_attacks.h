// Hostile tar archives and gzip members, one a rule that they break.

#ifndef ANDON_TESTS_ATTACKS_TAR_ATTACKS_H_
#define ANDON_TESTS_ATTACKS_TAR_ATTACKS_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "archive/gzip.h"
#include "codecs/deflate.h"
#include "common/bytes.h"
#include "tests/attacks/attack.h"

namespace andon::attacks {

// A header as it lies in the archive; each field is what a test puts there.
struct RawTarEntry {
  std::string name = "a.txt";
  std::string mode = "0000644";
  std::string owner = "0001750";
  std::string group = "0001750";
  std::string size = "";  // empty: that of the content
  std::string time = "14720000000";
  std::string checksum = "";  // empty: the right one
  char kind = '0';
  std::string link = "";
  std::string magic = std::string(
      "ustar\0"
      "00",
      8);
  std::string owner_name = "someone";
  std::string group_name = "";
  std::string major = "0000000";
  std::string minor = "0000000";
  std::string prefix = "";
  std::string rest = "";
  std::string content = "alpha";
  char padding = '\0';
};

inline std::string Octal(uint64_t value, size_t digits) {
  std::string text(digits, '0');
  for (size_t i = digits; i-- > 0; value /= 8) text[i] = static_cast<char>('0' + value % 8);
  return text;
}

inline std::string Block(const RawTarEntry& entry) {
  std::string block(512, '\0');
  const auto put = [&block](size_t at, const std::string& text) {
    block.replace(at, text.size(), text);
  };
  put(0, entry.name);
  put(100, entry.mode);
  put(108, entry.owner);
  put(116, entry.group);
  put(124, entry.size.empty() ? Octal(entry.content.size(), 11) : entry.size);
  put(136, entry.time);
  put(148, "        ");
  block[156] = entry.kind;
  put(157, entry.link);
  put(257, entry.magic);
  put(265, entry.owner_name);
  put(297, entry.group_name);
  put(329, entry.major);
  put(337, entry.minor);
  put(345, entry.prefix);
  put(500, entry.rest);
  uint64_t sum = 0;
  for (const char c : block) sum += static_cast<uint8_t>(c);
  put(148, entry.checksum.empty() ? Octal(sum, 6) + std::string("\0 ", 2) : entry.checksum);
  return block;
}

inline std::string Record(const RawTarEntry& entry) {
  const std::string content = entry.content;
  return Block(entry) + content + std::string((512 - content.size() % 512) % 512, entry.padding);
}

inline const std::string kTarEnd(1024, '\0');

inline Bytes Raw(const std::string& text) { return Bytes(text.begin(), text.end()); }

inline Bytes Tar(const std::vector<RawTarEntry>& entries) {
  std::string out;
  for (const RawTarEntry& entry : entries) out += Record(entry);
  return Raw(out + kTarEnd);
}

// An archive of one entry, changed by edit(entry).
template <typename Edit>
Bytes ChangedTar(const Edit& edit) {
  RawTarEntry entry;
  edit(entry);
  return Tar({entry});
}

inline Bytes OfKind(char kind) {
  return ChangedTar([kind](RawTarEntry& e) { e.kind = kind; });
}

inline Bytes TarNamed(std::string_view name) {
  return ChangedTar([name](RawTarEntry& e) { e.name = name; });
}

inline std::vector<Attack> TarHeaderAttacks() {
  const auto number = [](std::string RawTarEntry::*field, const char* value) {
    return ChangedTar([=](RawTarEntry& e) { e.*field = value; });
  };
  const std::string base256("\x80\0\0\0\0\0\0\0\0\0\0\x05", 12);
  return {
      {"WrongChecksum", "a header changed by hand", ErrorCode::kTarChecksum,
       ChangedTar([](RawTarEntry& e) { e.checksum = Octal(1, 6); })},
      {"NoChecksum", "likewise", ErrorCode::kTarChecksum,
       ChangedTar([](RawTarEntry& e) { e.checksum = std::string(8, '\0'); })},
      {"UnknownMagic", "a format that readers guess at", ErrorCode::kTarMalformed,
       ChangedTar([](RawTarEntry& e) { e.magic = "ustar  x"; })},
      {"SizeInBase256", "a size that only GNU's readers see", ErrorCode::kTarMalformed,
       ChangedTar([&](RawTarEntry& e) { e.size = base256; })},
      {"SizeInHexadecimal", "digits that readers take differently", ErrorCode::kTarMalformed,
       number(&RawTarEntry::size, "0000000000a")},
      {"DigitsAfterSpace", "likewise", ErrorCode::kTarMalformed,
       number(&RawTarEntry::size, "00000 00005")},
      {"ModeNoNumber", "likewise", ErrorCode::kTarMalformed, number(&RawTarEntry::mode, "rw-r--r")},
      {"OwnerNoNumber", "likewise", ErrorCode::kTarMalformed,
       number(&RawTarEntry::owner, "-000001")},
      {"GroupNoNumber", "likewise", ErrorCode::kTarMalformed,
       number(&RawTarEntry::group, "0x00001")},
      {"TimeNoNumber", "likewise", ErrorCode::kTarMalformed, number(&RawTarEntry::time, "now")},
      {"MajorNoNumber", "likewise", ErrorCode::kTarMalformed, number(&RawTarEntry::major, "8")},
      {"MinorNoNumber", "likewise", ErrorCode::kTarMalformed, number(&RawTarEntry::minor, "9")},
      {"LinkTargetOfFile", "a link for readers that look there first", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) { e.link = "/etc/passwd"; })},
      {"HiddenAfterName", "data behind the end of a text", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) { e.name = std::string("a.txt\0hidden", 12); })},
      {"HiddenAfterOwnerName", "likewise", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) { e.owner_name = std::string("a\0b", 3); })},
      {"HiddenAfterGroupName", "likewise", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) { e.group_name = std::string("a\0b", 3); })},
      {"HiddenAfterPrefix", "likewise", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) { e.prefix = std::string("a\0b", 3); })},
      {"HiddenInReservedBytes", "data that no reader shows", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) { e.rest = "hidden"; })},
      {"GnuTimesAndOffsets", "GNU's own fields, which move content", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) {
         e.magic = std::string("ustar  \0", 8);
         e.prefix = Octal(1, 11);
       })},
      {"PrefixInOldHeader", "one name for old readers, another for new ones",
       ErrorCode::kTarPadding, ChangedTar([](RawTarEntry& e) {
         e.magic = std::string(8, '\0');
         e.prefix = "b";
       })},
  };
}

inline std::vector<Attack> TarKindAttacks() {
  return {
      {"HardLink", "content from outside", ErrorCode::kTarSpecialFile, OfKind('1')},
      {"SymbolicLink", "writing through it, elsewhere", ErrorCode::kTarSpecialFile, OfKind('2')},
      {"CharacterDevice", "a read that never ends", ErrorCode::kTarSpecialFile, OfKind('3')},
      {"BlockDevice", "a disk", ErrorCode::kTarSpecialFile, OfKind('4')},
      {"NamedPipe", "a read that waits for ever", ErrorCode::kTarSpecialFile, OfKind('6')},
      {"ContiguousFile", "a kind that few readers know", ErrorCode::kTarSpecialFile, OfKind('7')},
      {"UnknownKind", "likewise", ErrorCode::kTarSpecialFile, OfKind('Z')},
      {"FolderWithContent", "content that some skip and some take for headers",
       ErrorCode::kTarSpecialFile, OfKind('5')},
      {"PaxRecord", "another name or size for the next entry", ErrorCode::kTarExtension,
       OfKind('x')},
      {"PaxGlobalRecord", "another name or size for all", ErrorCode::kTarExtension, OfKind('g')},
      {"SolarisRecord", "likewise", ErrorCode::kTarExtension, OfKind('X')},
      {"GnuLongName", "another name for the next entry", ErrorCode::kTarExtension, OfKind('L')},
      {"GnuLongLink", "another link for the next entry", ErrorCode::kTarExtension, OfKind('K')},
      {"GnuSparse", "holes that make a small file enormous", ErrorCode::kTarExtension, OfKind('S')},
      {"GnuVolume", "a label", ErrorCode::kTarExtension, OfKind('V')},
      {"GnuMultiVolume", "the rest of a file that is elsewhere", ErrorCode::kTarExtension,
       OfKind('M')},
      {"GnuOldNames", "names to give to links", ErrorCode::kTarExtension, OfKind('N')},
      {"GnuDumpFolder", "a list of names", ErrorCode::kTarExtension, OfKind('D')},
  };
}

inline std::vector<Attack> TarNameAttacks() {
  const auto folder = [](std::string_view name) {
    return ChangedTar([name](RawTarEntry& e) {
      e.name = name;
      e.kind = '5';
      e.content = "";
    });
  };
  RawTarEntry second;
  second.content = "beta";
  RawTarEntry upper = second;
  upper.name = "A.txt";
  RawTarEntry same_in_upper;
  same_in_upper.name = "A.txt";
  return {
      {"Climbs", "writing above the folder", ErrorCode::kTarUnsafeName, TarNamed("../a")},
      {"ClimbsBehindDot", "likewise", ErrorCode::kTarUnsafeName, TarNamed("./../a")},
      {"ClimbsInside", "likewise", ErrorCode::kTarUnsafeName, TarNamed("a/../../b")},
      {"ClimbsByPrefix", "likewise", ErrorCode::kTarUnsafeName,
       ChangedTar([](RawTarEntry& e) { e.prefix = ".."; })},
      {"Absolute", "writing anywhere", ErrorCode::kTarUnsafeName, TarNamed("/etc/passwd")},
      {"DriveLetter", "likewise on Windows", ErrorCode::kTarUnsafeName, TarNamed("C:a")},
      {"Backslash", "likewise", ErrorCode::kTarUnsafeName, TarNamed("..\\a")},
      {"Empty", "no file at all", ErrorCode::kTarUnsafeName, TarNamed("")},
      {"FolderItselfAsFile", "likewise", ErrorCode::kTarUnsafeName, TarNamed("./")},
      {"EndsInSlash", "a folder for readers of old headers", ErrorCode::kTarUnsafeName,
       TarNamed("a/")},
      {"DotTwice", "names that are the same to some", ErrorCode::kTarUnsafeName, TarNamed("././a")},
      {"RightToLeft", "a name that reads as another", ErrorCode::kTarUnsafeName,
       TarNamed("a\xE2\x80\xAEtxt")},
      {"NotUtf8", "a name that each reader decodes as it likes", ErrorCode::kTarUnsafeName,
       TarNamed("a\xFF")},
      {"FolderClimbs", "a folder above the folder", ErrorCode::kTarUnsafeName, folder("../b/")},
      {"Huge", "a name that does not unpack", ErrorCode::kTarUnsafeName,
       ChangedTar([](RawTarEntry& e) {
         e.name = std::string(100, 'a');
         e.prefix = std::string(155, 'b');
       })},
      {"SameNameOtherContent", "one content checked, the other used", ErrorCode::kTarDuplicateName,
       Tar({{}, second})},
      {"SameNameInUpperCase", "one file on Windows and macOS", ErrorCode::kTarDuplicateName,
       Tar({{}, upper})},
      {"SameContentInUpperCase", "a file that would be lost", ErrorCode::kTarDuplicateName,
       Tar({{}, same_in_upper})},
  };
}

inline std::vector<Attack> TarPlaceAttacks() {
  const std::string record = Record({});
  const std::string hidden = "hidden" + std::string(506, '\0');
  return {
      {"NothingAtAll", "an archive cut off at its start", ErrorCode::kTarNoEnd, {}},
      {"NoEnd", "an archive cut off between entries", ErrorCode::kTarNoEnd, Raw(record)},
      {"HalfTheEnd", "likewise in the last block", ErrorCode::kTarNoEnd,
       Raw(record + std::string(512, '\0'))},
      {"CutOffHeader", "likewise in a header", ErrorCode::kTarNoEnd,
       Raw(record + record.substr(0, 511))},
      {"CutOffContent", "likewise in content", ErrorCode::kTarBounds, Raw(record.substr(0, 515))},
      {"CutOffPadding", "likewise in padding", ErrorCode::kTarBounds, Raw(record.substr(0, 1023))},
      {"SizePastEnd", "memory of others", ErrorCode::kTarBounds,
       ChangedTar([](RawTarEntry& e) { e.size = "77777777777"; })},
      {"SizePastEndInTwelveDigits", "likewise", ErrorCode::kTarBounds,
       ChangedTar([](RawTarEntry& e) { e.size = "777777777777"; })},
      {"HiddenInPadding", "data that no reader shows", ErrorCode::kTarPadding,
       ChangedTar([](RawTarEntry& e) { e.padding = 'x'; })},
      {"EntryAfterOneZeroBlock", "an entry that only some readers see", ErrorCode::kTarTrailingData,
       Raw(record + std::string(512, '\0') + record + kTarEnd)},
      {"HiddenAfterTheEnd", "data that no reader shows", ErrorCode::kTarTrailingData,
       Raw(record + kTarEnd + hidden)},
      {"ZeroAfterTheEnd", "another file with the same content", ErrorCode::kTarTrailingData,
       Raw(record + kTarEnd + std::string(1, '\0'))},
      {"BytesAfterTheEnd", "likewise", ErrorCode::kTarTrailingData, Raw(record + kTarEnd + "x")},
  };
}

inline std::vector<Attack> TarAttacks() {
  return Joined({TarHeaderAttacks(), TarKindAttacks(), TarNameAttacks(), TarPlaceAttacks()});
}

// A member with the usual header of ten bytes, changed by a test.
inline Bytes GzipMember(std::string_view content, const std::string& header, uint32_t stated_size) {
  Bytes out = Raw(header);
  AppendBytes(out, DeflateRaw(AsBytes(content)));
  AppendU32(out, Crc32(0, AsBytes(content)));
  AppendU32(out, stated_size);
  return out;
}

inline const std::string kGzipHeader("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10);

inline std::string GzipHeader(char flags, const std::string& fields = "") {
  std::string header = kGzipHeader;
  header[3] = flags;
  return header + fields;
}

// `size` zeros, which pack to a thousandth.
inline Bytes GzipBomb(size_t size) {
  return GzipMember(std::string(size, '\0'), kGzipHeader, static_cast<uint32_t>(size));
}

inline std::vector<Attack> GzipAttacks() {
  const std::string text(1000, 'a');
  const Bytes good = GzipMember(text, kGzipHeader, 1000);
  const auto member = [&](const std::string& header) { return GzipMember(text, header, 1000); };
  const auto changed = [&](size_t from_end) {
    Bytes file = good;
    file[file.size() - from_end] ^= 1;
    return file;
  };
  std::string other_method = kGzipHeader;
  other_method[2] = 7;
  Bytes two = good;
  AppendBytes(two, good);
  Bytes trailing = good;
  AppendBytes(trailing, AsBytes(std::string(8, 'x')));
  return {
      {"Empty", "nothing at all", ErrorCode::kGzipMalformed, {}},
      {"CutOff", "a download that stopped", ErrorCode::kGzipMalformed,
       Bytes(good.begin(), good.begin() + 17)},
      {"OtherMark", "another format", ErrorCode::kGzipMalformed,
       member("PK" + kGzipHeader.substr(2))},
      {"OtherMethod", "a method that nobody defined", ErrorCode::kGzipMalformed,
       member(other_method)},
      {"ReservedFlag", "a field that not everyone skips", ErrorCode::kGzipMalformed,
       member(GzipHeader(1 << 5))},
      {"TextFlag", "line ends that some readers change", ErrorCode::kGzipMalformed,
       member(GzipHeader(1))},
      {"ExtraPastEnd", "a field longer than the file", ErrorCode::kGzipMalformed,
       member(GzipHeader(1 << 2, "\xFF\xFF"))},
      {"ExtraCutOff", "likewise", ErrorCode::kGzipMalformed,
       Raw(GzipHeader(1 << 2, std::string(1, '\0')) + std::string(8, '\0'))},
      {"NameWithoutEnd", "likewise", ErrorCode::kGzipMalformed,
       Raw(GzipHeader(1 << 3, "name") + std::string(8, '\0'))},
      {"CommentWithoutEnd", "likewise", ErrorCode::kGzipMalformed,
       Raw(GzipHeader(1 << 4, "text") + std::string(8, '\0'))},
      {"HeaderChecksumCutOff", "likewise", ErrorCode::kGzipMalformed,
       Raw(GzipHeader(1 << 1, "x") + std::string(8, '\0'))},
      {"WrongHeaderChecksum", "a changed header", ErrorCode::kGzipChecksum,
       member(GzipHeader(1 << 1, "xx"))},
      {"WrongChecksum", "changed content", ErrorCode::kGzipChecksum, changed(8)},
      {"SizeTooLarge", "room for more", ErrorCode::kGzipChecksum,
       GzipMember(text, kGzipHeader, 1001)},
      {"SizeTooSmall", "more content than was said", ErrorCode::kInflateOutputLimit,
       GzipMember(text, kGzipHeader, 999)},
      {"SecondMember", "content that only some readers see", ErrorCode::kInflateTrailingData, two},
      {"BytesBehind", "data that no reader shows", ErrorCode::kGzipRatio, trailing},
      {"DamagedStream", "a changed byte", ErrorCode::kInflateCorrupt,
       Raw(kGzipHeader + std::string(9, '\xFF') + std::string(8, '\0'))},
      {"SizeOfFourGigabytes", "memory", ErrorCode::kGzipRatio,
       GzipMember(text, kGzipHeader, 0xFFFFFFFF)},
      {"Bomb", "memory: a hundred times its size, beyond 10 MB", ErrorCode::kGzipRatio,
       GzipBomb(12'000'000)},
  };
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_TAR_ATTACKS_H_
