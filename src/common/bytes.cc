#include "common/bytes.h"

#include "common/checked.h"
#include "common/little_endian.h"

namespace andon {
namespace {

template <typename T>
void AppendInteger(Bytes& out, T value) {
  uint8_t bytes[sizeof(T)];
  andon_store_le(bytes, sizeof(T), value);
  AppendBytes(out, bytes);
}

}  // namespace

ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename T>
bool ByteReader::ReadInteger(T* out) {
  ByteView bytes;
  if (!ReadBytes(sizeof(T), &bytes)) return false;
  *out = static_cast<T>(andon_load_le(bytes.data(), sizeof(T)));
  return true;
}

bool ByteReader::ReadU8(uint8_t* out) { return ReadInteger(out); }
bool ByteReader::ReadU16(uint16_t* out) { return ReadInteger(out); }
bool ByteReader::ReadU32(uint32_t* out) { return ReadInteger(out); }
bool ByteReader::ReadU64(uint64_t* out) { return ReadInteger(out); }

bool ByteReader::ReadBytes(uint64_t count, ByteView* out) {
  const std::optional<ByteView> front = SubRange(rest_, 0, count);
  if (!front) return false;
  *out = *front;
  rest_ = rest_.subspan(front->size());
  return true;
}

void AppendU16(Bytes& out, uint16_t value) { AppendInteger(out, value); }
void AppendU32(Bytes& out, uint32_t value) { AppendInteger(out, value); }
void AppendU64(Bytes& out, uint64_t value) { AppendInteger(out, value); }

void AppendBytes(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

std::optional<ByteView> SubRange(ByteView bytes, uint64_t offset, uint64_t length) {
  if (!andon_range_contains(bytes.size(), offset, length)) return std::nullopt;
  return bytes.subspan(static_cast<size_t>(offset), static_cast<size_t>(length));
}

}  // namespace andon
