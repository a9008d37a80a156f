// Adapters of every kind with values that differ, in memory that they own.

#ifndef ANDON_TESTS_CORE_SUPPORT_SAMPLE_ADAPTER_H_
#define ANDON_TESTS_CORE_SUPPORT_SAMPLE_ADAPTER_H_

#include <bit>
#include <deque>
#include <utility>
#include <vector>

#include "common/half.h"
#include "formats/expert_index.h"
#include "formats/expert_params.h"

namespace andon {

class SampleAdapter {
 public:
  explicit SampleAdapter(uint32_t layer = 0) { layer_.layer = layer; }

  AdapterLayer& layer() { return layer_; }
  AdapterModule& last() { return layer_.modules.back(); }

  // Appends a module of `in` to `out` features, with rank 2 where its kind has one.
  void Add(AdapterTarget target, AdapterKind kind, DType dtype, uint32_t in = 6, uint32_t out = 4) {
    AdapterModule module = {.target = target, .kind = kind, .dtype = dtype, .rank = 2};
    module.in_features = in;
    module.out_features = out;
    const bool is_osd = kind == AdapterKind::kOsd;
    if (kind == AdapterKind::kLora || kind == AdapterKind::kDora) {
      module.scale = 0.5f;
      module.a = Numbers(2 * in, dtype);
      module.b = Numbers(out * 2, dtype);
      if (kind == AdapterKind::kDora) module.c = Numbers(out, dtype);
    } else if (kind == AdapterKind::kIa3) {
      module.rank = 0;
      module.a = Numbers(out, dtype);
    } else if (kind == AdapterKind::kLokr) {
      module.scale = -2;
      module.w1_rows = module.w1_cols = 2;
      module.a = Numbers(4, dtype);
      module.b = Numbers(in / 2 * (out / 2), dtype);
    } else if (is_osd) {
      module.sparse_weight = 0.25f;
      module.a = Numbers(out * 2, dtype);
      module.b = Numbers(2, dtype);
      module.c = Numbers(2 * in, dtype);
    }
    layer_.modules.push_back(module);
  }

  // Gives the last module, OSD, a residual: values at (0, 1), (0, in - 1) and (out - 1, 0).
  void AddResidual(SparseFormat format) {
    AdapterModule& module = last();
    const bool by_row = format == SparseFormat::kCsr;
    const uint32_t lines = by_row ? module.out_features : module.in_features;
    const uint32_t in = module.in_features, out = module.out_features;
    module.sparse_format = format;
    module.sparse_count = 3;
    std::vector<std::vector<uint32_t>> entries(lines);
    for (const auto& [row, col] : {std::pair{0u, 1u}, {0u, in - 1}, {out - 1, 0u}})
      entries[by_row ? row : col].push_back(by_row ? col : row);
    module.sparse_indices = Keep(SparseIndices(entries));
    module.sparse_values = Numbers(3, module.dtype);
  }

  // Makes U and Vt of the last module, OSD, sparse: U keeps its first column, Vt two values a row.
  void MakeFactorsSparse() {
    AdapterModule& module = last();
    module.sparse_factors = true;
    module.a = SparseFactor(std::vector<std::vector<uint32_t>>(module.out_features, {0}));
    module.c = SparseFactor({{0, module.in_features - 1}, {1, module.in_features - 1}});
  }

  ByteView SparseFactor(const std::vector<std::vector<uint32_t>>& rows) {
    uint64_t count = 0;
    for (const auto& row : rows) count += row.size();
    Bytes factor;
    AppendU64(factor, count);
    AppendBytes(factor, SparseIndices(rows));
    AppendBytes(factor, Numbers(count, last().dtype));
    return Keep(std::move(factor));
  }

  // u32 starts, then u32 columns.
  static Bytes SparseIndices(const std::vector<std::vector<uint32_t>>& rows) {
    Bytes starts, columns;
    AppendU32(starts, 0);
    for (const auto& row : rows) {
      for (const uint32_t column : row) AppendU32(columns, column);
      AppendU32(starts, static_cast<uint32_t>(columns.size() / sizeof(uint32_t)));
    }
    AppendBytes(starts, columns);
    return starts;
  }

  // Multiples of 1/8 between -2 and 2, which every dtype has.
  ByteView Numbers(uint64_t count, DType dtype) {
    Bytes bytes;
    for (uint64_t i = 0; i < count; ++i) {
      state_ = state_ * 1664525 + 1013904223;
      const float value = (static_cast<float>(state_ >> 27) - 16) / 8;
      if (dtype == DType::kF32) AppendU32(bytes, std::bit_cast<uint32_t>(value));
      if (dtype == DType::kF16) AppendU16(bytes, FloatToF16(value));
      if (dtype == DType::kBF16) AppendU16(bytes, FloatToBF16(value));
    }
    return Keep(std::move(bytes));
  }

  ByteView Keep(Bytes bytes) { return data_.emplace_back(std::move(bytes)); }

 private:
  AdapterLayer layer_;
  std::deque<Bytes> data_;
  uint32_t state_ = 1;
};

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_SAMPLE_ADAPTER_H_
