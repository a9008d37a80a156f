// safetensors: what parses has views that tile the data exactly, and is written and parsed again to
// the same.

#include "common/little_endian.h"
#include "formats/safetensors.h"
#include "fuzz/require.h"

namespace {

using andon::ByteView;
using andon::Require;
using andon::Safetensors;
using andon::TensorView;

void RequireTiling(const Safetensors& parsed, ByteView data) {
  uint64_t covered = 0;
  for (const auto& [name, tensor] : parsed.tensors) {
    covered += tensor.data.size();
    Require(tensor.data.data() >= data.data());
    Require(tensor.data.data() + tensor.data.size() <= data.data() + data.size());
    const auto elements = andon::ElementCount(tensor.shape);
    Require(elements && *elements * andon::DTypeSize(tensor.dtype) == tensor.data.size());
  }
  Require(covered == data.size());
}

bool Same(const TensorView& a, const TensorView& b) {
  return a.dtype == b.dtype && a.shape == b.shape && andon::AsText(a.data) == andon::AsText(b.data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parsed = andon::ParseSafetensors({data, size});
  if (!parsed.ok()) return 0;
  RequireTiling(*parsed, ByteView(data, size).subspan(8 + andon_load_le(data, 8)));

  const auto written = andon::WriteSafetensors(parsed->tensors, parsed->metadata);
  Require(written.ok());
  const auto again = andon::ParseSafetensors(*written);
  Require(again.ok() && again->metadata == parsed->metadata);
  Require(again->tensors.size() == parsed->tensors.size());
  for (const auto& [name, tensor] : parsed->tensors) Require(Same(tensor, again->tensors.at(name)));
  return 0;
}
