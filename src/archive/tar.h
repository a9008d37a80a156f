// tar (POSIX.1-1988 ustar) inside gzip (RFC 1952): what .expert version 1 is made of. The strict
// subset that has regular files alone: no links, devices, directories other than ignored "./", no
// PAX or GNU extension records, no numbers in base 256, safe relative names (zip_name.h's rules),
// right checksums, two zero blocks at the end and zeros alone after them.

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

bool LooksLikeGzip(ByteView head);

// One gzip member with no bytes after it. Errors: Gzip..., Inflate.... The size stated at its end
// is compared with the limits before anything is expanded.
Result<Bytes> Gunzip(ByteView file, uint64_t max_output);
// Deterministic: no name, time 0.
Bytes Gzip(ByteView bytes, int level = 6);

// In file order. A name that occurs again with the same bytes is dropped (genuine packages have
// such), with others it is an error. REQUIRES: the archive outlives the result. Errors: one Tar...
// code a rule.
Result<std::vector<TarEntry>> ReadTar(ByteView archive);
// Deterministic: mode 0644, time 0, no owner. Errors: TarUnsafeName, TarDuplicateName.
Result<Bytes> WriteTar(const std::vector<TarEntry>& entries);

}  // namespace andon

#endif  // ANDON_ARCHIVE_TAR_H_
