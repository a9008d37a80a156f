// Bytes on their way from JavaScript into the core: grows in wasm memory, written in place.

#ifndef ANDON_BINDINGS_UPLOAD_H_
#define ANDON_BINDINGS_UPLOAD_H_

#include <cstdint>

#include "bindings/span.h"
#include "common/bytes.h"

namespace andon {

class Upload {
 public:
  Upload() = default;
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload();

  // Makes room for `capacity` bytes in all. false: that memory is not to be had; nothing has
  // changed.
  bool Reserve(size_t capacity);
  // `count` further bytes, to be written before the next call. Address 0: out of memory.
  Span Append(size_t count);

  ByteView bytes() const { return {data_, size_}; }

 private:
  uint8_t* data_ = nullptr;  // [capacity_], from malloc
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace andon

#endif  // ANDON_BINDINGS_UPLOAD_H_
