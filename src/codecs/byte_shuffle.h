// Byte shuffle: the first bytes of all elements, then the second bytes of all, and so on. Exponents
// of neighbouring weights are alike, so that zstd finds more in them side by side.

#ifndef ANDON_CODECS_BYTE_SHUFFLE_H_
#define ANDON_CODECS_BYTE_SHUFFLE_H_

#include "common/bytes.h"

namespace andon {

// 2, 4 and 8: the sizes of the numbers that weights are made of.
bool IsShuffleElementSize(uint64_t element_size);

// Both REQUIRE: IsShuffleElementSize(element_size), of which bytes.size() is a multiple.
Bytes ByteShuffle(ByteView bytes, uint64_t element_size);
Bytes ByteUnshuffle(ByteView bytes, uint64_t element_size);

}  // namespace andon

#endif  // ANDON_CODECS_BYTE_SHUFFLE_H_
