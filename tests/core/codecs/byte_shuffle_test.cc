#include "codecs/byte_shuffle.h"

#include <gtest/gtest.h>

#include <numeric>

namespace andon {
namespace {

Bytes Counting(size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), uint8_t{0});
  return bytes;
}

TEST(ByteShuffle, PutsTheBytesOfOnePlaceSideBySide) {
  EXPECT_EQ(ByteShuffle(Bytes{1, 2, 3, 4, 5, 6}, 2), (Bytes{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(ByteShuffle(Counting(8), 4), (Bytes{0, 4, 1, 5, 2, 6, 3, 7}));
  EXPECT_EQ(ByteShuffle(Counting(16), 8),
            (Bytes{0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15}));
}

// Lengths around those of vectors, against the definition.
TEST(ByteShuffle, ComesBackAtEveryLength) {
  for (const size_t size : {2U, 4U, 8U}) {
    for (size_t count = 0; count <= 70; ++count) {
      const Bytes bytes = Counting(count * size);
      const Bytes shuffled = ByteShuffle(bytes, size);
      for (size_t i = 0; i < bytes.size(); ++i)
        ASSERT_EQ(shuffled[i % size * count + i / size], bytes[i]) << size << ' ' << count;
      ASSERT_EQ(ByteUnshuffle(shuffled, size), bytes) << size << ' ' << count;
    }
  }
}

TEST(ByteShuffle, SizesOfElements) {
  for (uint64_t size = 0; size <= 16; ++size)
    EXPECT_EQ(IsShuffleElementSize(size), size == 2 || size == 4 || size == 8) << size;
}

}  // namespace
}  // namespace andon
