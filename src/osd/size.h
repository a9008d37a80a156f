// How much room a module takes, in memory or in a package.

#ifndef ANDON_OSD_SIZE_H_
#define ANDON_OSD_SIZE_H_

#include "formats/expert_params.h"
#include "osd/svd.h"

namespace andon {

enum class SizeMeasure {
  kStored,  // of a PARAMS section of this module alone, compressed as the writer of packages would
  kMemory,  // of its tensors
};

struct SizeRule {
  SizeMeasure measure = SizeMeasure::kStored;
  int level = 19;  // of zstd
};

// REQUIRES: a module that WriteParams takes.
uint64_t SizeOf(const AdapterModule& module, const SizeRule& rule);

// Of the LoRA with B = U S^(1/2) and A = S^(1/2) Vt of the first `rank` singular values in `dtype`;
// where there are fewer, as many are counted as if there were. The same rules as for every module.
uint64_t LoraSize(const Svd& svd, int rank, DType dtype, const SizeRule& rule);

}  // namespace andon

#endif  // ANDON_OSD_SIZE_H_
