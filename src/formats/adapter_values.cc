#include "formats/adapter_values.h"

#include <bit>

#include "common/half.h"
#include "common/little_endian.h"

namespace andon {
namespace {

// A float is finite unless all bits of its exponent are set. No early end: loops without one are
// compiled to vectors.
template <typename T>
bool NoneHasAllBits(ByteView values, T exponent) {
  bool found = false;
  for (size_t i = 0; i + sizeof(T) <= values.size(); i += sizeof(T)) {
    const T bits = static_cast<T>(andon_load_le(values.data() + i, sizeof(T)));
    found |= (bits & exponent) == exponent;
  }
  return !found;
}

float FloatOf(uint32_t bits) { return std::bit_cast<float>(bits); }

// Known when compiled: a call through a pointer for each value doubles the time.
template <typename T, float (*kToFloat)(T)>
void Load(const uint8_t* from, size_t count, double* to, size_t step) {
  for (size_t i = 0; i < count; ++i) {
    const T bits = static_cast<T>(andon_load_le(from + i * sizeof(T), sizeof(T)));
    to[i * step] = static_cast<double>(kToFloat(bits));
  }
}

SparseRows SparseFactor(ByteView factor, uint64_t rows) {
  const uint64_t count = andon_load_le(factor.data(), sizeof(uint64_t));
  const ByteView rest = factor.subspan(sizeof(uint64_t));
  const size_t index_bytes = static_cast<size_t>(SparseIndexBytes(rows, count));
  return {rest.first(index_bytes), rest.subspan(index_bytes), rows, count};
}

}  // namespace

double AdapterValue(ByteView values, uint64_t index, DType dtype) {
  const uint64_t size = DTypeSize(dtype);
  const uint64_t bits = andon_load_le(values.data() + index * size, static_cast<unsigned>(size));
  const uint16_t half = static_cast<uint16_t>(bits);
  const float value = dtype == DType::kF32   ? std::bit_cast<float>(static_cast<uint32_t>(bits))
                      : dtype == DType::kF16 ? F16ToFloat(half)
                                             : BF16ToFloat(half);
  return static_cast<double>(value);
}

void LoadAdapterValues(ByteView values, size_t first, size_t count, DType dtype, double* to,
                       size_t step) {
  const uint8_t* from = values.data() + first * static_cast<size_t>(DTypeSize(dtype));
  if (dtype == DType::kF32) return Load<uint32_t, FloatOf>(from, count, to, step);
  if (dtype == DType::kF16) return Load<uint16_t, F16ToFloat>(from, count, to, step);
  Load<uint16_t, BF16ToFloat>(from, count, to, step);
}

bool AllFinite(ByteView values, DType dtype) {
  if (dtype == DType::kF32) return NoneHasAllBits<uint32_t>(values, 0x7F800000);
  return NoneHasAllBits<uint16_t>(values, dtype == DType::kF16 ? 0x7C00 : 0x7F80);
}

uint64_t SparseRows::Index(uint64_t position) const {
  return andon_load_le(indices_.data() + position * sizeof(uint32_t), sizeof(uint32_t));
}

bool SparseRows::IsOrdered(uint64_t columns) const {
  if (start(0) != 0 || start(rows_) != count_) return false;
  for (uint64_t row = 0; row < rows_; ++row) {
    const uint64_t begin = start(row), end = start(row + 1);
    if (end < begin || end > count_) return false;
    for (uint64_t entry = begin; entry < end; ++entry) {
      if (column(entry) >= columns) return false;
      if (entry > begin && column(entry) <= column(entry - 1)) return false;
    }
  }
  return true;
}

SparseRows SparseFactorA(const AdapterModule& module) {
  return SparseFactor(module.a, module.out_features);
}

SparseRows SparseFactorC(const AdapterModule& module) {
  return SparseFactor(module.c, module.rank);
}

SparseRows Residual(const AdapterModule& module) {
  return {module.sparse_indices, module.sparse_values, ResidualRows(module), module.sparse_count};
}

uint64_t ResidualRows(const AdapterModule& module) {
  return module.sparse_format == SparseFormat::kCsr ? module.out_features : module.in_features;
}

uint64_t ResidualColumns(const AdapterModule& module) {
  return module.sparse_format == SparseFormat::kCsr ? module.in_features : module.out_features;
}

}  // namespace andon
