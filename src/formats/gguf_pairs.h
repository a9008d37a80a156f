// The pairs of a GGUF file: names and values of thirteen types.

#ifndef ANDON_FORMATS_GGUF_PAIRS_H_
#define ANDON_FORMATS_GGUF_PAIRS_H_

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "common/status.h"
#include "formats/gguf_head.h"

namespace andon {

// Numbers are widened; those of arrays to signed ones.
using GgufValue =
    std::variant<uint64_t, int64_t, double, bool, std::string, std::vector<std::string>,
                 std::vector<int64_t>, std::vector<double>, std::vector<bool>>;
using GgufPairs = std::map<std::string, GgufValue, std::less<>>;

// Errors: GgufTruncated, GgufKey, GgufText, GgufValueType, GgufValue, GgufArray, GgufDuplicate.
Result<GgufPairs> ReadGgufPairs(GgufHead& head, uint64_t count);

}  // namespace andon

#endif  // ANDON_FORMATS_GGUF_PAIRS_H_
