#include "transformer/words.h"

#include <optional>

#include "common/utf8.h"
#include "transformer/unicode.h"

namespace andon {
namespace {

enum class Class : uint8_t { kLetter, kNumber, kNewline, kSpace, kOther, kEnd };

Class ClassOf(char32_t c) {
  if (c == '\r' || c == '\n') return Class::kNewline;
  if (IsUnicodeLetter(c)) return Class::kLetter;
  if (IsUnicodeNumber(c)) return Class::kNumber;
  return IsUnicodeSpace(c) ? Class::kSpace : Class::kOther;
}

// A place in the text and what is there.
struct Cursor {
  std::string_view rest;
  Class kind = Class::kEnd;
  char32_t code_point = 0;
  size_t width = 0;  // bytes

  explicit Cursor(std::string_view text) : rest(text) { Look(); }

  void Look() {
    if (rest.empty()) {
      kind = Class::kEnd;
      width = 0;
      return;
    }
    std::string_view after = rest;
    const auto taken = TakeCodePoint(after);
    code_point = taken.value_or(0xFFFD);
    kind = taken ? ClassOf(*taken) : Class::kOther;  // bytes that are no character
    width = rest.size() - after.size();
  }
  void Step() {
    rest.remove_prefix(width);
    Look();
  }
  bool IsSpaceOrNewline() const { return kind == Class::kSpace || kind == Class::kNewline; }
};

class WordFinder {
 public:
  WordFinder(std::string_view text, WordRule rule)
      : text_(text), rule_(rule), gpt2_(rule == WordRule::kGpt2 || rule == WordRule::kGpt2Digits) {}

  std::string_view First() const {
    for (const auto length : {Contraction(), Letters(), Numbers(), Others()}) {
      if (length > 0) return text_.substr(0, length);
    }
    return text_.substr(0, Spaces());
  }

 private:
  size_t Taken(const Cursor& at) const { return text_.size() - at.rest.size(); }

  // 's 't 're 've 'm 'll 'd; in any case except in GPT-2's rule.
  size_t Contraction() const {
    if (text_.front() != '\'') return 0;
    const auto lower = [this](size_t i) -> char32_t {
      if (i >= text_.size()) return 0;
      const char c = text_[i];
      return static_cast<char32_t>(!gpt2_ && c >= 'A' && c <= 'Z' ? c + 32 : c);
    };
    const char32_t a = lower(1), b = lower(2);
    if ((a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l')) return 3;
    if (a == 's' || a == 't' || a == 'm' || a == 'd') return 2;
    // U+017F, the long s, is an s in any case.
    return !gpt2_ && text_.substr(1).starts_with("\xC5\xBF") ? 3 : 0;
  }

  // GPT-2: " ?\p{L}+"; the others: "[^\r\n\p{L}\p{N}]?\p{L}+"
  size_t Letters() const {
    Cursor at(text_);
    const bool lead =
        gpt2_ ? at.code_point == ' ' : at.kind == Class::kSpace || at.kind == Class::kOther;
    if (lead) at.Step();
    if (at.kind != Class::kLetter) return 0;
    while (at.kind == Class::kLetter) at.Step();
    return Taken(at);
  }

  size_t MostNumbers() const {
    if (rule_ == WordRule::kGpt2) return SIZE_MAX;
    return rule_ == WordRule::kLlama3 ? 3 : 1;
  }

  // GPT-2: " ?\p{N}+"; Llama 3: "\p{N}{1,3}"; the others: "\p{N}"
  size_t Numbers() const {
    Cursor at(text_);
    if (rule_ == WordRule::kGpt2 && at.code_point == ' ') at.Step();
    if (at.kind != Class::kNumber) return 0;
    for (size_t n = MostNumbers(); n > 0 && at.kind == Class::kNumber; --n) at.Step();
    return Taken(at);
  }

  // " ?[^\s\p{L}\p{N}]+", and "[\r\n]*" after it except in GPT-2's rule
  size_t Others() const {
    Cursor at(text_);
    if (at.code_point == ' ') at.Step();
    if (at.kind != Class::kOther) return 0;
    while (at.kind == Class::kOther) at.Step();
    while (!gpt2_ && at.kind == Class::kNewline) at.Step();
    return Taken(at);
  }

  // "\s*[\r\n]+" except in GPT-2's rule, "\s+(?!\S)", "\s+"
  size_t Spaces() const {
    Cursor at(text_);
    size_t after_newline = 0, before_last = 0;
    while (at.IsSpaceOrNewline()) {
      const bool newline = at.kind == Class::kNewline;
      before_last = Taken(at);
      at.Step();
      if (newline) after_newline = Taken(at);
    }
    if (!gpt2_ && after_newline > 0) return after_newline;
    // Where digits are cut apart first, the text before one ends there.
    const bool ends =
        at.kind == Class::kEnd || (rule_ == WordRule::kGpt2Digits && at.kind == Class::kNumber);
    if (ends || before_last == 0) return Taken(at);
    return before_last;  // the last space belongs to the word after it
  }

  std::string_view text_;
  WordRule rule_;
  bool gpt2_;  // or its variant
};

}  // namespace

std::string_view FirstWord(std::string_view text, WordRule rule) {
  return WordFinder(text, rule).First();
}

}  // namespace andon
