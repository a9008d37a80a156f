// A form that a text has to have while it is written, such as a grammar.

#ifndef ANDON_LANGUAGE_TEXT_CONSTRAINT_H_
#define ANDON_LANGUAGE_TEXT_CONSTRAINT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/status.h"

namespace andon {

// Of one text, from its first token on.
class TextConstraint {
 public:
  virtual ~TextConstraint() = default;

  // Bans the tokens that may not come next: logits [vocabulary], -infinity. Gives whether one is
  // left; an end token is where the text may end.
  virtual Result<bool> Restrict(std::span<float> logits) = 0;
  // REQUIRES: Restrict() left it.
  virtual Status Accept(uint32_t token) = 0;
  // Whether nothing can follow but the end.
  virtual bool MustEnd() const = 0;
  // The fewest bytes that make `text` whole; none where it is. REQUIRES: whole characters, which
  // the accepted tokens begin with.
  virtual std::string CompletionOf(std::string_view text) const = 0;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_TEXT_CONSTRAINT_H_
