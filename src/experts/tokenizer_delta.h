// TOKENIZER_DELTA: tokens that an expert adds to the tokenizer of its base, in the form that
// tokenizer.json has for them (https://huggingface.co/docs/tokenizers, "added_tokens").
//
//   {"added_tokens": [{"id": 151700, "content": "<sql>", "special": true}]}
//
// Special tokens are control tokens: plain text never becomes one. The others are found wherever
// their text stands.
//
// A token needs a row of the base's embedding and head. Most models have some to spare, since their
// matrices are padded; what an expert has learnt of its tokens is its update of these two matrices.
// So an id lies after the tokens of the base and below the rows of its embedding: the matrices of a
// base never grow.

#ifndef ANDON_EXPERTS_TOKENIZER_DELTA_H_
#define ANDON_EXPERTS_TOKENIZER_DELTA_H_

#include <cstdint>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "transformer/extended_tokenizer.h"

namespace andon {

// For a base of `base_tokens` tokens and `rows` rows of embeddings. Errors: Json...,
// TokenizerDelta.
Result<std::vector<AddedToken>> ParseTokenizerDelta(ByteView json, uint32_t base_tokens,
                                                    uint32_t rows);

}  // namespace andon

#endif  // ANDON_EXPERTS_TOKENIZER_DELTA_H_
