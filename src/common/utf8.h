// UTF-8 (RFC 3629), strictly: shortest form, no surrogates, nothing above U+10FFFF.

#ifndef ANDON_COMMON_UTF8_H_
#define ANDON_COMMON_UTF8_H_

#include <optional>
#include <string_view>

namespace andon {

// Takes the code point at the front of `text`. Where the bytes are not UTF-8 it takes one byte and
// returns nothing. REQUIRES: text is not empty.
std::optional<char32_t> TakeCodePoint(std::string_view& text);

// Whether `text` is the beginning of a character whose end is missing. REQUIRES: text is not empty.
bool IsPartOfCharacter(std::string_view text);

bool IsUtf8(std::string_view text);

// Whether a code point could hide, reorder or break the text it is shown in: control, bidi and
// zero-width characters, line and paragraph separators, and other invisible ones.
bool IsDeceptive(char32_t code_point);

}  // namespace andon

#endif  // ANDON_COMMON_UTF8_H_
