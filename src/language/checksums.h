// The list of SHA-256 beside the files of a model, as sha256sum writes it (GNU coreutils):
//
//   64 lower-case hexadecimal digits, two spaces or a space and '*', the name, a line feed

#ifndef ANDON_LANGUAGE_CHECKSUMS_H_
#define ANDON_LANGUAGE_CHECKSUMS_H_

#include <map>
#include <string>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/sha256.h"

namespace andon {

// Names are plain: of 1 to limits::kMaxEntryNameBytes bytes, UTF-8, without slashes and control
// characters, each once. Error: ModelChecksums.
Result<std::map<std::string, Sha256Digest, std::less<>>> ParseChecksums(ByteView text);

}  // namespace andon

#endif  // ANDON_LANGUAGE_CHECKSUMS_H_
