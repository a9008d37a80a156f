#ifndef ANDON_TRANSFORMER_SENTENCE_PIECE_H_
#define ANDON_TRANSFORMER_SENTENCE_PIECE_H_

#include "transformer/tokenizer.h"

namespace andon {

// Characters merge to the piece of the highest score; what is in no piece becomes its bytes,
// <0x0A>. Error: TokenizerError.
Result<std::unique_ptr<Tokenizer>> MakeSentencePiece(TokenizerData data);

}  // namespace andon

#endif  // ANDON_TRANSFORMER_SENTENCE_PIECE_H_
