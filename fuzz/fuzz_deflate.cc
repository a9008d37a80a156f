// Deflate: the stream stays within its limit; what is compressed comes back.

#include "codecs/deflate.h"
#include "fuzz/require.h"

namespace {

constexpr uint64_t kMostBytes = 1 << 20;

// The status, and the content so far.
andon::Status Inflate(andon::ByteView stream, andon::Bytes& content) {
  return andon::InflateRaw(stream, kMostBytes, [&content](andon::ByteView piece) {
    andon::AppendBytes(content, piece);
    return andon::Status();
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const andon::ByteView input(data, size);
  andon::Bytes content;
  (void)Inflate(input, content);
  andon::Require(content.size() <= kMostBytes);

  andon::Bytes again;
  andon::Require(Inflate(andon::DeflateRaw(input), again).ok());
  andon::Require(andon::AsText(again) == andon::AsText(input));
  return 0;
}
