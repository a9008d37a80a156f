// JSON: what parses is written and parsed again to the same.

#include "common/json.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto value = andon::ParseJson({data, size}, "fuzz");
  if (!value.ok()) return 0;
  const std::string text = andon::DumpJson(*value);
  const auto again = andon::ParseJson(andon::AsBytes(text), "fuzz");
  andon::Require(again.ok() && andon::DumpJson(*again) == text);
  return 0;
}
