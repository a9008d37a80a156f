// tar: the strict subset of POSIX.1-1988 ustar that leaves no room for two readings, as Python, GNU
// tar and Rust write it for plain files with short names. tar_header.h has the header byte by byte.
//
// Headers of 512 bytes, each followed by its content and zeros up to the next multiple of 512; two
// blocks of zeros, and nothing but such blocks behind them. Refused:
//   kinds        links, devices, named pipes; extension records of PAX or GNU
//   numbers      other than octal digits (GNU has a second form, base 256)
//   names        that are unsafe (entry_name.h), but for the "./" in front that `tar -C folder .`
//                writes, or used twice with different content
//   checksums    that are wrong, padding that is not zero, sizes past the end, an end that is
//   missing
// Directories have no content and are left out: `tar` writes them for the folder itself and for
// those in it. Owner, mode and time are whatever the maker's tools wrote and change nothing.

#ifndef ANDON_ARCHIVE_TAR_H_
#define ANDON_ARCHIVE_TAR_H_

#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

struct TarEntry {
  std::string name;
  ByteView content;  // of the archive
};

// In file order. An entry that occurs again with the same name and bytes is left out (genuine
// packages have such). REQUIRES: the archive outlives the result. Errors: one Tar... code a rule.
Result<std::vector<TarEntry>> ReadTar(ByteView archive);

// Deterministic: mode 0644, time 0, no owner. Errors: TarUnsafeName, TarDuplicateName,
// TarTooManyEntries, FileTooLarge (limits::kMaxExpertV1Bytes).
Result<Bytes> WriteTar(const std::vector<TarEntry>& entries);

}  // namespace andon

#endif  // ANDON_ARCHIVE_TAR_H_
