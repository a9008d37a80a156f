#include "archive/entry_name.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/limits.h"
#include "common/utf8.h"

namespace andon {
namespace {

bool IsSafeCharacter(std::optional<char32_t> c) {
  return c && !IsDeceptive(*c) && *c != '\\' && *c != ':';
}

bool IsSafeComponent(std::string_view component) {
  return !component.empty() && component != "." && component != "..";
}

char FoldAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool IsSafeEntryName(std::string_view name) {
  if (name.size() > limits::kMaxEntryNameBytes) return false;
  for (std::string_view rest = name; !rest.empty();) {
    if (!IsSafeCharacter(TakeCodePoint(rest))) return false;
  }
  for (size_t begin = 0;;) {
    const size_t end = std::min(name.find('/', begin), name.size());
    if (!IsSafeComponent(name.substr(begin, end - begin))) return false;
    if (end == name.size()) return true;
    begin = end + 1;
  }
}

bool EntryNames::Insert(std::string_view name) {
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(), FoldAscii);
  return folded_.insert(std::move(folded)).second;
}

}  // namespace andon
