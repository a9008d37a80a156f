// Cutting text into words, as byte-level BPE does before it merges. The rules are the regular
// expressions of the models' tokenizers, written out. Whatever the text holds, each character is
// looked at a few times in all, so that the time is linear.

#ifndef ANDON_TRANSFORMER_WORDS_H_
#define ANDON_TRANSFORMER_WORDS_H_

#include <string_view>

#include "transformer/vocabulary.h"

namespace andon {

// The first word of `text`. REQUIRES: text is not empty.
std::string_view FirstWord(std::string_view text, WordRule rule);

}  // namespace andon

#endif  // ANDON_TRANSFORMER_WORDS_H_
