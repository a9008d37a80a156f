// Reading and writing the fixed layouts of certificates, lists and rotations.

#ifndef ANDON_TRUST_FIELDS_H_
#define ANDON_TRUST_FIELDS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "common/bytes.h"
#include "common/little_endian.h"
#include "crypto/ed25519.h"

namespace andon {

// Reads front to back. REQUIRES: what is read is there; the caller compared the size of the whole.
class FieldReader {
 public:
  explicit FieldReader(ByteView bytes) : rest_(bytes) {}

  ByteView Take(size_t count) {
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  template <typename Integer>
  Integer Take() {
    return static_cast<Integer>(andon_load_le(Take(sizeof(Integer)).data(), sizeof(Integer)));
  }
  template <typename Array>
  Array TakeArray() {
    Array array;
    std::ranges::copy(Take(array.size()), array.begin());
    return array;
  }
  // Whether the next bytes are reserved as they should be.
  bool TakeZeros(size_t count) {
    return std::ranges::all_of(Take(count), [](uint8_t byte) { return byte == 0; });
  }

 private:
  ByteView rest_;
};

// What a signature under `domain` signs: the domain with its NUL, then the bytes. A signature for
// one purpose can so never serve another.
inline Bytes SignedMessage(std::string_view domain, ByteView body) {
  Bytes message;
  AppendBytes(message, AsBytes(domain));
  message.push_back(0);
  AppendBytes(message, body);
  return message;
}

}  // namespace andon

#endif  // ANDON_TRUST_FIELDS_H_
