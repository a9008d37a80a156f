// Keys, serials and hashes: they cross from JavaScript as strings of raw bytes.

#ifndef ANDON_BINDINGS_RAW_H_
#define ANDON_BINDINGS_RAW_H_

#include <algorithm>
#include <string>

namespace andon {

// REQUIRES: as many bytes as the array has, or fewer: zeros follow.
template <typename Array>
Array FromRaw(const std::string& bytes) {
  Array array = {};
  std::copy_n(bytes.begin(), std::min(bytes.size(), array.size()), array.begin());
  return array;
}

}  // namespace andon

#endif  // ANDON_BINDINGS_RAW_H_
