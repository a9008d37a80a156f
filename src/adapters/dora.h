// The renormalisation of DoRA (Liu et al., "DoRA: Weight-Decomposed Low-Rank Adaptation", arXiv
// 2402.09353).

#ifndef ANDON_ADAPTERS_DORA_H_
#define ANDON_ADAPTERS_DORA_H_

#include <cstdint>
#include <vector>

#include "kernels/factor.h"
#include "transformer/adapter_base.h"

namespace andon {

// m / |W + s B A| of each output, [out]; magnitude is m, [1, out]. W + s B A is never made:
//
//   |W_o + s B_o A|^2 = |W_o|^2 + 2 s B_o . (W A^T)_o + s^2 B_o (A A^T) B_o^T
//
// of which the first is the base's own, kept with it, and the second a product of W with as many
// tokens as A has rows. An output of norm zero keeps the scale 1.
std::vector<float> DoraScale(const AdapterBase& base, uint32_t layer, Module module,
                             const ModuleUpdate& update, const Factor& magnitude);

}  // namespace andon

#endif  // ANDON_ADAPTERS_DORA_H_
