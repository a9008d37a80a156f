// Classes of characters, from the Unicode Character Database (tables are generated at build time).

#ifndef ANDON_TRANSFORMER_UNICODE_H_
#define ANDON_TRANSFORMER_UNICODE_H_

namespace andon {

bool IsUnicodeLetter(char32_t c);  // general category L
bool IsUnicodeNumber(char32_t c);  // general category N
bool IsUnicodeSpace(char32_t c);   // White_Space

}  // namespace andon

#endif  // ANDON_TRANSFORMER_UNICODE_H_
