// Hostile ZIP archives, one a rule that they break.

#ifndef ANDON_TESTS_ATTACKS_ZIP_ATTACKS_H_
#define ANDON_TESTS_ATTACKS_ZIP_ATTACKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "tests/attacks/attack.h"
#include "tests/attacks/raw_zip.h"

namespace andon::attacks {

// An archive of one stored and one deflated entry, which is fine until something in it is changed.
inline RawZip TwoEntries() {
  return {.entries = {Stored("a.txt", "alpha"), Deflated("b.txt", std::string(500, 'b'))}};
}

// A whole archive in which one thing was changed by edit(zip).
template <typename Edit>
Bytes Changed(const Edit& edit) {
  RawZip zip = TwoEntries();
  edit(zip);
  return Build(zip);
}

// Likewise by edit(entry) in its first entry, which is stored.
template <typename Edit>
Bytes ChangedEntry(const Edit& edit) {
  return Changed([&](RawZip& zip) { edit(zip.entries[0]); });
}

// Likewise by edit(fields) in both headers of its first entry.
template <typename Edit>
Bytes ChangedFields(const Edit& edit) {
  return ChangedEntry([&](RawZipEntry& entry) { entry.Both(edit); });
}

inline Bytes Named(std::string_view name) {
  return ChangedFields([&](RawZipFields& fields) {
    fields.name = name;
    fields.flags = 1 << 11;
  });
}

inline Bytes Concatenated(std::string_view before, ByteView file, std::string_view after) {
  Bytes out;
  AppendBytes(out, AsBytes(before));
  AppendBytes(out, file);
  AppendBytes(out, AsBytes(after));
  return out;
}

inline std::string Text(ByteView bytes) { return std::string(AsText(bytes)); }
inline std::string Empty() { return Text(Build({})); }  // an end record alone

inline Bytes EndRecordInStoredData() {
  RawZip zip = {.entries = {Stored("a", Empty())}};
  const size_t end_of_data = 30 + 1 + 22;
  const auto rest = static_cast<uint16_t>(Build(zip).size() - end_of_data);
  zip.entries = {Stored("a", Text(Build({.comment_length = rest})))};
  return Build(zip);
}

inline std::vector<Attack> ZipEndRecordAttacks() {
  const Bytes good = Build(TwoEntries());
  const std::string locator = std::string("PK\x06\x07") + std::string(16, '\0');
  return {
      {"EmptyFile", "nothing at all", ErrorCode::kZipNoEndRecord, {}},
      {"EndRecordCutOff", "a download that stopped", ErrorCode::kZipNoEndRecord,
       Bytes(good.begin(), good.end() - 1)},
      {"EndMarkWrong", "no reader finds a directory", ErrorCode::kZipNoEndRecord,
       Changed([](RawZip& z) { z.end_mark ^= 1; })},
      {"CommentCutOff", "a comment longer than the file", ErrorCode::kZipNoEndRecord,
       Changed([](RawZip& z) { z.comment_length = 1; })},
      {"TwoEndRecords", "readers that search from either side see other files",
       ErrorCode::kZipMultipleEndRecords, Changed([](RawZip& z) { z.comment = Empty(); })},
      {"EndRecordInStoredData", "a stored file that is an end record with the rest as its comment",
       ErrorCode::kZipMultipleEndRecords, EndRecordInStoredData()},
      {"ArchiveComment", "data hidden from those who only unpack", ErrorCode::kZipComment,
       Changed([](RawZip& z) { z.comment = "hidden"; })},
      {"CutOffEndRecordInComment", "one more end record, for readers that look no further",
       ErrorCode::kZipComment,
       Changed([](RawZip& z) { z.comment = Text(Build({.comment_length = 1})); })},
      {"BytesAfterEndRecord", "data hidden behind the archive", ErrorCode::kZipTrailingData,
       Concatenated("", good, "x")},
      {"DiskNumber", "a part of a set", ErrorCode::kZipMultiDisk,
       Changed([](RawZip& z) { z.disk = 1; })},
      {"DirectoryDiskNumber", "its directory is elsewhere", ErrorCode::kZipMultiDisk,
       Changed([](RawZip& z) { z.directory_disk = 1; })},
      {"FewerEntriesOnDisk", "two counts of entries", ErrorCode::kZipMultiDisk,
       Changed([](RawZip& z) { z.entries_on_disk = 1; })},
      {"EntryDiskNumber", "an entry that lies elsewhere", ErrorCode::kZipMultiDisk,
       ChangedEntry([](RawZipEntry& e) { e.disk = 1; })},
      {"Zip64EntryCount", "the count is in a record that not everyone reads", ErrorCode::kZip64,
       Changed([](RawZip& z) { z.entry_count = 0xffff; })},
      {"Zip64DirectorySize", "likewise the size", ErrorCode::kZip64,
       Changed([](RawZip& z) { z.directory_size = 0xffffffff; })},
      {"Zip64DirectoryOffset", "likewise the place", ErrorCode::kZip64,
       Changed([](RawZip& z) { z.directory_offset = 0xffffffff; })},
      {"Zip64Locator", "some readers follow it, some do not", ErrorCode::kZip64,
       Changed([&](RawZip& z) { z.before_end = locator; })},
      {"TooManyEntries", "work without end", ErrorCode::kZipTooManyEntries,
       Changed([](RawZip& z) { z.entry_count = 1025; })},
      {"DirectoryPastEndRecord", "a directory that runs into the end record",
       ErrorCode::kZipDirectoryBounds, Changed([](RawZip& z) { z.directory_offset = 1 << 20; })},
      {"DirectoryLargerThanRecords", "room for what only some readers see",
       ErrorCode::kZipDirectoryBounds, Changed([](RawZip& z) { z.after_records = "hidden"; })},
      {"FewerEntriesThanRecords", "a record that only some readers see",
       ErrorCode::kZipDirectoryBounds, Changed([](RawZip& z) { z.entry_count = 1; })},
      {"GapBeforeEndRecord", "data in no record", ErrorCode::kZipGap,
       Changed([](RawZip& z) { z.before_end = "hidden"; })},
      {"ProgramInFront", "a program and an archive in one file", ErrorCode::kZipLeadingData,
       Concatenated("#!/bin/sh\n", good, "")},
      {"ProgramInFrontOfEmptyArchive", "likewise", ErrorCode::kZipLeadingData,
       Concatenated("#!/bin/sh\n", AsBytes(Empty()), "")},
  };
}

inline std::vector<Attack> ZipDirectoryAttacks() {
  return {
      {"MoreEntriesThanRecords", "the directory ends early", ErrorCode::kZipDirectoryMalformed,
       Changed([](RawZip& z) { z.entry_count = 3; })},
      {"CentralMarkWrong", "something else than a directory", ErrorCode::kZipDirectoryMalformed,
       ChangedEntry([](RawZipEntry& e) { e.central.mark ^= 1; })},
      {"CentralNamePastEnd", "a name that reaches into the end record",
       ErrorCode::kZipDirectoryMalformed,
       Changed([](RawZip& z) { z.entries[1].central.name_length = 0xffff; })},
      {"EntryComment", "data hidden from those who only unpack", ErrorCode::kZipComment,
       ChangedEntry([](RawZipEntry& e) { e.comment = "hidden"; })},
      {"Encrypted", "content that cannot be checked", ErrorCode::kZipEncrypted,
       ChangedFields([](RawZipFields& f) { f.flags = 1 << 0; })},
      {"StronglyEncrypted", "likewise", ErrorCode::kZipEncrypted,
       ChangedFields([](RawZipFields& f) { f.flags = 1 << 6; })},
      {"HeadersEncrypted", "likewise", ErrorCode::kZipEncrypted,
       ChangedFields([](RawZipFields& f) { f.flags = 1 << 13; })},
      {"MethodBzip2", "a method that is not read", ErrorCode::kZipMethod,
       ChangedFields([](RawZipFields& f) { f.method = 12; })},
      {"DataDescriptor", "sizes behind the data, which readers find in different ways",
       ErrorCode::kZipFlags, ChangedFields([](RawZipFields& f) { f.flags = 1 << 3; })},
      {"DeflateLevelOfStored", "a flag without a meaning", ErrorCode::kZipFlags,
       ChangedFields([](RawZipFields& f) { f.flags = 1 << 1; })},
      {"SizeZip64", "the true size is elsewhere", ErrorCode::kZip64,
       ChangedFields([](RawZipFields& f) { f.size = 0xffffffff; })},
      {"StoredSizeZip64", "likewise", ErrorCode::kZip64,
       ChangedFields([](RawZipFields& f) { f.stored_size = 0xffffffff; })},
      {"OffsetZip64", "likewise the place", ErrorCode::kZip64,
       ChangedEntry([](RawZipEntry& e) { e.local_offset = 0xffffffff; })},
      {"Zip64ExtraField", "a second size", ErrorCode::kZip64, ChangedEntry([](RawZipEntry& e) {
         e.central.extra = std::string("\x01\x00\x08\x00", 4) + std::string(8, '\0');
       })},
      {"UnicodePathExtraField", "a second name", ErrorCode::kZipExtraField,
       ChangedEntry([](RawZipEntry& e) { e.central.extra = std::string("\x75\x70\x00\x00", 4); })},
      {"ExtraFieldIdCutOff", "fields that readers take apart in different ways",
       ErrorCode::kZipExtraField, ChangedEntry([](RawZipEntry& e) { e.central.extra = "x"; })},
      {"ExtraFieldSizeCutOff", "likewise", ErrorCode::kZipExtraField,
       ChangedEntry([](RawZipEntry& e) { e.central.extra = "xyz"; })},
      {"ExtraFieldPastEnd", "likewise", ErrorCode::kZipExtraField,
       ChangedEntry([](RawZipEntry& e) { e.central.extra = std::string("xy\x05\x00zzzz", 8); })},
      {"SizesOfStoredDiffer", "how much is content?", ErrorCode::kZipSizeMismatch,
       ChangedFields([](RawZipFields& f) { f.size += 1; })},
      {"DirectoryByName", "a directory where a file is expected", ErrorCode::kZipSpecialFile,
       Named("a/")},
      {"DirectoryByDosAttribute", "likewise", ErrorCode::kZipSpecialFile,
       ChangedEntry([](RawZipEntry& e) { e.external_attributes = 0x10; })},
      {"SymbolicLink", "a link that leads out of the folder", ErrorCode::kZipSpecialFile,
       ChangedEntry([](RawZipEntry& e) { e.external_attributes = 0120777u << 16; })},
      {"Device", "a device of the machine", ErrorCode::kZipSpecialFile,
       ChangedEntry([](RawZipEntry& e) { e.external_attributes = 0020666u << 16; })},
      {"DuplicateName", "the hash of one, the content of the other", ErrorCode::kZipDuplicateName,
       Changed([](RawZip& z) { z.entries[1] = z.entries[0]; })},
      {"DuplicateNameInOtherCase", "the same file on Windows and macOS",
       ErrorCode::kZipDuplicateName,
       Changed([](RawZip& z) { z.entries[1] = Stored("A.TXT", "other"); })},
  };
}

inline std::vector<Attack> ZipNameAttacks() {
  const ErrorCode unsafe = ErrorCode::kZipUnsafeName;
  return {
      {"NameEmpty", "no name", unsafe, Named("")},
      {"NameSlash", "the root", unsafe, Named("/")},
      {"NameAbsolute", "writes anywhere", unsafe, Named("/etc/passwd")},
      {"NameClimbs", "writes above the folder", unsafe, Named("../a")},
      {"NameClimbsWithin", "likewise", unsafe, Named("a/../../b")},
      {"NameClimbsAtEnd", "likewise", unsafe, Named("a/..")},
      {"NameDot", "two names of one file", unsafe, Named("./a")},
      {"NameEmptyComponent", "two names of one file", unsafe, Named("a//b")},
      {"NameBackslash", "a path on Windows only", unsafe, Named("..\\a")},
      {"NameDriveLetter", "another drive on Windows", unsafe, Named("C:a")},
      {"NameControl", "what terminals obey", unsafe, Named("a\x1b[2Jb")},
      {"NameNul", "cut off by readers in C", unsafe, Named(std::string_view("a\0b", 3))},
      {"NameBidi", "shown in another order: exe.txt", unsafe, Named("a\u202etxt.exe")},
      {"NameNotUtf8", "shown differently by every reader", unsafe, Named("a\xff")},
      {"NameWithoutUtf8Flag", "another name in code page 437", unsafe,
       ChangedFields([](RawZipFields& f) { f.name = "\u00e9"; })},
      {"NameTooLong", "does not unpack", unsafe, Named(std::string(256, 'a'))},
  };
}

// A directory that begins in the middle of the first local header.
inline Bytes LocalHeaderCutOff() {
  Bytes file = Changed([](RawZip& z) {
    z.entries.resize(1);
    z.directory_offset = 20;
  });
  file.erase(file.begin() + 20, file.begin() + 40);
  return file;
}

inline std::vector<Attack> ZipLocalAttacks() {
  return {
      {"BytesBeforeFirstRecord", "data hidden in front", ErrorCode::kZipLeadingData,
       ChangedEntry([](RawZipEntry& e) { e.before = "hidden"; })},
      {"RecordLeftOutOfDirectory", "an entry that streaming readers see",
       ErrorCode::kZipLeadingData,
       ChangedEntry([](RawZipEntry& e) { e.before = Text(Build(TwoEntries())).substr(0, 40); })},
      {"BytesBetweenRecords", "data in no record", ErrorCode::kZipGap,
       Changed([](RawZip& z) { z.entries[1].before = "hidden"; })},
      {"BytesBeforeDirectory", "data in no record", ErrorCode::kZipGap,
       Changed([](RawZip& z) { z.before_directory = "hidden"; })},
      {"RecordsShareBytes", "one bomb's data, counted many times", ErrorCode::kZipOverlap,
       Changed([](RawZip& z) { z.entries[1].local_offset = 0; })},
      {"DataRunsIntoDirectory", "content made of the directory", ErrorCode::kZipOverlap,
       Changed([](RawZip& z) {
         z.entries.resize(1);
         z.entries[0].Both([](RawZipFields& f) { f.size = f.stored_size = 50; });
       })},
      {"LocalHeaderCutOff", "no room for a header", ErrorCode::kZipLocalMalformed,
       LocalHeaderCutOff()},
      {"LocalMarkWrong", "something else than a header", ErrorCode::kZipLocalMalformed,
       ChangedEntry([](RawZipEntry& e) { e.local.mark ^= 1; })},
      {"LocalExtraPastEnd", "a header that reaches into the directory",
       ErrorCode::kZipLocalMalformed,
       Changed([](RawZip& z) { z.entries[1].local.extra_length = 0xffff; })},
      {"LocalExtraMalformed", "fields that readers take apart in different ways",
       ErrorCode::kZipExtraField, ChangedEntry([](RawZipEntry& e) { e.local.extra = "x"; })},
      {"NamesDiffer", "another file for streaming readers", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.name = "c.txt"; })},
      {"NameLengthsDiffer", "likewise", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.name = "a.tx"; })},
      {"VersionsDiffer", "two headers, two readings", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.version_needed = 45; })},
      {"FlagsDiffer", "likewise", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.flags = 1 << 3; })},
      {"MethodsDiffer", "likewise", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.method = 8; })},
      {"TimesDiffer", "likewise", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.time = 1; })},
      {"ChecksumsDiffer", "likewise", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.crc32 ^= 1; })},
      {"StoredSizesDiffer", "likewise", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.stored_size -= 1; })},
      {"SizesDiffer", "likewise", ErrorCode::kZipHeaderMismatch,
       ChangedEntry([](RawZipEntry& e) { e.local.size -= 1; })},
  };
}

