// Whole numbers between two bounds, as decimal digits.

#ifndef ANDON_GRAMMAR_INTEGER_RANGE_H_
#define ANDON_GRAMMAR_INTEGER_RANGE_H_

#include <cstdint>

#include "grammar/expression.h"

namespace andon {

// Beyond it a double does not tell whole numbers apart.
inline constexpr int64_t kMaxWholeNumber = (int64_t{1} << 53) - 1;

// The numbers from `least` to `most`, without "-0" and leading zeros; none where they are reversed.
// REQUIRES: both between -kMaxWholeNumber and kMaxWholeNumber.
Expression IntegerRange(int64_t least, int64_t most);

}  // namespace andon

#endif  // ANDON_GRAMMAR_INTEGER_RANGE_H_
