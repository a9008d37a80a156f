// Status and Result<T>: how every function of the core reports failure.
//
// No exception crosses a function, nothing aborts, nothing prints. An error carries one code of a
// closed list (error_codes.def) and a message: nouns that name what failed and where, such as
// "safetensors: data_offsets of 'coefficients' end past the file".

#ifndef ANDON_COMMON_STATUS_H_
#define ANDON_COMMON_STATUS_H_

#include <cassert>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace andon {

enum class ErrorCode : uint16_t {
  kOk = 0,
#define X(name, why) k##name,
#include "common/error_codes.def"
#undef X
};

// "ZipNoEndRecord" for kZipNoEndRecord; "Ok" for kOk.
std::string_view ErrorCodeName(ErrorCode code);
// The sentence of why, without a full stop.
std::string_view ErrorCodeWhy(ErrorCode code);

class [[nodiscard]] Status {
 public:
  Status() = default;  // ok
  Status(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {
    assert(code != ErrorCode::kOk);
  }

  bool ok() const { return code_ == ErrorCode::kOk; }
  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  ErrorCode code_ = ErrorCode::kOk;
  std::string message_;
};

// Either a value or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that a function returns either a T or a Status as it is.
  Result(T value) : value_(std::move(value)) {}
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  ErrorCode code() const { return status_.code(); }

  // REQUIRES: ok()
  T& value() & { return *value_; }
  const T& value() const& { return *value_; }
  T&& value() && { return *std::move(value_); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

// 'name', safe to print: at most 64 code points, and whatever could hide or reorder text (control,
// bidi and zero-width characters, line separators, bytes that are not UTF-8) replaced by U+FFFD.
std::string Quoted(std::string_view name);

namespace internal {
template <typename T>
concept Number = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

inline void AppendPart(std::string& out, std::string_view part) { out.append(part); }
void AppendPart(std::string& out, Number auto part) { out.append(std::to_string(part)); }
}  // namespace internal

// Joins texts and integers into a message. The one place where error text is formed; names from a
// file go through Quoted().
//   Error(ErrorCode::kZipRatio, "zip: entry ", Quoted(name), " expands ", n, " times")
template <typename... Parts>
Status Error(ErrorCode code, const Parts&... parts) {
  std::string message;
  (internal::AppendPart(message, parts), ...);
  return Status(code, std::move(message));
}

}  // namespace andon

#define ANDON_CONCAT_INNER(a, b) a##b
#define ANDON_CONCAT(a, b) ANDON_CONCAT_INNER(a, b)

// Returns the error of a Status expression from the enclosing function.
#define ANDON_RETURN_IF_ERROR(expr)                                                     \
  do {                                                                                  \
    if (::andon::Status andon_status = (expr); !andon_status.ok()) return andon_status; \
  } while (false)

// ANDON_ASSIGN_OR_RETURN(auto zip, ZipArchive::Open(file));
#define ANDON_ASSIGN_OR_RETURN(lhs, expr) \
  ANDON_ASSIGN_OR_RETURN_IMPL(ANDON_CONCAT(andon_result_, __LINE__), lhs, expr)
#define ANDON_ASSIGN_OR_RETURN_IMPL(result, lhs, expr) \
  auto result = (expr);                                \
  if (!result.ok()) return result.status();            \
  lhs = std::move(result).value()

#endif  // ANDON_COMMON_STATUS_H_
