// Which format a file has.

#ifndef ANDON_ENGINE_SNIFF_H_
#define ANDON_ENGINE_SNIFF_H_

#include <string_view>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

enum class FileKind {
  kAprender,
  kExpert,    // version 2
  kExpertV1,  // gzip, or a ZIP of the same files
  kGguf       // a language model
};

std::string_view FileKindName(FileKind kind);  // "aprender", "expert", "expert-v1", "gguf"

// By the first bytes alone, never by name; a ZIP is an .aprender package as far as they tell.
// Errors: UnknownFormat, naming formats it recognises but does not read.
Result<FileKind> Sniff(ByteView head);

// As Sniff, from the whole file, which tells a ZIP of version 1 from an .aprender package.
Result<FileKind> SniffWhole(ByteView file);

}  // namespace andon

#endif  // ANDON_ENGINE_SNIFF_H_
