// ZIP archives (PKWARE APPNOTE 6.3), the strict subset that leaves no room for two readings.
//
//   local header, name, extra, data      one an entry, contiguous from byte 0, in directory order
//   central directory record             one an entry
//   end-of-central-directory record      22 bytes, the last of the file
//
// Every byte belongs to exactly one record. zip_records.h has the records field by field.
//
// Where readers could disagree, the archive is refused:
//   end record    one, at the very end, without a comment. A second one is a record in the last
//                 65,557 bytes whose comment would reach exactly to the end of the file, for that
//                 is what a reader accepts; the mark alone may well occur within stored weights.
//   size          no ZIP64 (all files here are far below 4 GiB), no spanning, no data descriptors
//   names         entry_name.h; beyond ASCII only with the UTF-8 flag; no Unicode path field
//   headers       the 24 bytes that both have in common, and the name, are the same in both
//   kinds         files only: no directories, links or devices, neither by name nor by attributes
//   methods       0 stored, 8 deflate
//   flags         UTF-8 and, for deflate, the two level bits
//   extra fields  any that are well formed; they change nothing (Info-ZIP keeps times there)

#ifndef ANDON_ARCHIVE_ZIP_H_
#define ANDON_ARCHIVE_ZIP_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

enum class ZipMethod : uint16_t { kStored = 0, kDeflate = 8 };

struct ZipEntry {
  std::string name;  // UTF-8, safe as a relative path
  ZipMethod method = ZipMethod::kStored;
  uint32_t crc32 = 0;
  uint64_t stored_size = 0;   // bytes in the archive
  uint64_t size = 0;          // bytes of content
  uint64_t local_offset = 0;  // of the local header, from the start of the file
  uint64_t data_offset = 0;   // of the stored bytes, likewise
};

// A view of an archive. All structural rules are checked by Open; content (CRC-32, size) is checked
// when an entry is read.
class ZipArchive {
 public:
  // REQUIRES: the file outlives the archive.
  // Errors: one Zip... code a rule (docs/errors.md). Expansion limits: limits.h.
  static Result<ZipArchive> Open(ByteView file);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* Find(std::string_view name) const;  // nullptr when absent

  // REQUIRES, here and below: the entry is one of entries().

  // The bytes as they lie in the archive: the content itself when the method is stored.
  ByteView StoredBytes(const ZipEntry& entry) const;

  // Streams the content in pieces of at most 64 KiB, in constant memory. Errors: ZipCrcMismatch,
  // ZipSizeMismatch, Inflate..., those of the sink. The mismatches are found after the last piece:
  // act on the content only when this returned ok.
  Status Read(const ZipEntry& entry, const ByteSink& sink) const;
  // The content as one piece. Error beyond max_size: ZipEntryTooLarge, before anything is
  // allocated.
  Result<Bytes> ReadAll(const ZipEntry& entry, uint64_t max_size) const;

  // Whether the file is, byte for byte, what ZipWriter makes of the same entries, all stored: then
  // no header byte can be changed unseen. Signed packages require it. Error: ZipNotCanonical.
  Status CheckCanonical() const;

 private:
  ByteView file_;
  std::vector<ZipEntry> entries_;  // in file order
};

}  // namespace andon

#endif  // ANDON_ARCHIVE_ZIP_H_
