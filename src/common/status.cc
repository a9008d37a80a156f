#include "common/status.h"

#include "common/utf8.h"

namespace andon {
namespace {

constexpr std::string_view kNames[] = {
    "Ok",
#define X(name, why) #name,
#include "common/error_codes.def"
#undef X
};

constexpr std::string_view kWhys[] = {
    "nothing failed",
#define X(name, why) why,
#include "common/error_codes.def"
#undef X
};

constexpr size_t kMaxQuotedCodePoints = 64;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026

}  // namespace

std::string_view ErrorCodeName(ErrorCode code) { return kNames[static_cast<size_t>(code)]; }

std::string_view ErrorCodeWhy(ErrorCode code) { return kWhys[static_cast<size_t>(code)]; }

std::string Quoted(std::string_view name) {
  std::string quoted = "'";
  for (size_t shown = 0; !name.empty(); ++shown) {
    const std::string_view before = name;
    const std::optional<char32_t> code_point = TakeCodePoint(name);
    if (shown == kMaxQuotedCodePoints - 1 && !name.empty()) {
      quoted += kEllipsis;
      break;
    }
    const bool safe = code_point && !IsDeceptive(*code_point);
    quoted += safe ? before.substr(0, before.size() - name.size()) : kReplacement;
  }
  return quoted + "'";
}

}  // namespace andon
