// A package as the source of another: which version it has, and version 1 in memory.

#ifndef ANDON_ENGINE_EXPERT_SOURCE_H_
#define ANDON_ENGINE_EXPERT_SOURCE_H_

#include "common/io.h"
#include "formats/expert_v1.h"

namespace andon {

// Error: SourceUnreadable.
Result<bool> IsVersion2(InputFile& package);

// Version 1, and what was checked of it.
struct SourceV1 {
  Bytes file;  // what the package points into
  ExpertV1 package;
};
// Errors: those of ReadExpertV1, FileTooLarge, SignatureInvalid, SourceUnreadable.
Result<SourceV1> OpenV1(InputFile& package);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_SOURCE_H_
