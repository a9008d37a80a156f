#include "archive/zip_records.h"

#include "archive/zip_writer.h"

namespace andon {
namespace {

constexpr uint16_t kVersionNeeded = 20;  // 2.0: deflate; MS-DOS attributes, which are all zero
constexpr uint16_t kTimeMidnight = 0;
constexpr uint16_t kDateFirst = 1 << 5 | 1;   // 1 January 1980, the first day that ZIP can state
constexpr uint16_t kExtraAlignment = 0xD935;  // u16 alignment, then zeros
constexpr uint64_t kExtraAlignmentBytes = 6;  // id, size, alignment

// From "version needed" to "name length": the same bytes in both headers.
void AppendCommonFields(Bytes& out, const ZipEntry& entry) {
  AppendU16(out, kVersionNeeded);
  AppendU16(out, kZipFlagUtf8);
  AppendU16(out, static_cast<uint16_t>(entry.method));
  AppendU16(out, kTimeMidnight);
  AppendU16(out, kDateFirst);
  AppendU32(out, entry.crc32);
  AppendU32(out, static_cast<uint32_t>(entry.stored_size));
  AppendU32(out, static_cast<uint32_t>(entry.size));
  AppendU16(out, static_cast<uint16_t>(entry.name.size()));
}

// Zeros that follow the alignment value, so that the data behind them is aligned.
uint64_t AlignmentPadding(const ZipEntry& entry) {
  const uint64_t end =
      entry.local_offset + kZipLocalBytes + entry.name.size() + kExtraAlignmentBytes;
  return (kZipDataAlignment - end % kZipDataAlignment) % kZipDataAlignment;
}

}  // namespace

void AppendZipLocalHeader(Bytes& out, const ZipEntry& entry) {
  const bool aligned = entry.method == ZipMethod::kStored;
  const uint64_t padding = aligned ? AlignmentPadding(entry) : 0;
  AppendU32(out, kZipLocalMark);
  AppendCommonFields(out, entry);
  AppendU16(out, aligned ? static_cast<uint16_t>(kExtraAlignmentBytes + padding) : 0);
  AppendBytes(out, AsBytes(entry.name));
  if (!aligned) return;
  AppendU16(out, kExtraAlignment);
  AppendU16(out, static_cast<uint16_t>(sizeof(uint16_t) + padding));
  AppendU16(out, kZipDataAlignment);
  out.insert(out.end(), static_cast<size_t>(padding), 0);
}

void AppendZipCentralRecord(Bytes& out, const ZipEntry& entry) {
  AppendU32(out, kZipCentralMark);
  AppendU16(out, kVersionNeeded);  // version made by
  AppendCommonFields(out, entry);
  AppendU16(out, 0);  // extra length
  AppendU16(out, 0);  // comment length
  AppendU16(out, 0);  // disk
  AppendU16(out, 0);  // internal attributes
  AppendU32(out, 0);  // external attributes
  AppendU32(out, static_cast<uint32_t>(entry.local_offset));
  AppendBytes(out, AsBytes(entry.name));
}

void AppendZipEndRecord(Bytes& out, uint64_t entries, uint64_t directory_size,
                        uint64_t directory_offset) {
  AppendU32(out, kZipEndMark);
  AppendU16(out, 0);  // number of this disk
  AppendU16(out, 0);  // disk of the directory
  AppendU16(out, static_cast<uint16_t>(entries));
  AppendU16(out, static_cast<uint16_t>(entries));
  AppendU32(out, static_cast<uint32_t>(directory_size));
  AppendU32(out, static_cast<uint32_t>(directory_offset));
  AppendU16(out, 0);  // comment length
}

}  // namespace andon
