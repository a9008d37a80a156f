#include "bindings/upload.h"

#include <emscripten/bind.h>

#include <algorithm>
#include <cstdlib>

#include "common/checked.h"
#include "common/limits.h"

namespace andon {

Upload::~Upload() { std::free(data_); }

bool Upload::Reserve(size_t capacity) {
  if (capacity <= capacity_) return true;
  void* grown = std::realloc(data_, capacity);
  if (grown == nullptr) return false;
  data_ = static_cast<uint8_t*>(grown);
  capacity_ = capacity;
  return true;
}

Span Upload::Append(size_t count) {
  uint64_t needed = 0;
  if (!andon_checked_add(size_, count, &needed) || needed > SIZE_MAX) return {};
  // Half as much again keeps the number of moves small and the peak below 2.5 x the content.
  const uint64_t roomy = std::min<uint64_t>(uint64_t{capacity_} + capacity_ / 2, SIZE_MAX);
  if (needed > capacity_ && !Reserve(static_cast<size_t>(std::max(needed, roomy))) &&
      !Reserve(static_cast<size_t>(needed))) {
    return {};
  }
  uint8_t* fresh = data_ + size_;
  size_ = static_cast<size_t>(needed);
  return {reinterpret_cast<uintptr_t>(fresh), count};
}

}  // namespace andon

EMSCRIPTEN_BINDINGS(upload) {
  using andon::Span;
  using andon::Upload;
  emscripten::value_object<Span>("Span")
      .field("address", &Span::address)
      .field("size", &Span::size);
  emscripten::constant("maxFileBytes", static_cast<double>(andon::limits::kMaxAprenderBytes));
  emscripten::class_<Upload>("Upload")
      .constructor<>()
      .function("reserve", &Upload::Reserve)
      .function("append", &Upload::Append);
}
