#include "formats/gguf_head.h"

#include "common/little_endian.h"

namespace andon {
namespace {

Status Truncated() { return Error(ErrorCode::kGgufTruncated, "gguf: the head ends early"); }

}  // namespace

Status GgufHead::Integer(unsigned size, uint64_t* out) {
  ByteView bytes;
  if (!reader_.ReadBytes(size, &bytes)) return Truncated();
  *out = andon_load_le(bytes.data(), size);
  return Status();
}

Status GgufHead::U32(uint32_t* out) { return reader_.ReadU32(out) ? Status() : Truncated(); }

Status GgufHead::Text(uint64_t limit, ErrorCode code, std::string* out) {
  uint64_t length = 0;
  ANDON_RETURN_IF_ERROR(U64(&length));
  if (length > limit || !CanHold(length, 1)) {
    return Error(code, "gguf: a text of ", length, " bytes");
  }
  ByteView bytes;
  if (!reader_.ReadBytes(length, &bytes)) return Truncated();
  *out = AsText(bytes);
  return Status();
}

bool GgufHead::CanHold(uint64_t count, uint64_t bytes_each) const {
  return count <= (file_bytes_ - position()) / bytes_each;
}

}  // namespace andon
