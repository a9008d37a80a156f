#include <algorithm>
#include <limits>
#include <string_view>

#include "archive/zip_directory.h"
#include "archive/zip_records.h"
#include "common/limits.h"

namespace andon {
namespace {

constexpr std::string_view kMark = "PK\x05\x06";  // kZipEndMark
constexpr size_t kCommentLength = 20;             // where the record has it
constexpr size_t kMaxCommentBytes = std::numeric_limits<uint16_t>::max();

// REQUIRES: four bytes there.
bool HasMark(ByteView file, size_t position, uint32_t mark) {
  return ZipU32(&file[position]) == mark;
}

// The one end record lies in the last 22 bytes. What else looks like one tells how the file is
// wrong.
Status CheckEndOfFile(ByteView file) {
  if (file.size() < kZipEndBytes) {
    return Error(ErrorCode::kZipNoEndRecord, "zip: file of ", uint64_t{file.size()}, " bytes");
  }
  const ByteView tail = file.last(std::min<size_t>(file.size(), kZipEndBytes + kMaxCommentBytes));
  const std::string_view marks = AsText(tail.first(tail.size() - kZipEndBytes + kMark.size()));
  uint64_t complete = 0;  // end records whose comment reaches exactly to the end of the file
  uint64_t comment = 0;   // bytes, of the last of those
  uint64_t last_end = std::numeric_limits<uint64_t>::max();  // of the record nearest to the end
  for (size_t at = marks.find(kMark); at != marks.npos; at = marks.find(kMark, at + 1)) {
    const uint64_t length = ZipU16(&tail[at + kCommentLength]);
    last_end = at + kZipEndBytes + length;
    if (last_end != tail.size()) continue;
    ++complete;
    comment = length;
  }
  if (complete > 1) {
    return Error(ErrorCode::kZipMultipleEndRecords, "zip: ", complete, " end records");
  }
  if (complete == 0) {
    return last_end < tail.size()
               ? Error(ErrorCode::kZipTrailingData, "zip: bytes after the end record")
               : Error(ErrorCode::kZipNoEndRecord, "zip: end record");
  }
  if (comment != 0) {
    return Error(ErrorCode::kZipComment, "zip: archive comment of ", comment, " bytes");
  }
  return Status();
}

}  // namespace

Result<ZipEndRecord> ReadZipEndRecord(ByteView file) {
  ANDON_RETURN_IF_ERROR(CheckEndOfFile(file));
  const size_t position = file.size() - kZipEndBytes;
  const uint8_t* const record = &file[position];
  const ZipEndRecord end = {.entries = ZipU16(record + 10),
                            .directory_offset = ZipU32(record + 16),
                            .directory_size = ZipU32(record + 12)};
  if (end.entries == std::numeric_limits<uint16_t>::max() ||
      end.directory_offset == std::numeric_limits<uint32_t>::max() ||
      end.directory_size == std::numeric_limits<uint32_t>::max() ||
      (position >= kZip64LocatorBytes &&
       HasMark(file, position - kZip64LocatorBytes, kZip64LocatorMark))) {
    return Error(ErrorCode::kZip64, "zip: ZIP64 end record");
  }
  const bool one_disk =
      ZipU16(record + 4) == 0 && ZipU16(record + 6) == 0 && ZipU16(record + 8) == end.entries;
  if (!one_disk) return Error(ErrorCode::kZipMultiDisk, "zip: disk numbers of the end record");
  if (end.entries > limits::kMaxArchiveEntries) {
    return Error(ErrorCode::kZipTooManyEntries, "zip: ", end.entries, " entries, limit ",
                 limits::kMaxArchiveEntries);
  }
  const uint64_t directory_end = end.directory_offset + end.directory_size;
  if (directory_end > position) {
    return Error(ErrorCode::kZipDirectoryBounds, "zip: central directory ends at ", directory_end,
                 ", end record at ", position);
  }
  if (directory_end < position) {  // also when something was put in front of a whole archive
    return HasMark(file, 0, kZipLocalMark)
               ? Error(ErrorCode::kZipGap, "zip: bytes between directory and end record")
               : Error(ErrorCode::kZipLeadingData, "zip: bytes before the first record");
  }
  return end;
}

}  // namespace andon
