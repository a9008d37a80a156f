// JSON (RFC 8259) read in one pass, for files with arrays and objects too large to be built in
// memory. Strict about all that it hands out; what is skipped is to be parsed by ParseJson or
// skipped for good.

#ifndef ANDON_COMMON_JSON_SCANNER_H_
#define ANDON_COMMON_JSON_SCANNER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

// The first failure stays: every later call does nothing and says false. Loops then end by
// themselves:
//   scanner.Open('{');
//   while (scanner.Member(&key)) scanner.Unsigned(&value);
//   return scanner.Finish();
class JsonScanner {
 public:
  // Errors are JsonSyntax; messages start with `what`. REQUIRES: both outlive the scanner.
  JsonScanner(ByteView json, std::string_view what) : json_(AsText(json)), what_(what) {}

  // The next value begins with the bracket: '{' or '['.
  void Open(char bracket);
  // The key of the next member of the object, or false after its '}'.
  bool Member(std::string* key);
  // Whether the array has one more element; after its ']' it has none.
  bool Element();

  // The next value is a text. Escapes are resolved; it is UTF-8.
  void Text(std::string* text);
  // The next value is an integer from 0 to 2^32 - 1.
  void Unsigned(uint32_t* value);
  // The next value, whatever it is, as it is written. Brackets and quotes in it are paired, more is
  // not checked.
  ByteView Skip();

  // Whether the next value begins with this byte.
  bool At(char c);
  bool ok() const { return status_.ok(); }
  // Unless something failed before: JsonSyntax, "no EXPECTED at byte ...".
  void Fail(std::string_view expected);
  // Nothing but white space may be left.
  Status Finish();

 private:
  void SkipSpace();
  bool Take(char c);
  bool NextOf(char close);
  std::string_view TakeString();  // as it is written, without its quotes

  const std::string_view json_;
  const std::string_view what_;
  size_t at_ = 0;
  bool first_ = false;  // a container was just opened: no comma yet
  Status status_;
};

}  // namespace andon

#endif  // ANDON_COMMON_JSON_SCANNER_H_
