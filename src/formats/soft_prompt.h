// SOFT_PROMPT: embeddings that stand before those of the text.
//
//   u32 tokens, u32 hidden, u8 dtype (as in PARAMS: 1 F32, 2 F16, 3 BF16), 55 zeros      64 bytes
//   values [tokens, hidden], row-major, which end the section

#ifndef ANDON_FORMATS_SOFT_PROMPT_H_
#define ANDON_FORMATS_SOFT_PROMPT_H_

#include <cstdint>

#include "common/bytes.h"
#include "common/status.h"
#include "tensor/tensor.h"

namespace andon {

struct SoftPrompt {
  uint32_t tokens = 0;
  uint32_t hidden = 0;
  DType dtype = DType::kF32;  // kF32, kF16 or kBF16
  ByteView values;
};

// REQUIRES: the section outlives the result. Errors: SectionMalformed, WeightNotFinite.
Result<SoftPrompt> ParseSoftPrompt(ByteView section);
// What this writes, ParseSoftPrompt reads; the errors are the same.
Result<Bytes> WriteSoftPrompt(const SoftPrompt& prompt);

}  // namespace andon

#endif  // ANDON_FORMATS_SOFT_PROMPT_H_
