// The tokenizer that a GGUF file holds.

#ifndef ANDON_LANGUAGE_GGUF_MODEL_H_
#define ANDON_LANGUAGE_GGUF_MODEL_H_

#include "common/status.h"
#include "formats/gguf.h"
#include "transformer/vocabulary.h"

namespace andon {

// Error: TokenizerError.
Result<TokenizerData> TokenizerOfGguf(const Gguf& gguf);

}  // namespace andon

#endif  // ANDON_LANGUAGE_GGUF_MODEL_H_
