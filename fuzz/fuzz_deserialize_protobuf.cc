// metadata.pb: what parses is written and parsed again to the same.

#include "formats/aprender_metadata.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto package = andon::ParseAprenderMetadata({data, size});
  if (!package.ok()) return 0;
  const andon::Bytes written = andon::SerializeAprenderMetadata(*package);
  const auto again = andon::ParseAprenderMetadata(written);
  andon::Require(again.ok());
  andon::Require(andon::SerializeAprenderMetadata(*again) == written);
  return 0;
}
