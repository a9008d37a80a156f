// Regular expressions as rank_pattern and alpha_pattern of PEFT have them, in a time that is
// polynomial whatever the pattern: a small part of Python's `re` without what needs backtracking.

#ifndef ANDON_FORMATS_PEFT_PATTERN_H_
#define ANDON_FORMATS_PEFT_PATTERN_H_

#include <string_view>

#include "common/status.h"

namespace andon {

// Literals, '.', '\d', '\w', '\' before punctuation, [a-z0-9_] and [^...], groups, '|', '*', '+',
// '?', '^' and '$'. Error: PeftUnsupported, where a pattern uses anything else.
Status CheckPeftPattern(std::string_view pattern);

// Whether the pattern matches the whole text. REQUIRES: CheckPeftPattern was ok.
bool PeftPatternMatches(std::string_view pattern, std::string_view text);

// PEFT's rule for the keys of rank_pattern and alpha_pattern: re.match(r"(.*\.)?(KEY)$", module).
bool PeftKeyMatches(std::string_view key, std::string_view module);

}  // namespace andon

#endif  // ANDON_FORMATS_PEFT_PATTERN_H_
