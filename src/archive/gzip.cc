#include "archive/gzip.h"

#include <algorithm>

#include "archive/expansion.h"
#include "codecs/deflate.h"
#include "common/little_endian.h"

namespace andon {
namespace {

constexpr uint8_t kMark[] = {0x1F, 0x8B};
constexpr uint8_t kMethodDeflate = 8;
constexpr uint8_t kUnknownSystem = 255;
constexpr size_t kFixedBytes = 10;
constexpr size_t kTrailerBytes = 8;
constexpr int kStored = 0;  // zlib's level for no compression

constexpr uint8_t kFlagHeaderCrc = 1 << 1;
constexpr uint8_t kFlagExtra = 1 << 2;
constexpr uint8_t kFlagName = 1 << 3;
constexpr uint8_t kFlagComment = 1 << 4;
// FTEXT (bit 0) is a guess at what the content is, which no packer of tar archives makes.
constexpr uint8_t kFlagsRead = kFlagHeaderCrc | kFlagExtra | kFlagName | kFlagComment;

Status Malformed(std::string_view what) { return Error(ErrorCode::kGzipMalformed, "gzip: ", what); }

bool SkipText(ByteReader& reader) {
  uint8_t character = 0;
  do {
    if (!reader.ReadU8(&character)) return false;
  } while (character != 0);
  return true;
}

bool SkipExtra(ByteReader& reader) {
  uint16_t length = 0;
  ByteView bytes;
  return reader.ReadU16(&length) && reader.ReadBytes(length, &bytes);
}

// Bytes of the header. `member`: without the trailer.
Result<size_t> ReadHeader(ByteView member) {
  ByteReader reader(member);
  ByteView fixed;
  if (!reader.ReadBytes(kFixedBytes, &fixed) || !LooksLikeGzip(fixed)) return Malformed("header");
  if (fixed[2] != kMethodDeflate) return Malformed("method");
  const uint8_t flags = fixed[3];
  if ((flags & ~kFlagsRead) != 0) return Malformed("flags");
  if (((flags & kFlagExtra) != 0 && !SkipExtra(reader)) ||
      ((flags & kFlagName) != 0 && !SkipText(reader)) ||
      ((flags & kFlagComment) != 0 && !SkipText(reader))) {
    return Malformed("a field of the header");
  }
  const size_t end = member.size() - static_cast<size_t>(reader.remaining());
  if ((flags & kFlagHeaderCrc) == 0) return end;
  uint16_t crc = 0;
  if (!reader.ReadU16(&crc)) return Malformed("checksum of the header");
  if (crc != (Crc32(0, member.first(end)) & 0xFFFF)) {
    return Error(ErrorCode::kGzipChecksum, "gzip: checksum of the header");
  }
  return end + sizeof(crc);
}

Bytes GzipAt(ByteView bytes, int level) {
  Bytes out = {kMark[0], kMark[1], kMethodDeflate, 0, 0, 0, 0, 0, 0, kUnknownSystem};
  AppendBytes(out, DeflateRaw(bytes, level));
  AppendU32(out, Crc32(0, bytes));
  AppendU32(out, static_cast<uint32_t>(bytes.size()));
  return out;
}

}  // namespace

bool LooksLikeGzip(ByteView head) {
  return head.size() >= sizeof(kMark) &&
         std::equal(std::begin(kMark), std::end(kMark), head.begin());
}

Result<Bytes> Gunzip(ByteView file, uint64_t max_output) {
  if (file.size() < kFixedBytes + kTrailerBytes) return Malformed("cut off");
  const ByteView member = file.first(file.size() - kTrailerBytes);
  const uint8_t* const trailer = file.data() + member.size();
  const uint64_t size = andon_load_le(trailer + 4, 4);
  ANDON_ASSIGN_OR_RETURN(const size_t header_bytes, ReadHeader(member));
  if (size > max_output || !MayExpandTo(size, file.size())) {
    return Error(ErrorCode::kGzipRatio, "gzip: ", uint64_t{file.size()}, " bytes expand to ", size);
  }
  Bytes content;
  content.reserve(static_cast<size_t>(size));
  ANDON_RETURN_IF_ERROR(InflateRaw(member.subspan(header_bytes), size, [&content](ByteView piece) {
    AppendBytes(content, piece);
    return Status();
  }));
  if (content.size() != size) return Error(ErrorCode::kGzipChecksum, "gzip: size of the content");
  if (Crc32(0, content) != andon_load_le(trailer, 4)) {
    return Error(ErrorCode::kGzipChecksum, "gzip: checksum of the content");
  }
  return content;
}

Bytes Gzip(ByteView bytes, int level) {
  Bytes packed = GzipAt(bytes, level);
  return MayExpandTo(bytes.size(), packed.size()) ? packed : GzipAt(bytes, kStored);
}

}  // namespace andon
