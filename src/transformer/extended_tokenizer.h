// A tokenizer with more tokens than the one that its model came with.

#ifndef ANDON_TRANSFORMER_EXTENDED_TOKENIZER_H_
#define ANDON_TRANSFORMER_EXTENDED_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "transformer/tokenizer.h"

namespace andon {

struct AddedToken {
  uint32_t id = 0;
  std::string text = {};
  bool special = false;  // a control token: plain text never becomes it
};

// Text between added tokens is encoded by `base`. It takes as much memory as the vocabulary of the
// base. REQUIRES: ids at or above base.size(), below kMaxVocabulary, and the base outlives the
// result. Error: TokenizerError where an id or a text is taken, or a text is empty or too long.
Result<std::unique_ptr<Tokenizer>> ExtendTokenizer(const Tokenizer& base,
                                                   const std::vector<AddedToken>& tokens);

}  // namespace andon

#endif  // ANDON_TRANSFORMER_EXTENDED_TOKENIZER_H_
