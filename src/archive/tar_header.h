// The header of a tar entry as bytes (POSIX.1-1988, "ustar").
//
//     0  100  name                       257    6  "ustar\0"; GNU: "ustar "; older: zeros
//   100    8  mode                       263    2  "00";      GNU: " \0";   older: zeros
//   108    8  owner                      265   32  name of the owner
//   116    8  group                      297   32  name of the group
//   124   12  size of the content        329    8  major number of a device
//   136   12  time                       337    8  minor number
//   148    8  checksum                   345  155  prefix: the name's folders, where it is long
//   156    1  kind                       500   12  zeros
//   157  100  target of a link
//
// Numbers are octal digits, ended by a space or NUL. The checksum is the sum of all bytes, its own
// counted as spaces.

#ifndef ANDON_ARCHIVE_TAR_HEADER_H_
#define ANDON_ARCHIVE_TAR_HEADER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

inline constexpr size_t kTarBlockBytes = 512;

struct TarHeader {
  std::string name;  // as it lies there: prefix, '/', name
  uint64_t size = 0;
  bool directory = false;
};

// REQUIRES: kTarBlockBytes bytes. Errors: TarChecksum, TarMalformed, TarExtension, TarSpecialFile,
// TarPadding.
Result<TarHeader> ParseTarHeader(ByteView block);

// Of a plain file. False where the name fits neither in its field nor in two.
// REQUIRES: `size` below 8 GiB.
bool AppendTarHeader(Bytes& out, std::string_view name, uint64_t size);

}  // namespace andon

#endif  // ANDON_ARCHIVE_TAR_HEADER_H_
