#include "osd/size.h"

#include <algorithm>

#include "codecs/byte_shuffle.h"
#include "codecs/zstd.h"

namespace andon {
namespace {

uint64_t StoredBytes(AdapterModule module, int level) {
  module.target = AdapterTarget::kQ;  // of a layer; no other name changes the size
  const Result<Bytes> payload = WriteParams({.layer = 0, .modules = {module}});
  if (!payload.ok()) return UINT64_MAX;
  uint64_t least = std::min(payload->size(), ZstdCompress(*payload, level).size());
  const uint64_t element = DTypeSize(module.dtype);
  if (payload->size() % element != 0) return least;
  return std::min<uint64_t>(least, ZstdCompress(ByteShuffle(*payload, element), level).size());
}

}  // namespace

uint64_t SizeOf(const AdapterModule& module, const SizeRule& rule) {
  if (rule.measure == SizeMeasure::kStored) return StoredBytes(module, rule.level);
  return module.a.size() + module.b.size() + module.c.size() + module.sparse_indices.size() +
         module.sparse_values.size();
}

uint64_t LoraSize(const Svd& svd, int rank, DType dtype, const SizeRule& rule) {
  const Svd kept = svd.Truncated(rank);
  const Vector roots = kept.s.cwiseSqrt();
  const Bytes b = BytesOf(kept.u * roots.asDiagonal(), dtype);
  const Bytes a = BytesOf((kept.v * roots.asDiagonal()).transpose(), dtype);
  AdapterModule lora{.kind = AdapterKind::kLora, .dtype = dtype};
  lora.rank = static_cast<uint16_t>(kept.rank());
  lora.in_features = static_cast<uint32_t>(svd.v.rows());
  lora.out_features = static_cast<uint32_t>(svd.u.rows());
  lora.a = a;
  lora.b = b;
  return SizeOf(lora, rule) * static_cast<uint64_t>(rank) / static_cast<uint64_t>(kept.rank());
}

}  // namespace andon
