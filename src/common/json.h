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

// Whether no text, and nothing between texts and punctuation, is longer than its limit in bytes. To
// be asked before nlohmann's parser, which takes many times their bytes when it reports an error
// there.
bool HasShortTokens(ByteView json, uint64_t max_text, uint64_t max_space);

// Compact text; bytes that are not UTF-8 become U+FFFD.
std::string DumpJson(const Json& value);

}  // namespace andon

#endif  // ANDON_COMMON_JSON_H_
