#include "language/checksums.h"

#include <algorithm>

#include "common/limits.h"
#include "common/utf8.h"

namespace andon {
namespace {

constexpr size_t kHexDigits = 64, kNameBegin = kHexDigits + 2;

// REQUIRES: it is not empty.
bool IsPlainName(std::string_view name) {
  const auto is_odd = [](char c) {
    return (c >= 0 && c < 0x20) || c == 0x7F || c == '/' || c == '\\';
  };
  return name.size() <= limits::kMaxEntryNameBytes && IsUtf8(name) &&
         !std::ranges::any_of(name, is_odd);
}

}  // namespace

Result<std::map<std::string, Sha256Digest, std::less<>>> ParseChecksums(ByteView text) {
  const auto malformed = [](size_t line) {
    return Error(ErrorCode::kModelChecksums, "SHA-256: line ", line);
  };
  std::map<std::string, Sha256Digest, std::less<>> files;
  if (text.empty() || text.size() > limits::kMaxManifestBytes) return malformed(0);
  std::string_view rest = AsText(text);
  for (size_t line = 1; !rest.empty(); ++line) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos || end <= kNameBegin) return malformed(line);
    const auto digest = Sha256FromHex(rest.substr(0, kHexDigits));
    const std::string_view mark = rest.substr(kHexDigits, 2),
                           name = rest.substr(kNameBegin, end - kNameBegin);
    if (!digest || (mark != "  " && mark != " *") || !IsPlainName(name) ||
        !files.try_emplace(std::string(name), *digest).second) {
      return malformed(line);
    }
    rest.remove_prefix(end + 1);
  }
  return files;
}

}  // namespace andon
