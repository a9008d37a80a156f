// Reads the head of a GGUF file, of which the beginning is in memory.

#ifndef ANDON_FORMATS_GGUF_HEAD_H_
#define ANDON_FORMATS_GGUF_HEAD_H_

#include <cstdint>
#include <string>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

class GgufHead {
 public:
  // REQUIRES: `start` outlives this, and is no longer than the file.
  GgufHead(ByteView start, uint64_t file_bytes)
      : reader_(start), start_bytes_(start.size()), file_bytes_(file_bytes) {}

  uint64_t position() const { return start_bytes_ - reader_.remaining(); }

  // A little-endian integer of `size` bytes, 1 to 8. Error: GgufTruncated.
  Status Integer(unsigned size, uint64_t* out);
  Status U32(uint32_t* out);
  Status U64(uint64_t* out) { return Integer(8, out); }

  // u64 length and as many bytes. Errors: GgufTruncated; `code` where it is longer than `limit`, or
  // than the rest of the file, be it in memory or not.
  Status Text(uint64_t limit, ErrorCode code, std::string* out);

  // Whether `count` elements of at least `bytes_each`, which is not zero, fit in the rest of the
  // file.
  bool CanHold(uint64_t count, uint64_t bytes_each) const;

 private:
  ByteReader reader_;
  uint64_t start_bytes_;
  uint64_t file_bytes_;
};

}  // namespace andon

#endif  // ANDON_FORMATS_GGUF_HEAD_H_
