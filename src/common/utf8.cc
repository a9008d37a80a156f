#include "common/utf8.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace andon {
namespace {

// How a first byte says what follows it (Unicode 15.0, table 3-7). The range of the second byte is
// what excludes overlong forms, surrogates and code points above U+10FFFF.
struct Lead {
  uint8_t first, last;                // of the lead byte
  uint8_t count;                      // of bytes that follow
  uint8_t second_first, second_last;  // of the byte after it
};
constexpr Lead kLeads[] = {
    {0x00, 0x7F, 0, 0, 0},       {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF},
    {0xE1, 0xEC, 2, 0x80, 0xBF}, {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF},
    {0xF0, 0xF0, 3, 0x90, 0xBF}, {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

// First and last of each run, in ascending order.
constexpr char32_t kDeceptive[][2] = {
    {0x0000, 0x001F},    // C0 controls
    {0x007F, 0x009F},    // DEL, C1 controls
    {0x00AD, 0x00AD},    // soft hyphen
    {0x061C, 0x061C},    // Arabic letter mark
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x200B, 0x200F},    // zero-width space and joiners, left-to-right and right-to-left marks
    {0x2028, 0x202E},    // line and paragraph separators, bidi embeddings and overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, bidi isolates, deprecated controls
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotations
    {0xE0000, 0xE0FFF},  // tags and further invisible characters
};

bool IsBetween(uint8_t byte, uint8_t first, uint8_t last) { return first <= byte && byte <= last; }

}  // namespace

std::optional<char32_t> TakeCodePoint(std::string_view& text) {
  const auto byte = [rest = text](size_t i) { return static_cast<uint8_t>(rest[i]); };
  const size_t available = text.size();
  text.remove_prefix(1);
  const auto lead = std::ranges::find_if(
      kLeads, [&](const Lead& l) { return IsBetween(byte(0), l.first, l.last); });
  if (lead == std::end(kLeads) || lead->count >= available) return std::nullopt;
  if (lead->count == 0) return byte(0);
  if (!IsBetween(byte(1), lead->second_first, lead->second_last)) return std::nullopt;
  char32_t code_point = byte(0) & (0x3Fu >> lead->count);
  for (size_t i = 1; i <= lead->count; ++i) {
    if (!IsBetween(byte(i), 0x80, 0xBF)) return std::nullopt;
    code_point = code_point << 6 | (byte(i) & 0x3Fu);
  }
  text.remove_prefix(lead->count);
  return code_point;
}

bool IsPartOfCharacter(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const auto lead = std::ranges::find_if(
      kLeads, [&](const Lead& l) { return IsBetween(byte(0), l.first, l.last); });
  if (lead == std::end(kLeads) || lead->count < text.size()) return false;
  if (text.size() > 1 && !IsBetween(byte(1), lead->second_first, lead->second_last)) return false;
  return text.size() < 3 || IsBetween(byte(2), 0x80, 0xBF);
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    if (!TakeCodePoint(text)) return false;
  }
  return true;
}

bool IsDeceptive(char32_t code_point) {
  return std::ranges::any_of(kDeceptive, [code_point](const auto& run) {
    return run[0] <= code_point && code_point <= run[1];
  });
}

}  // namespace andon
