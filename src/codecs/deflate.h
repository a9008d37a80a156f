// Raw deflate (RFC 1951), over zlib.

#ifndef ANDON_CODECS_DEFLATE_H_
#define ANDON_CODECS_DEFLATE_H_

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

// Expands `stream` into pieces of at most 64 KiB, in constant memory.
// Errors: InflateCorrupt; InflateOutputLimit past `max_output` bytes; InflateTrailingData where
// bytes remain after the final block; whatever the sink returns.
Status InflateRaw(ByteView stream, uint64_t max_output, const ByteSink& sink);

// level 1 (fast) to 9 (small). Deterministic.
Bytes DeflateRaw(ByteView bytes, int level = 6);

// CRC-32 of ISO 3309 as ZIP uses it; start with crc = 0.
uint32_t Crc32(uint32_t crc, ByteView bytes);

}  // namespace andon

#endif  // ANDON_CODECS_DEFLATE_H_
