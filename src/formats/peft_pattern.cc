#include "formats/peft_pattern.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace andon {
namespace {

constexpr size_t kMaxPatternBytes = 256;  // names of modules are shorter than 100
constexpr int kMaxDepth = 4;              // of groups; repetitions multiply with each

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWord(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Positions in the text at which a part of the pattern may stand: one flag for each, and the end.
using Positions = std::vector<bool>;

Positions Union(Positions a, const Positions& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] = a[i] || b[i];
  return a;
}

// Reads the pattern and moves the positions along with it: every function takes the positions
// before its part and gives those after. What is repeated is read again until nothing is added.
class Matcher {
 public:
  Matcher(std::string_view pattern, std::string_view text) : pattern_(pattern), text_(text) {}

  // Nothing where the pattern is not understood.
  std::optional<Positions> Run(Positions from) {
    Positions to = Alternatives(std::move(from), 0);
    if (!valid_ || at_ != pattern_.size()) return std::nullopt;
    return to;
  }

 private:
  bool Take(char c) {
    if (at_ == pattern_.size() || pattern_[at_] != c) return false;
    ++at_;
    return true;
  }

  Positions Alternatives(const Positions& from, int depth) {
    Positions to = Sequence(from, depth);
    while (valid_ && Take('|')) to = Union(std::move(to), Sequence(from, depth));
    return to;
  }

  Positions Sequence(Positions from, int depth) {
    while (valid_ && at_ < pattern_.size() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      from = Repeated(from, depth);
    }
    return from;
  }

  Positions Repeated(const Positions& from, int depth) {
    const size_t begin = at_;
    Positions once = Atom(from, depth);
    if (Take('?')) return Union(from, once);
    const bool star = Take('*');
    if (!star && !Take('+')) return once;
    const size_t after = at_;
    for (Positions all = once; valid_;) {
      at_ = begin;
      Positions more = Union(all, Atom(all, depth));
      if (more == all) break;
      once = all = std::move(more);
    }
    at_ = after;
    return star ? Union(from, once) : once;
  }

  Positions Atom(const Positions& from, int depth) {
    if (Take('(')) return Group(from, depth + 1);
    if (Take('^')) return Only(from, 0);
    if (Take('$')) return Only(from, text_.size());
    if (Take('[')) return Class(from);
    if (Take('.')) return Step(from, [](char) { return true; });
    if (Take('\\')) return Escape(from);
    const char c = pattern_[at_++];
    if (c == '*' || c == '+' || c == '?' || c == '{') valid_ = false;
    return Step(from, [c](char other) { return other == c; });
  }

  Positions Group(const Positions& from, int depth) {
    const bool extension = Take('?') && !Take(':');
    if (extension || depth > kMaxDepth) valid_ = false;
    if (!valid_) return from;
    Positions to = Alternatives(from, depth);
    valid_ = valid_ && Take(')');
    return to;
  }

  Positions Escape(const Positions& from) {
    const char c = at_ < pattern_.size() ? pattern_[at_++] : 'z';
    if (c == 'd') return Step(from, IsDigit);
    if (c == 'w') return Step(from, IsWord);
    if (IsWord(c)) valid_ = false;  // other classes, anchors and back references
    return Step(from, [c](char other) { return other == c; });
  }

  Positions Class(const Positions& from) {
    const bool negated = Take('^');
    const size_t begin = at_;
    at_ = pattern_.find(']', begin);
    if (at_ == std::string_view::npos || at_ == begin) {
      valid_ = false;
      at_ = pattern_.size();
      return from;
    }
    const std::string_view members = pattern_.substr(begin, at_++ - begin);
    if (members.find('\\') != std::string_view::npos) valid_ = false;
    return Step(from, [=](char c) { return IsMember(members, c) != negated; });
  }

  static bool IsMember(std::string_view members, char c) {
    for (size_t i = 0; i < members.size(); ++i) {
      const bool range = i + 2 < members.size() && members[i + 1] == '-';
      if (range ? (members[i] <= c && c <= members[i + 2]) : members[i] == c) return true;
      if (range) i += 2;
    }
    return false;
  }

  template <typename Predicate>
  Positions Step(const Positions& from, Predicate matches) const {
    Positions to(from.size());
    for (size_t i = 0; i < text_.size(); ++i) to[i + 1] = from[i] && matches(text_[i]);
    return to;
  }

  static Positions Only(const Positions& from, size_t position) {
    Positions to(from.size());
    to[position] = from[position];
    return to;
  }

  std::string_view pattern_;
  std::string_view text_;
  size_t at_ = 0;
  bool valid_ = true;
};

Positions Start(std::string_view text) {
  Positions start(text.size() + 1);
  start[0] = true;
  return start;
}

bool EndsAtEnd(const std::optional<Positions>& to) { return to && to->back(); }

}  // namespace

Status CheckPeftPattern(std::string_view pattern) {
  if (pattern.size() <= kMaxPatternBytes && Matcher(pattern, "").Run(Start(""))) return Status();
  return Error(ErrorCode::kPeftUnsupported, "adapter_config.json: pattern ", Quoted(pattern));
}

bool PeftPatternMatches(std::string_view pattern, std::string_view text) {
  return EndsAtEnd(Matcher(pattern, text).Run(Start(text)));
}

bool PeftKeyMatches(std::string_view key, std::string_view module) {
  Positions from = Start(module);
  for (size_t i = 0; i < module.size(); ++i) from[i + 1] = module[i] == '.';
  return EndsAtEnd(Matcher(key, module).Run(std::move(from)));
}

}  // namespace andon
