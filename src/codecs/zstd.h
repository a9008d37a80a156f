// Zstandard frames (RFC 8878), over libzstd. One frame with its content size, nothing after it.

#ifndef ANDON_CODECS_ZSTD_H_
#define ANDON_CODECS_ZSTD_H_

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"

namespace andon {

// Errors: ZstdCorrupt, ZstdOutputLimit, ZstdWindow, ZstdNoContentSize, ZstdTrailingData.
// The content size is compared with `max_output` before anything is allocated.
Result<Bytes> ZstdDecompress(ByteView frame, uint64_t max_output,
                             uint64_t max_window = limits::kMaxZstdWindowBytes);

// How many bytes the frame at the front of `bytes` has, found by its block headers alone. Errors:
// ZstdCorrupt, ZstdTrailingData where it is a skippable frame.
Result<uint64_t> ZstdFrameBytes(ByteView bytes);

// level 1 to 19. Deterministic; the frame states its content size and keeps to kMaxZstdWindowBytes.
Bytes ZstdCompress(ByteView bytes, int level = 9);

}  // namespace andon

#endif  // ANDON_CODECS_ZSTD_H_
