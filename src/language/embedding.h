// A text as one vector.

#ifndef ANDON_LANGUAGE_EMBEDDING_H_
#define ANDON_LANGUAGE_EMBEDDING_H_

#include <cstdint>
#include <span>
#include <vector>

#include "common/status.h"
#include "language/language_model.h"

namespace andon {

enum class Pooling : uint8_t {
  kLast,  // the state of the last token, which has seen all others: what embedding models of this
          // kind are trained for
  kMean,  // the mean of all states
};

// [hidden], of length 1 (L2), from the last layer's states after the final norm. Tokens are taken
// as they are: an end token that the model wants is the caller's to add. Errors: InvalidArgument
// without tokens, TokenOutOfRange, ContextFull beyond the model's context, OutOfMemory,
// InferenceFailed.
Result<std::vector<float>> Embed(const LanguageModel& model, std::span<const uint32_t> tokens,
                                 Pooling pooling);

}  // namespace andon

#endif  // ANDON_LANGUAGE_EMBEDDING_H_
