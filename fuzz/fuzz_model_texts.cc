// The small texts beside the weights of a model: config.json, the index of its files, the list of
// SHA-256.

#include <cmath>

#include "fuzz/require.h"
#include "language/checksums.h"
#include "language/hf_index.h"
#include "language/model_config.h"

namespace {

using andon::ByteView;
using andon::Require;

void CheckConfig(ByteView text) {
  const auto config = andon::ConfigOfJson(text);
  if (!config.ok()) return;
  Require(andon::HasSoundHeads(config->transformer) && andon::HasSoundRope(config->transformer));
  for (const double frequency : andon::RopeFrequencies(config->transformer.rope)) {
    Require(std::isfinite(frequency) && frequency >= 0);
  }
}

void CheckIndex(ByteView text) {
  const auto index = andon::HfIndex::Parse(text);
  Require(!index.ok() || !index->files().empty());
}

// Written again, it reads the same.
void CheckChecksums(ByteView text) {
  const auto files = andon::ParseChecksums(text);
  if (!files.ok()) return;
  std::string list;
  for (const auto& [name, digest] : *files) list += andon::ToHex(digest) + "  " + name + "\n";
  const auto again = andon::ParseChecksums(andon::AsBytes(list));
  Require(again.ok() && *again == *files);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView text(data, size);
  CheckConfig(text);
  CheckIndex(text);
  CheckChecksums(text);
  return 0;
}
