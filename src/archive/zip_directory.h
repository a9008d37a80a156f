// Reads and checks all records of a ZIP archive.

#ifndef ANDON_ARCHIVE_ZIP_DIRECTORY_H_
#define ANDON_ARCHIVE_ZIP_DIRECTORY_H_

#include <vector>

#include "archive/zip.h"
#include "common/bytes.h"
#include "common/status.h"

namespace andon {

// The entries in file order: every structural rule of zip.h holds for them.
Result<std::vector<ZipEntry>> ReadZipDirectory(ByteView file);

// The end-of-central-directory record, found and checked.
struct ZipEndRecord {
  uint64_t entries = 0;
  uint64_t directory_offset = 0;
  uint64_t directory_size = 0;  // the directory ends where the end record begins
};
Result<ZipEndRecord> ReadZipEndRecord(ByteView file);

}  // namespace andon

#endif  // ANDON_ARCHIVE_ZIP_DIRECTORY_H_