// `size` zeros, deflated.
inline RawZipEntry Zeros(std::string_view name, size_t size) {
  return Deflated(name, std::string(size, '\0'));
}

inline std::vector<Attack> ZipContentAttacks() {
  const auto deflated = [](const auto& edit) {
    return Changed([&](RawZip& z) { edit(z.entries[1]); });
  };
  const auto size_by = [](uint32_t more) { return [more](RawZipFields& f) { f.size += more; }; };
  const auto data = [](RawZipEntry& e, std::string bytes) {
    e.data = std::move(bytes);
    e.Both([&](RawZipFields& f) { f.stored_size = static_cast<uint32_t>(e.data.size()); });
  };
  return {
      {"ChecksumWrong", "damage", ErrorCode::kZipCrcMismatch,
       ChangedFields([](RawZipFields& f) { f.crc32 ^= 1; })},
      {"ContentShorterThanStated", "memory that nobody filled", ErrorCode::kZipSizeMismatch,
       deflated([&](RawZipEntry& e) { e.Both(size_by(1)); })},
      {"ContentLongerThanStated", "a bomb behind a small number", ErrorCode::kInflateOutputLimit,
       deflated([&](RawZipEntry& e) { e.Both(size_by(static_cast<uint32_t>(-1))); })},
      {"DeflateTrailingData", "data hidden behind the stream", ErrorCode::kInflateTrailingData,
       deflated([&](RawZipEntry& e) { data(e, e.data + "hidden"); })},
      {"DeflateCutOff", "damage", ErrorCode::kInflateCorrupt,
       deflated([&](RawZipEntry& e) { data(e, e.data.substr(0, e.data.size() - 1)); })},
      {"DeflateReservedBlock", "damage", ErrorCode::kInflateCorrupt,
       deflated([&](RawZipEntry& e) { data(e, "\x07" + e.data.substr(1)); })},
      {"ImpossibleRatio", "a size that deflate cannot reach", ErrorCode::kZipRatio,
       deflated([&](RawZipEntry& e) { e.Both([](RawZipFields& f) { f.size = 1 << 20; }); })},
      {"ContentFromNothing", "a size from no bytes at all", ErrorCode::kZipRatio,
       deflated([&](RawZipEntry& e) { data(e, ""); })},
      {"Bomb", "100:1 beyond 10 MB", ErrorCode::kZipRatio,
       Build({.entries = {Zeros("a", 10'000'001)}})},
      {"BombInParts", "likewise, each entry small", ErrorCode::kZipRatio,
       Build({.entries = {Zeros("a", 5'000'000), Zeros("b", 5'000'000), Zeros("c", 5'000'000)}})},
  };
}

// The answers are those to opening an archive and reading every entry.
inline std::vector<Attack> ZipAttacks() {
  return Joined({ZipEndRecordAttacks(), ZipDirectoryAttacks(), ZipNameAttacks(), ZipLocalAttacks(),
                 ZipContentAttacks()});
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_ZIP_ATTACKS_H_
