#include "formats/semantic_version.h"

#include <algorithm>
#include <optional>

namespace andon {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsAllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

bool IsIdentifier(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

// No leading zero where it is a number.
bool IsPrereleaseIdentifier(std::string_view text) {
  return IsIdentifier(text) && (text.size() == 1 || text.front() != '0' || !IsAllDigits(text));
}

bool IsVersionNumber(std::string_view text) {
  return IsPrereleaseIdentifier(text) && IsAllDigits(text);
}

// How many parts between dots `text` has; 0 when one of them is not as it should be.
size_t CountParts(std::string_view text, bool (*is_part)(std::string_view)) {
  for (size_t count = 1;; ++count) {
    const size_t dot = text.find('.');
    if (!is_part(text.substr(0, dot))) return 0;
    if (dot == text.npos) return count;
    text.remove_prefix(dot + 1);
  }
}

// Cuts `text` at the first `mark`; what follows the mark, or nothing where there is none.
std::optional<std::string_view> CutAt(char mark, std::string_view& text) {
  const size_t position = text.find(mark);
  if (position == text.npos) return std::nullopt;
  const std::string_view rest = text.substr(position + 1);
  text = text.substr(0, position);
  return rest;
}

}  // namespace

bool IsSemanticVersion(std::string_view text) {
  const auto build = CutAt('+', text);
  const auto prerelease = CutAt('-', text);
  return CountParts(text, IsVersionNumber) == 3 &&
         (!prerelease || CountParts(*prerelease, IsPrereleaseIdentifier) > 0) &&
         (!build || CountParts(*build, IsIdentifier) > 0);
}

}  // namespace andon
