// The description of a model to pack: what packs, opens.

#include "engine/engine.h"
#include "engine/pack.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = andon::Pack({.description = {data, size}});
  if (file.ok()) andon::Require(andon::Open(*file, andon::Policy()).status.ok());
  return 0;
}
