#include "archive/zip_directory.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "archive/entry_name.h"
#include "archive/expansion.h"
#include "archive/zip_records.h"
#include "common/limits.h"

namespace andon {
namespace {

// "Version needed" to "name length": the part that both headers have.
constexpr uint64_t kCommonBytes = 24;
constexpr uint64_t kCommonInLocal = 4;
constexpr uint64_t kCommonInCentral = 6;

// Flag bits of strong encryption and of encrypted headers, beside the plain one.
constexpr uint16_t kFlagsEncrypted = kZipFlagEncrypted | 1 << 6 | 1 << 13;

constexpr uint16_t kExtraZip64 = 0x0001;
constexpr uint16_t kExtraUnicodePath = 0x7075;

constexpr uint32_t kDosVolumeOrDirectory = 0x08 | 0x10;
constexpr uint32_t kUnixTypeMask = 0170000;  // of the mode in the upper half of the attributes
constexpr uint32_t kUnixRegularFile = 0100000;

struct CentralRecord {
  const uint8_t* fixed;  // [kZipCentralBytes]
  std::string_view name;
  ByteView extra;

  uint16_t U16(size_t offset) const { return ZipU16(fixed + offset); }
  uint32_t U32(size_t offset) const { return ZipU32(fixed + offset); }
};

// Takes the record at the front of `directory`.
Result<CentralRecord> TakeCentralRecord(ByteView& directory) {
  const auto fixed = SubRange(directory, 0, kZipCentralBytes);
  if (!fixed || ZipU32(fixed->data()) != kZipCentralMark) {
    return Error(ErrorCode::kZipDirectoryMalformed, "zip: central directory record");
  }
  CentralRecord record = {.fixed = fixed->data(), .name = {}, .extra = {}};
  const size_t name_bytes = record.U16(28);
  const size_t extra_bytes = record.U16(30);
  const auto rest = SubRange(directory, kZipCentralBytes, name_bytes + extra_bytes);
  if (!rest) {
    return Error(ErrorCode::kZipDirectoryMalformed, "zip: length of a central directory record");
  }
  record.name = AsText(rest->first(name_bytes));
  record.extra = rest->subspan(name_bytes);
  if (record.U16(32) != 0) {
    return Error(ErrorCode::kZipComment, "zip: comment of ", Quoted(record.name));
  }
  directory = directory.subspan(kZipCentralBytes + name_bytes + extra_bytes);
  return record;
}

// Extra fields: u16 id, u16 size, bytes; one after the other.
Status CheckExtra(ByteView extra, std::string_view name) {
  ByteReader reader(extra);
  while (reader.remaining() > 0) {
    uint16_t id = 0;
    uint16_t size = 0;
    ByteView bytes;
    if (!reader.ReadU16(&id) || !reader.ReadU16(&size) || !reader.ReadBytes(size, &bytes)) {
      return Error(ErrorCode::kZipExtraField, "zip: extra field of ", Quoted(name));
    }
    if (id == kExtraZip64) return Error(ErrorCode::kZip64, "zip: entry ", Quoted(name));
    if (id == kExtraUnicodePath) {
      return Error(ErrorCode::kZipExtraField, "zip: second name of ", Quoted(name));
    }
  }
  return Status();
}

Status CheckName(const CentralRecord& record) {
  const bool ascii = std::all_of(record.name.begin(), record.name.end(),
                                 [](char c) { return static_cast<uint8_t>(c) < 0x80; });
  const bool utf8 = ascii || (record.U16(8) & kZipFlagUtf8) != 0;
  const bool directory = record.name.ends_with('/');
  if (!utf8 ||
      !IsSafeEntryName(directory ? record.name.substr(0, record.name.size() - 1) : record.name)) {
    return Error(ErrorCode::kZipUnsafeName, "zip: entry name ", Quoted(record.name));
  }
  const uint32_t attributes = record.U32(38);
  const uint32_t unix_type = attributes >> 16 & kUnixTypeMask;
  if (directory || (attributes & kDosVolumeOrDirectory) != 0 ||
      (unix_type != 0 && unix_type != kUnixRegularFile)) {
    return Error(ErrorCode::kZipSpecialFile, "zip: kind of entry ", Quoted(record.name));
  }
  return Status();
}

Status CheckMethod(const CentralRecord& record) {
  const uint16_t flags = record.U16(8);
  const uint16_t method = record.U16(10);
  if ((flags & kFlagsEncrypted) != 0) {
    return Error(ErrorCode::kZipEncrypted, "zip: entry ", Quoted(record.name));
  }
  const bool deflate = method == static_cast<uint16_t>(ZipMethod::kDeflate);
  if (!deflate && method != static_cast<uint16_t>(ZipMethod::kStored)) {
    return Error(ErrorCode::kZipMethod, "zip: method ", uint32_t{method}, " of ",
                 Quoted(record.name));
  }
  const uint16_t allowed = deflate ? kZipFlagUtf8 | kZipFlagDeflateLevel : kZipFlagUtf8;
  if ((flags & ~allowed) != 0) {
    return Error(ErrorCode::kZipFlags, "zip: flags ", uint32_t{flags}, " of ", Quoted(record.name));
  }
  return Status();
}

// The entry as the central directory states it, data_offset still open.
Result<ZipEntry> EntryOf(const CentralRecord& record) {
  ANDON_RETURN_IF_ERROR(CheckMethod(record));
  ANDON_RETURN_IF_ERROR(CheckName(record));
  ANDON_RETURN_IF_ERROR(CheckExtra(record.extra, record.name));
  ZipEntry entry = {.name = std::string(record.name),
                    .method = static_cast<ZipMethod>(record.U16(10)),
                    .crc32 = record.U32(16),
                    .stored_size = record.U32(20),
                    .size = record.U32(24),
                    .local_offset = record.U32(42)};
  if (std::max({entry.stored_size, entry.size, entry.local_offset}) ==
      std::numeric_limits<uint32_t>::max()) {
    return Error(ErrorCode::kZip64, "zip: entry ", Quoted(entry.name));
  }
  if (record.U16(34) != 0)
    return Error(ErrorCode::kZipMultiDisk, "zip: entry ", Quoted(entry.name));
  if (entry.method == ZipMethod::kStored && entry.size != entry.stored_size) {
    return Error(ErrorCode::kZipSizeMismatch, "zip: sizes of stored entry ", Quoted(entry.name));
  }
  if (entry.size > entry.stored_size * limits::kMaxZipEntryRatio) {
    return Error(ErrorCode::kZipRatio, "zip: entry ", Quoted(entry.name), " expands from ",
                 entry.stored_size, " to ", entry.size, " bytes");
  }
  return entry;
}

Status CheckContiguous(uint64_t expected, uint64_t offset) {
  if (offset < expected) return Error(ErrorCode::kZipOverlap, "zip: record at ", offset);
  if (offset == expected) return Status();
  return expected == 0 ? Error(ErrorCode::kZipLeadingData, "zip: first record at ", offset)
                       : Error(ErrorCode::kZipGap, "zip: bytes ", expected, " to ", offset);
}

// Checks the local header of `entry` and finds its data. `records`: the file up to the directory.
Status LocateData(ByteView records, const CentralRecord& central, ZipEntry& entry) {
  const auto fixed = SubRange(records, entry.local_offset, kZipLocalBytes);
  if (!fixed || ZipU32(fixed->data()) != kZipLocalMark) {
    return Error(ErrorCode::kZipLocalMalformed, "zip: local header of ", Quoted(entry.name));
  }
  const uint64_t extra_bytes = ZipU16(fixed->data() + 28);
  const auto rest =
      SubRange(records, entry.local_offset + kZipLocalBytes, entry.name.size() + extra_bytes);
  if (!rest) {
    return Error(ErrorCode::kZipLocalMalformed, "zip: length of the local header of ",
                 Quoted(entry.name));
  }
  const uint8_t* const common = fixed->data() + kCommonInLocal;
  if (!std::equal(common, common + kCommonBytes, central.fixed + kCommonInCentral) ||
      AsText(rest->first(entry.name.size())) != entry.name) {
    return Error(ErrorCode::kZipHeaderMismatch, "zip: headers of ", Quoted(entry.name));
  }
  ANDON_RETURN_IF_ERROR(CheckExtra(rest->subspan(entry.name.size()), entry.name));
  entry.data_offset = entry.local_offset + kZipLocalBytes + rest->size();
  if (!SubRange(records, entry.data_offset, entry.stored_size)) {
    return Error(ErrorCode::kZipOverlap, "zip: data of ", Quoted(entry.name), " and the directory");
  }
  return Status();
}

}  // namespace

Result<std::vector<ZipEntry>> ReadZipDirectory(ByteView file) {
  ANDON_ASSIGN_OR_RETURN(const ZipEndRecord end, ReadZipEndRecord(file));
  const auto directory_offset = static_cast<size_t>(end.directory_offset);
  const ByteView records = file.first(directory_offset);
  ByteView directory = file.subspan(directory_offset, static_cast<size_t>(end.directory_size));
  std::vector<ZipEntry> entries;
  EntryNames names;
  uint64_t position = 0;  // where the next record must begin
  uint64_t content = 0;   // bytes, of all entries
  while (entries.size() < end.entries) {
    ANDON_ASSIGN_OR_RETURN(const CentralRecord central, TakeCentralRecord(directory));
    ANDON_ASSIGN_OR_RETURN(ZipEntry entry, EntryOf(central));
    if (!names.Insert(entry.name)) {
      return Error(ErrorCode::kZipDuplicateName, "zip: entry name ", Quoted(entry.name), " twice");
    }
    ANDON_RETURN_IF_ERROR(CheckContiguous(position, entry.local_offset));
    ANDON_RETURN_IF_ERROR(LocateData(records, central, entry));
    position = entry.data_offset + entry.stored_size;
    content += entry.size;
    entries.push_back(std::move(entry));
  }
  if (!directory.empty()) {
    return Error(ErrorCode::kZipDirectoryBounds, "zip: ", uint64_t{directory.size()},
                 " bytes after the last record of the central directory");
  }
  ANDON_RETURN_IF_ERROR(CheckContiguous(position, end.directory_offset));
  if (!MayExpandTo(content, file.size())) {
    return Error(ErrorCode::kZipRatio, "zip: ", uint64_t{file.size()}, " bytes expand to ",
                 content);
  }
  return entries;
}

}  // namespace andon
