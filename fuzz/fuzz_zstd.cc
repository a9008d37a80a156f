// Zstandard: the content stays within its limit; what is compressed comes back.

#include "codecs/zstd.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr uint64_t kMostBytes = 1 << 20;
  const andon::ByteView input(data, size);
  const auto content = andon::ZstdDecompress(input, kMostBytes);
  andon::Require(!content.ok() || content->size() <= kMostBytes);

  const auto again = andon::ZstdDecompress(andon::ZstdCompress(input, 3), kMostBytes);
  andon::Require(again.ok() && andon::AsText(*again) == andon::AsText(input));
  return 0;
}
