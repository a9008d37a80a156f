// Byte ranges and bounds-checked little-endian reading and writing.

#ifndef ANDON_COMMON_BYTES_H_
#define ANDON_COMMON_BYTES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/status.h"

namespace andon {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;  // never owns; the owner is named where one is kept

// Takes the pieces of a stream in order; the first error stops the stream.
using ByteSink = std::function<Status(ByteView)>;

ByteView AsBytes(std::string_view text);
std::string_view AsText(ByteView bytes);

// Reads little-endian integers from the front of a view. Every read is checked; a failed read
// returns false and consumes nothing.
class ByteReader {
 public:
  // REQUIRES: the bytes outlive the reader.
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  uint64_t remaining() const { return rest_.size(); }
  bool ReadU8(uint8_t* out);
  bool ReadU16(uint16_t* out);
  bool ReadU32(uint32_t* out);
  bool ReadU64(uint64_t* out);
  bool ReadBytes(uint64_t count, ByteView* out);

 private:
  template <typename T>
  bool ReadInteger(T* out);

  ByteView rest_;
};

// Appends little-endian integers.
void AppendU16(Bytes& out, uint16_t value);
void AppendU32(Bytes& out, uint32_t value);
void AppendU64(Bytes& out, uint64_t value);
void AppendBytes(Bytes& out, ByteView bytes);

// [offset, offset + length) of `bytes`, or nothing when it does not lie inside.
std::optional<ByteView> SubRange(ByteView bytes, uint64_t offset, uint64_t length);

}  // namespace andon

#endif  // ANDON_COMMON_BYTES_H_
