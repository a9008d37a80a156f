#include "codecs/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace andon {
namespace {

constexpr size_t kPieceBytes = 64 * 1024;  // in and out; zlib counts in 32 bits
constexpr int kRawWindowBits = -15;        // no zlib or gzip header
constexpr int kMemoryLevel = 8;            // zlib's default

// zlib's memory comes from operator new, as all of Andon's does, so running out is one event
// everywhere and the stream functions below have no other reason to fail.
void* Allocate(void*, unsigned count, unsigned size) {
  return ::operator new(static_cast<size_t>(count) * size);
}
void Free(void*, void* address) { ::operator delete(address); }

z_stream NewStream() {
  z_stream stream{};
  stream.zalloc = Allocate;
  stream.zfree = Free;
  return stream;
}

// Gives zlib the next piece of `rest` once it has used up the last.
void Feed(z_stream& stream, ByteView& rest) {
  if (stream.avail_in > 0) return;
  const size_t count = std::min(rest.size(), kPieceBytes);
  stream.next_in = const_cast<uint8_t*>(rest.data());  // zlib does not write through it
  stream.avail_in = static_cast<uInt>(count);
  rest = rest.subspan(count);
}

class Inflater {
 public:
  explicit Inflater(ByteView stream) : stream_(NewStream()), rest_(stream) {
    inflateInit2(&stream_, kRawWindowBits);
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool at_end() const { return at_end_; }
  bool has_more_input() const { return stream_.avail_in > 0 || !rest_.empty(); }

  // Expands the next piece into `buffer`; nothing where the stream is damaged or cut off.
  std::optional<ByteView> Next(Bytes& buffer) {
    stream_.next_out = buffer.data();
    stream_.avail_out = static_cast<uInt>(buffer.size());
    int result = Z_OK;
    while (result == Z_OK && stream_.avail_out > 0) {
      Feed(stream_, rest_);
      result = inflate(&stream_, Z_NO_FLUSH);
    }
    at_end_ = result == Z_STREAM_END;
    if (result != Z_OK && !at_end_) return std::nullopt;
    return ByteView(buffer).first(buffer.size() - stream_.avail_out);
  }

 private:
  z_stream stream_;
  ByteView rest_;  // not yet given to zlib
  bool at_end_ = false;
};

}  // namespace

Status InflateRaw(ByteView stream, uint64_t max_output, const ByteSink& sink) {
  Inflater inflater(stream);
  Bytes buffer(kPieceBytes);
  uint64_t room = max_output;
  while (!inflater.at_end()) {
    const std::optional<ByteView> piece = inflater.Next(buffer);
    if (!piece) return Error(ErrorCode::kInflateCorrupt, "deflate: a damaged or cut-off stream");
    if (piece->size() > room) {
      return Error(ErrorCode::kInflateOutputLimit, "deflate: content of more than ", max_output,
                   " bytes");
    }
    room -= piece->size();
    ANDON_RETURN_IF_ERROR(sink(*piece));
  }
  if (inflater.has_more_input())
    return Error(ErrorCode::kInflateTrailingData, "deflate: bytes after the final block");
  return {};
}

Bytes DeflateRaw(ByteView bytes, int level) {
  z_stream stream = NewStream();
  deflateInit2(&stream, level, Z_DEFLATED, kRawWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY);
  Bytes out;
  Bytes buffer(kPieceBytes);
  int result = Z_OK;
  while (result == Z_OK) {
    Feed(stream, bytes);
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<uInt>(buffer.size());
    result = deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    AppendBytes(out, ByteView(buffer).first(buffer.size() - stream.avail_out));
  }
  deflateEnd(&stream);
  return out;
}

uint32_t Crc32(uint32_t crc, ByteView bytes) {
  if (bytes.empty()) return crc;  // to zlib a null address means: start afresh
  return static_cast<uint32_t>(crc32_z(crc, bytes.data(), bytes.size()));
}

}  // namespace andon
