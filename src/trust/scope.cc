#include "trust/scope.h"

#include <string.h>  // memmem searches in linear time, where string_view::find does not

namespace andon {
namespace {

// Removes everything up to the end of the first `piece` in `text`; false where there is none.
bool SkipPast(std::string_view piece, std::string_view& text) {
  if (piece.empty()) return true;
  const void* found = memmem(text.data(), text.size(), piece.data(), piece.size());
  if (found == nullptr) return false;
  text.remove_prefix(static_cast<size_t>(static_cast<const char*>(found) - text.data()) +
                     piece.size());
  return true;
}

}  // namespace

bool ScopeMatches(std::string_view scope, std::string_view name) {
  const size_t first = scope.find('*');
  if (first == std::string_view::npos) return scope == name;
  if (!name.starts_with(scope.substr(0, first))) return false;
  name.remove_prefix(first);
  scope.remove_prefix(first + 1);
  // The leftmost place for each piece between two stars leaves the most room for those after it.
  for (size_t star = scope.find('*'); star != std::string_view::npos; star = scope.find('*')) {
    if (!SkipPast(scope.substr(0, star), name)) return false;
    scope.remove_prefix(star + 1);
  }
  return name.ends_with(scope);
}

// A star of `inner` stands for any text, so only a star of `outer` can cover it; and the character
// '*' is one that only a star matches. So `inner` itself, read as a name, decides.
bool ScopeContains(std::string_view outer, std::string_view inner) {
  return ScopeMatches(outer, inner);
}

}  // namespace andon
