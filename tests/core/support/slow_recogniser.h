// Whether a text satisfies rules, found in the most obvious way: the ends of each rule from each
// place of the text, computed again and again until nothing is added.

#ifndef ANDON_TESTS_CORE_SUPPORT_SLOW_RECOGNISER_H_
#define ANDON_TESTS_CORE_SUPPORT_SLOW_RECOGNISER_H_

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "common/utf8.h"
#include "grammar/expression.h"

namespace andon {

class SlowRecogniser {
 public:
  explicit SlowRecogniser(const Rules& rules) : rules_(rules) {}

  bool Accepts(std::string_view text) {
    text_ = text;
    ends_.assign(rules_.size(), std::vector<Places>(text.size() + 1));
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t rule = 0; rule < rules_.size(); ++rule) {
        for (size_t place = 0; place <= text.size(); ++place) {
          Places found = EndsOf(rules_[rule].body, place);
          changed |= found != ends_[rule][place];
          ends_[rule][place] = std::move(found);
        }
      }
    }
    return ends_[0][0].contains(text.size());
  }

 private:
  using Places = std::set<size_t>;

  Places EndsOf(const Expression& expression, size_t place) const {
    switch (expression.kind) {
      case Expression::Kind::kCharacters:
        return EndsOfCharacter(expression.characters, place);
      case Expression::Kind::kRule:
        return ends_[expression.rule][place];
      case Expression::Kind::kSequence: {
        Places at = {place};
        for (const Expression& part : expression.parts) at = EndsOf(part, at);
        return at;
      }
      case Expression::Kind::kChoice: {
        Places at;
        for (const Expression& part : expression.parts) at.merge(EndsOf(part, place));
        return at;
      }
      case Expression::Kind::kRepetition:
        return EndsOfRepetition(expression, place);
    }
    return {};
  }

  Places EndsOf(const Expression& expression, const Places& places) const {
    Places ends;
    for (const size_t place : places) ends.merge(EndsOf(expression, place));
    return ends;
  }

  Places EndsOfCharacter(const CodePointRanges& characters, size_t place) const {
    std::string_view rest = text_.substr(place);
    if (rest.empty()) return {};
    const std::optional<char32_t> code_point = TakeCodePoint(rest);
    const bool fits = code_point && std::ranges::any_of(characters, [&](const auto& range) {
                        return range.first <= *code_point && *code_point <= range.last;
                      });
    return fits ? Places{text_.size() - rest.size()} : Places();
  }

  // More than one pass through the same places adds nothing.
  Places EndsOfRepetition(const Expression& repetition, size_t place) const {
    Places at = {place};
    for (uint32_t i = 0; i < repetition.least; ++i) at = EndsOf(repetition.parts[0], at);
    Places all = at;
    for (uint32_t i = repetition.least; i < repetition.most; ++i) {
      at = EndsOf(repetition.parts[0], at);
      const size_t known = all.size();
      all.insert(at.begin(), at.end());
      if (all.size() == known) break;
    }
    return all;
  }

  const Rules& rules_;
  std::string_view text_;
  std::vector<std::vector<Places>> ends_;  // [rules, places]
};

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_SLOW_RECOGNISER_H_
