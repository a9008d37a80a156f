#include "codecs/byte_shuffle.h"

#include <bit>
#include <cstring>

namespace andon {
namespace {

// An element is put together in a word, and written as one: compilers turn such loops into vectors,
// where loops that write single bytes take four times as long.
static_assert(std::endian::native == std::endian::little);

template <typename Word>
Bytes Shuffle(ByteView from) {
  Bytes to(from.size());
  const size_t count = from.size() / sizeof(Word);
  for (size_t i = 0; i < count; ++i) {
    Word word = 0;
    std::memcpy(&word, &from[i * sizeof(Word)], sizeof(Word));
    for (size_t byte = 0; byte < sizeof(Word); ++byte)
      to[byte * count + i] = static_cast<uint8_t>(word >> (8 * byte));
  }
  return to;
}

template <typename Word>
Bytes Unshuffle(ByteView from) {
  Bytes to(from.size());
  const size_t count = from.size() / sizeof(Word);
  for (size_t i = 0; i < count; ++i) {
    Word word = 0;
    for (size_t byte = 0; byte < sizeof(Word); ++byte)
      word = static_cast<Word>(word | static_cast<Word>(from[byte * count + i]) << (8 * byte));
    std::memcpy(&to[i * sizeof(Word)], &word, sizeof(Word));
  }
  return to;
}

}  // namespace

bool IsShuffleElementSize(uint64_t element_size) {
  return element_size == 2 || element_size == 4 || element_size == 8;
}

Bytes ByteShuffle(ByteView bytes, uint64_t element_size) {
  if (element_size == 2) return Shuffle<uint16_t>(bytes);
  if (element_size == 4) return Shuffle<uint32_t>(bytes);
  return Shuffle<uint64_t>(bytes);
}

Bytes ByteUnshuffle(ByteView bytes, uint64_t element_size) {
  if (element_size == 2) return Unshuffle<uint16_t>(bytes);
  if (element_size == 4) return Unshuffle<uint32_t>(bytes);
  return Unshuffle<uint64_t>(bytes);
}

}  // namespace andon
