// JSON (RFC 8259) from hostile bytes: strict UTF-8, no duplicate keys, capped depth and size.
// Over nlohmann::json. Parsing never throws or aborts.

#ifndef ANDON_COMMON_JSON_H_
#define ANDON_COMMON_JSON_H_

#include <cstdint>
#include <nlohmann/json.hpp>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"

namespace andon {

using Json = nlohmann::ordered_json;  // members keep their order

struct JsonLimits {
  uint64_t max_bytes = limits::kMaxManifestBytes;
  uint64_t max_values = limits::kMaxJsonValues;
  uint64_t max_depth = limits::kMaxJsonDepth;
};

// Errors: JsonSyntax, JsonDepth, JsonDuplicateKey, JsonTooLarge; messages start with `what`.
Result<Json> ParseJson(ByteView text, std::string_view what, const JsonLimits& limits = {});

// Compact text; bytes that are not UTF-8 become U+FFFD.
std::string DumpJson(const Json& value);

}  // namespace andon

#endif  // ANDON_COMMON_JSON_H_
