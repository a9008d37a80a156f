// The decoded tensors of a module as a transformer adds them.

#ifndef ANDON_ADAPTERS_MODULE_FACTORS_H_
#define ANDON_ADAPTERS_MODULE_FACTORS_H_

#include <cstdint>

#include "formats/expert_params.h"
#include "transformer/adapter.h"

namespace andon {

// All but DoRA's row_scale, which needs the base. Factors point to the tensors. REQUIRES: what
// ParseParams and ReadPeftLayer promise.
ModuleUpdate UpdateOf(const AdapterModule& module);

// DoRA's m, [1, out].
Factor MagnitudeOf(const AdapterModule& module);

// Bytes of memory: the tensors, and what the update has of its own.
uint64_t BytesOf(const AdapterModule& module, const ModuleUpdate& update);

}  // namespace andon

#endif  // ANDON_ADAPTERS_MODULE_FACTORS_H_
