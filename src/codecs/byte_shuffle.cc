#include "codecs/byte_shuffle.h"

namespace andon {
namespace {

// The size is a constant, so that compilers turn the inner loop into shuffles of vectors.
template <size_t kSize>
Bytes Shuffle(ByteView from) {
  Bytes to(from.size());
  const size_t count = from.size() / kSize;
  for (size_t i = 0; i < count; ++i)
    for (size_t byte = 0; byte < kSize; ++byte) to[byte * count + i] = from[i * kSize + byte];
  return to;
}

template <size_t kSize>
Bytes Unshuffle(ByteView from) {
  Bytes to(from.size());
  const size_t count = from.size() / kSize;
  for (size_t i = 0; i < count; ++i)
    for (size_t byte = 0; byte < kSize; ++byte) to[i * kSize + byte] = from[byte * count + i];
  return to;
}

}  // namespace

bool IsShuffleElementSize(uint64_t element_size) {
  return element_size == 2 || element_size == 4 || element_size == 8;
}

Bytes ByteShuffle(ByteView bytes, uint64_t element_size) {
  if (element_size == 2) return Shuffle<2>(bytes);
  if (element_size == 4) return Shuffle<4>(bytes);
  return Shuffle<8>(bytes);
}

Bytes ByteUnshuffle(ByteView bytes, uint64_t element_size) {
  if (element_size == 2) return Unshuffle<2>(bytes);
  if (element_size == 4) return Unshuffle<4>(bytes);
  return Unshuffle<8>(bytes);
}

}  // namespace andon
