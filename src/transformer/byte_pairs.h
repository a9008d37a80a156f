#ifndef ANDON_TRANSFORMER_BYTE_PAIRS_H_
#define ANDON_TRANSFORMER_BYTE_PAIRS_H_

#include "transformer/tokenizer.h"

namespace andon {

// Bytes merge by the model's list of pairs, first entries first. Error: TokenizerError.
Result<std::unique_ptr<Tokenizer>> MakeBytePairs(TokenizerData data);

}  // namespace andon

#endif  // ANDON_TRANSFORMER_BYTE_PAIRS_H_
