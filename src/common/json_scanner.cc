#include "common/json_scanner.h"

#include <algorithm>
#include <charconv>

#include "common/utf8.h"

namespace andon {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool EndsScalar(char c) { return IsSpace(c) || c == ',' || c == ']' || c == '}'; }
bool IsControl(char c) { return static_cast<uint8_t>(c) < 0x20; }

void AppendUtf8(char32_t c, std::string* text) {
  const auto tail = [c](unsigned shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    *text += static_cast<char>(c);
  } else if (c < 0x800) {
    *text += {static_cast<char>(0xC0 | c >> 6), tail(0)};
  } else if (c < 0x10000) {
    *text += {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  } else {
    *text += {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
  }
}

// Four hexadecimal digits, or nothing.
std::optional<char32_t> Hex4(std::string_view text) {
  uint32_t value = 0;
  const char* const end = text.data() + std::min<size_t>(text.size(), 4);
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (error != std::errc() || stop != text.data() + 4) return std::nullopt;
  return value;
}

// Takes the code point after "\u" from the front: four digits, or a surrogate pair, "D83D\uDE00".
std::optional<char32_t> TakeUnicodeEscape(std::string_view& text) {
  const auto first = Hex4(text);
  if (!first || (*first >= 0xDC00 && *first <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(4);
  if (*first < 0xD800 || *first > 0xDFFF) return first;
  if (!text.starts_with("\\u")) return std::nullopt;
  const auto second = Hex4(text.substr(2));
  if (!second || *second < 0xDC00 || *second > 0xDFFF) return std::nullopt;
  text.remove_prefix(6);
  return 0x10000 + ((*first & 0x3FF) << 10 | (*second & 0x3FF));
}

// Whether the escapes of a text, without its quotes, are those of RFC 8259; resolves them.
bool Unescape(std::string_view written, std::string* text) {
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
  text->clear();
  while (!written.empty()) {
    const size_t plain = std::min(written.find('\\'), written.size());
    *text += written.substr(0, plain);
    written.remove_prefix(plain);
    if (written.empty()) break;
    const char letter = written[1];  // a text never ends within an escape
    written.remove_prefix(2);
    if (const size_t known = kLetters.find(letter); known != std::string_view::npos) {
      *text += kMeant[known];
      continue;
    }
    const auto code_point = letter == 'u' ? TakeUnicodeEscape(written) : std::nullopt;
    if (!code_point) return false;
    AppendUtf8(*code_point, text);
  }
  return true;
}

}  // namespace

void JsonScanner::Open(char bracket) {
  if (Take(bracket)) first_ = true;
}

bool JsonScanner::Member(std::string* key) {
  if (!NextOf('}')) return false;
  Text(key);
  Take(':');
  return ok();
}

bool JsonScanner::Element() { return NextOf(']'); }

bool JsonScanner::NextOf(char close) {
  if (At(close)) {
    ++at_;
    first_ = false;
    return false;
  }
  if (!first_) Take(',');
  first_ = false;
  return ok();
}

void JsonScanner::Text(std::string* text) {
  const std::string_view written = TakeString();
  if (!ok()) return;
  if (std::ranges::any_of(written, IsControl) || !IsUtf8(written) || !Unescape(written, text)) {
    Fail("a text");
  }
}

void JsonScanner::Unsigned(uint32_t* value) {
  SkipSpace();
  if (!ok()) return;
  const std::string_view rest = json_.substr(at_);
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), *value);
  const auto digits = static_cast<size_t>(stop - rest.data());
  const bool ends = digits == rest.size() || EndsScalar(rest[digits]);
  if (error != std::errc() || !ends || (rest[0] == '0' && digits > 1)) return Fail("an integer");
  at_ += digits;
}

ByteView JsonScanner::Skip() {
  SkipSpace();
  const size_t begin = at_;
  size_t depth = 0;
  do {
    if (At('"')) {
      TakeString();
    } else if (At('{') || At('[')) {
      ++depth;
      ++at_;
    } else if (depth > 0 && (At('}') || At(']'))) {
      --depth;
      ++at_;
    } else if (depth > 0 && (At(',') || At(':'))) {
      ++at_;
    } else {
      const size_t scalar = at_;
      while (at_ < json_.size() && !EndsScalar(json_[at_]) && json_[at_] != ':') ++at_;
      if (at_ == scalar) Fail("a value");
    }
  } while (ok() && depth > 0);
  return AsBytes(json_.substr(begin, at_ - begin));
}

bool JsonScanner::At(char c) {
  SkipSpace();
  return ok() && at_ < json_.size() && json_[at_] == c;
}

Status JsonScanner::Finish() {
  SkipSpace();
  if (at_ < json_.size()) Fail("the end");
  return status_;
}

void JsonScanner::SkipSpace() {
  while (at_ < json_.size() && IsSpace(json_[at_])) ++at_;
}

bool JsonScanner::Take(char c) {
  if (!At(c)) {
    Fail(std::string_view(&c, 1));
    return false;
  }
  ++at_;
  return true;
}

std::string_view JsonScanner::TakeString() {
  if (!Take('"')) return {};
  const size_t begin = at_;
  size_t text = begin;
  for (;;) {
    const size_t quote = json_.find('"', text);
    if (quote == std::string_view::npos) break;
    size_t backslash = quote;
    while (backslash > text && json_[backslash - 1] == '\\') --backslash;
    text = quote + 1;
    if ((quote - backslash) % 2 == 0) {  // otherwise the quote belongs to the text
      at_ = quote + 1;
      return json_.substr(begin, quote - begin);
    }
  }
  Fail("the end of a text");
  return {};
}

void JsonScanner::Fail(std::string_view expected) {
  if (ok()) {
    status_ = Error(ErrorCode::kJsonSyntax, what_, ": no ", expected, " at byte ", at_);
  }
}

}  // namespace andon
