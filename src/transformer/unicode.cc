#include "transformer/unicode.h"

#include <algorithm>
#include <iterator>

namespace andon {
namespace {

struct CodePointRange {
  char32_t first;
  char32_t last;
};

#include "unicode_tables.inc"

// REQUIRES: c is no ASCII, which the tables begin with.
template <typename Table>
bool Contains(const Table& table, char32_t c) {
  const auto after = std::upper_bound(
      std::begin(table), std::end(table), c,
      [](char32_t value, const CodePointRange& range) { return value < range.first; });
  return c <= std::prev(after)->last;
}

bool IsAsciiLetter(char32_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

}  // namespace

bool IsUnicodeLetter(char32_t c) { return c < 0x80 ? IsAsciiLetter(c) : Contains(kLetters, c); }

bool IsUnicodeNumber(char32_t c) { return c < 0x80 ? c >= '0' && c <= '9' : Contains(kNumbers, c); }

// The list is stable: Unicode Standard Annex #44, White_Space.
bool IsUnicodeSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace andon
