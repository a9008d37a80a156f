// Weights as numbers, and numbers as weights.

#ifndef ANDON_TENSOR_QUANTIZE_H_
#define ANDON_TENSOR_QUANTIZE_H_

#include <span>

#include "common/bytes.h"
#include "tensor/quantized.h"

namespace andon {

// Whether every weight of these whole blocks is a number: of quantised types the scales are looked
// at, of others the weights.
bool AreFinite(WeightType type, ByteView blocks);

// F32, F16 or BF16 as float32. REQUIRES: room for all.
void WidenWeights(WeightType type, ByteView weights, float* to);

// Whether NarrowWeights has this type.
bool CanNarrowTo(WeightType type);

// Rounds to F32, F16, BF16, Q8_0 or Q4_0, the last two as ggml's reference does
// (quantize_row_q8_0_ref, quantize_row_q4_0_ref of ggml-quants.c): the largest magnitude of 32
// weights gives their scale. A weight beyond the range of F16 becomes infinite there. REQUIRES:
// whole blocks, one of those types.
void NarrowWeights(WeightType type, std::span<const float> weights, Bytes& to);

}  // namespace andon

#endif  // ANDON_TENSOR_QUANTIZE_H_
