// The three records of a ZIP archive as bytes (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16).
//
//   local header, 30 bytes            central directory record, 46 bytes   end record, 22 bytes
//    0  4  mark "PK\3\4"               0  4  mark "PK\1\2"                   0  4  mark "PK\5\6"
//                                      4  2  version made by                 4  2  number of this
//                                      disk
//    4  2  version needed              6  2  version needed                  6  2  disk of the
//    directory 6  2  flags                       8  2  flags                           8  2 records
//    on this disk 8  2  method                     10  2  method                         10  2
//    records
//   10  2  time                       12  2  time                           12  4  directory size
//   12  2  date                       14  2  date                           16  4  directory offset
//   14  4  CRC-32                     16  4  CRC-32                         20  2  comment length
//   18  4  stored size                20  4  stored size
//   22  4  size                       24  4  size
//   26  2  name length                28  2  name length
//   28  2  extra length               30  2  extra length
//                                     32  2  comment length
//                                     34  2  disk
//                                     36  2  internal attributes
//                                     38  4  external attributes
//                                     42  4  offset of the local header
//   30  .. name, extra                46  .. name, extra, comment
//
// The Append functions are the one permitted form of a canonical archive: ZipWriter writes it and
// ZipArchive::CheckCanonical compares with it.

#ifndef ANDON_ARCHIVE_ZIP_RECORDS_H_
#define ANDON_ARCHIVE_ZIP_RECORDS_H_

#include <cstddef>
#include <cstdint>

#include "archive/zip.h"
#include "common/bytes.h"
#include "common/little_endian.h"

namespace andon {

inline constexpr uint32_t kZipLocalMark = 0x04034b50;
inline constexpr uint32_t kZipCentralMark = 0x02014b50;
inline constexpr uint32_t kZipEndMark = 0x06054b50;
inline constexpr uint32_t kZip64LocatorMark = 0x07064b50;

inline constexpr size_t kZipLocalBytes = 30;
inline constexpr size_t kZipCentralBytes = 46;
inline constexpr size_t kZipEndBytes = 22;
inline constexpr size_t kZip64LocatorBytes = 20;

// Flag bits (APPNOTE 4.4.4).
inline constexpr uint16_t kZipFlagEncrypted = 1 << 0;
inline constexpr uint16_t kZipFlagDeflateLevel = 3 << 1;
inline constexpr uint16_t kZipFlagUtf8 = 1 << 11;

inline uint16_t ZipU16(const uint8_t* at) { return static_cast<uint16_t>(andon_load_le(at, 2)); }
inline uint32_t ZipU32(const uint8_t* at) { return static_cast<uint32_t>(andon_load_le(at, 4)); }

// A local header of an entry whose local_offset is where it goes; an extra field puts the data of a
// stored entry at a multiple of kZipDataAlignment.
void AppendZipLocalHeader(Bytes& out, const ZipEntry& entry);
void AppendZipCentralRecord(Bytes& out, const ZipEntry& entry);
void AppendZipEndRecord(Bytes& out, uint64_t entries, uint64_t directory_size,
                        uint64_t directory_offset);

}  // namespace andon

#endif  // ANDON_ARCHIVE_ZIP_RECORDS_H_
