#include "adapters/module_factors.h"

#include <cstring>

#include "common/bytes.h"

namespace andon {
namespace {

Factor Dense(const AdapterModule& module, ByteView values, uint32_t rows, uint32_t columns) {
  return {.type = module.dtype, .rows = rows, .columns = columns, .values = values.data()};
}

uint64_t LoadU64(const uint8_t* from) {
  uint64_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

// Of OSD: dense, or u64 count, starts, columns, values.
Factor OsdFactor(const AdapterModule& module, ByteView tensor, uint32_t rows, uint32_t columns) {
  if (!module.sparse_factors) return Dense(module, tensor, rows, columns);
  const auto count = static_cast<size_t>(LoadU64(tensor.data()));
  const uint8_t* const indices = tensor.data() + sizeof(uint64_t);
  const uint8_t* const values = indices + (size_t{rows} + 1 + count) * sizeof(uint32_t);
  return {.type = module.dtype,
          .rows = rows,
          .columns = columns,
          .values = values,
          .starts = indices,
          .indices = indices + (size_t{rows} + 1) * sizeof(uint32_t)};
}

// R, by row or by column.
Factor ResidualOf(const AdapterModule& module) {
  const bool is_by_column = module.sparse_format == SparseFormat::kCsc;
  const uint32_t lines = is_by_column ? module.in_features : module.out_features;
  return {.type = module.dtype,
          .rows = module.out_features,
          .columns = module.in_features,
          .values = module.sparse_values.data(),
          .starts = module.sparse_indices.data(),
          .indices = module.sparse_indices.data() + (size_t{lines} + 1) * sizeof(uint32_t),
          .is_by_column = is_by_column};
}

std::vector<float> Widened(const Factor& row) {
  std::vector<float> values(row.columns);
  FactorRow(row, 0, values.data());
  return values;
}

void AddOsd(const AdapterModule& module, ModuleUpdate& update) {
  const uint32_t rank = module.rank;
  update.a = OsdFactor(module, module.c, rank, module.in_features);
  update.b = OsdFactor(module, module.a, module.out_features, rank);
  update.scales = Widened(Dense(module, module.b, 1, rank));
  for (float& scale : update.scales) scale *= 1 - module.sparse_weight;
  if (module.sparse_format == SparseFormat::kNone) return;
  update.residual_scale = module.sparse_weight;
  update.residual = ResidualOf(module);
}

}  // namespace

ModuleUpdate UpdateOf(const AdapterModule& module) {
  ModuleUpdate update;
  const uint32_t in = module.in_features, out = module.out_features;
  switch (module.kind) {
    case AdapterKind::kLora:
    case AdapterKind::kDora:
      update.a = Dense(module, module.a, module.rank, in);
      update.b = Dense(module, module.b, out, module.rank);
      update.scales.assign(module.rank, module.scale);
      break;
    case AdapterKind::kIa3:
      (module.feed_forward ? update.input_scale : update.output_scale) =
          Widened(Dense(module, module.a, 1, module.feed_forward ? in : out));
      break;
    case AdapterKind::kLokr:
      update.is_kronecker = true;
      update.a = Dense(module, module.b, out / module.w1_rows, in / module.w1_cols);
      update.b = Dense(module, module.a, module.w1_rows, module.w1_cols);
      update.scales.assign(update.a.rows, module.scale);
      break;
    case AdapterKind::kOsd:
      AddOsd(module, update);
      break;
  }
  return update;
}

Factor MagnitudeOf(const AdapterModule& module) {
  return Dense(module, module.c, 1, module.out_features);
}

uint64_t BytesOf(const AdapterModule& module, const ModuleUpdate& update) {
  uint64_t bytes = sizeof(update);
  for (const ByteView tensor :
       {module.a, module.b, module.c, module.sparse_indices, module.sparse_values})
    bytes += tensor.size();
  for (const std::vector<float>* own :
       {&update.scales, &update.row_scale, &update.output_scale, &update.input_scale})
    bytes += own->size() * sizeof(float);
  return bytes;
}

}  // namespace andon
