#include "codecs/zstd.h"

#define ZSTD_STATIC_LINKING_ONLY  // frame headers and allocators; the library is pinned and static
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace andon {
namespace {

// Every four bytes of a frame make at most one block (a 3-byte header and at least a byte; RFC
// 8878, 3.1.1.2), and a block holds at most 128 KiB. A frame that states more is lying.
constexpr uint64_t kMinBlockBytes = 4;
constexpr uint64_t kMaxBlockContent = ZSTD_BLOCKSIZE_MAX;

// zstd's memory comes from operator new, as all of Andon's does, so running out is one event
// everywhere.
constexpr ZSTD_customMem kMemory = {
    [](void*, size_t size) { return ::operator new(size); },
    [](void*, void* address) { ::operator delete(address); },
    nullptr,
};

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

Status ReadHeader(ByteView frame, ZSTD_frameHeader* header) {
  if (ZSTD_getFrameHeader(header, frame.data(), frame.size()) != 0)
    return Error(ErrorCode::kZstdCorrupt, "zstd: a frame header that is damaged or cut off");
  if (header->frameType == ZSTD_skippableFrame)
    return Error(ErrorCode::kZstdTrailingData, "zstd: a skippable frame");
  return {};
}

// Checks what the frame header states against the limits and against the frame itself.
Status CheckFrame(ByteView frame, uint64_t max_output, uint64_t max_window,
                  uint64_t* content_size) {
  ZSTD_frameHeader header;
  ANDON_RETURN_IF_ERROR(ReadHeader(frame, &header));
  if (header.frameContentSize == ZSTD_CONTENTSIZE_UNKNOWN)
    return Error(ErrorCode::kZstdNoContentSize, "zstd: a frame without its content size");
  *content_size = header.frameContentSize;
  if (*content_size > max_output || *content_size > PTRDIFF_MAX) {
    return Error(ErrorCode::kZstdOutputLimit, "zstd: content of ", *content_size,
                 " bytes, more than ", max_output);
  }
  if (header.windowSize > max_window) {
    return Error(ErrorCode::kZstdWindow, "zstd: a window of ", header.windowSize,
                 " bytes, more than ", max_window);
  }
  if (*content_size / kMaxBlockContent > frame.size() / kMinBlockBytes)
    return Error(ErrorCode::kZstdCorrupt, "zstd: a content size that the frame cannot hold");

  ANDON_ASSIGN_OR_RETURN(const uint64_t frame_size, ZstdFrameBytes(frame));
  if (frame_size != frame.size())
    return Error(ErrorCode::kZstdTrailingData, "zstd: bytes after the frame");
  return {};
}

}  // namespace

Result<uint64_t> ZstdFrameBytes(ByteView bytes) {
  ZSTD_frameHeader header;
  ANDON_RETURN_IF_ERROR(ReadHeader(bytes, &header));
  const size_t frame_size = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  if (ZSTD_isError(frame_size))
    return Error(ErrorCode::kZstdCorrupt, "zstd: a frame that is damaged or cut off");
  return uint64_t{frame_size};
}

Result<Bytes> ZstdDecompress(ByteView frame, uint64_t max_output, uint64_t max_window) {
  uint64_t content_size = 0;
  ANDON_RETURN_IF_ERROR(CheckFrame(frame, max_output, max_window, &content_size));

  Bytes content(static_cast<size_t>(content_size));
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx_advanced(kMemory));
  const size_t written = ZSTD_decompressDCtx(context.get(), content.data(), content.size(),
                                             frame.data(), frame.size());
  if (written != content.size())  // an error of zstd is larger than any size
    return Error(ErrorCode::kZstdCorrupt, "zstd: a damaged frame");
  return content;
}

Bytes ZstdCompress(ByteView bytes, int level) {
  Bytes frame(ZSTD_compressBound(bytes.size()));
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx_advanced(kMemory));
  // Levels to 19 keep their window within 8 MiB. There is room, so nothing can fail.
  frame.resize(ZSTD_compressCCtx(context.get(), frame.data(), frame.size(), bytes.data(),
                                 bytes.size(), level));
  return frame;
}

}  // namespace andon
