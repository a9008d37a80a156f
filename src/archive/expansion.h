// How much an archive may expand.

#ifndef ANDON_ARCHIVE_EXPANSION_H_
#define ANDON_ARCHIVE_EXPANSION_H_

#include <cstdint>

#include "common/limits.h"

namespace andon {

// Whether a file of `file` bytes may hold `content` bytes; limits.h says why. REQUIRES: `file` is
// the size of something in memory.
inline bool MayExpandTo(uint64_t content, uint64_t file) {
  const bool free = content <= limits::kFreeExpansionBytes;
  const bool large = content > limits::kLargeExpansionBytes;
  return free || content <= file * (large ? limits::kMaxLargeRatio : limits::kMaxTotalRatio);
}

}  // namespace andon

#endif  // ANDON_ARCHIVE_EXPANSION_H_
