// Adapters made part of a copy of the weights.

#ifndef ANDON_ADAPTERS_MERGE_H_
#define ANDON_ADAPTERS_MERGE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "common/status.h"
#include "transformer/adapter.h"
#include "transformer/adapter_base.h"

namespace andon {

// Memory of so many bytes, aligned to 64, which outlives the weights; nullptr where there is none.
using AllocateWeights = std::function<uint8_t*(uint64_t bytes)>;

// The weights with every W' of transformer/adapter.h instead of its W, rounded to the type of W;
// where numbers cannot be narrowed to that (CanNarrowTo), to Q8_0. Matrices that no adapter changes
// are those of the base, in its memory. A tied head stays the base's embedding unless an adapter
// changes it. REQUIRES: adapters made for the base. Error: OutOfMemory.
Result<TransformerWeights> Merge(const AdapterBase& base, std::vector<AdapterUse> uses,
                                 const AllocateWeights& allocate);

}  // namespace andon

#endif  // ANDON_ADAPTERS_MERGE_H_
