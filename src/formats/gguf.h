// GGUF version 2 and 3, little-endian: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
//
//   "GGUF", u32 version, u64 tensor count, u64 pair count
//   pairs     string key, u32 type, value          string: u64 length, UTF-8 bytes
//   tensors   string name, u32 n, u64 x n dimensions (fastest first), u32 type, u64 offset
//   ...       zeros to the next multiple of general.alignment, then the data; offsets count from
//   there

#ifndef ANDON_FORMATS_GGUF_H_
#define ANDON_FORMATS_GGUF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "formats/gguf_pairs.h"
#include "tensor/stored_tensor.h"

namespace andon {

struct Gguf {
  uint32_t version = 0;
  GgufPairs pairs = {};
  std::vector<StoredTensor> tensors = {};  // in the order of their data
  uint64_t head_bytes = 0;                 // without the padding after it

  bool Has(std::string_view key) const { return pairs.contains(key); }
  const StoredTensor* Find(std::string_view name) const;  // nullptr when absent
  // Nothing where the pair is absent or of another type. Signed numbers that are not negative count
  // as unsigned.
  std::optional<uint64_t> Unsigned(std::string_view key) const;
  // Whole numbers that are not negative count too.
  std::optional<double> Number(std::string_view key) const;
  const std::string* Text(std::string_view key) const;  // nullptr likewise
};

bool LooksLikeGguf(ByteView head);

// Parses the head of a file of `file_bytes` from its first bytes. GgufTruncated where `start` ends
// within the head: give more, unless it was the whole file. REQUIRES: start.size() <= file_bytes.
// Errors: UnknownFormat; one Gguf... code a rule (docs/errors.md).
Result<Gguf> ParseGguf(ByteView start, uint64_t file_bytes);

}  // namespace andon

#endif  // ANDON_FORMATS_GGUF_H_
