// Writes the ZIP archives that zip.h reads: deterministic, no time stamps, no attributes.

#ifndef ANDON_ARCHIVE_ZIP_WRITER_H_
#define ANDON_ARCHIVE_ZIP_WRITER_H_

#include <string_view>
#include <vector>

#include "archive/entry_name.h"
#include "archive/zip.h"
#include "common/bytes.h"
#include "common/status.h"

namespace andon {

// Stored data begins at a multiple of this many bytes (a padded extra field, id 0xD935), so that
// weights are read in place by SIMD kernels.
inline constexpr uint64_t kZipDataAlignment = 64;

class ZipWriter {
 public:
  // Errors: ZipUnsafeName, ZipDuplicateName, ZipTooManyEntries, ZipEntryTooLarge (the archive would
  // pass limits::kMaxAprenderBytes). After an error the archive is as it was before.
  Status Add(std::string_view name, ByteView content, ZipMethod method = ZipMethod::kStored);

  // REQUIRES: called once.
  Bytes Finish();

 private:
  Bytes archive_;  // local headers and data so far
  std::vector<ZipEntry> entries_;
  EntryNames names_;
};

}  // namespace andon

#endif  // ANDON_ARCHIVE_ZIP_WRITER_H_
