#include "kernels/matrix.h"

#include "kernels/weight_types.h"

namespace andon {
namespace {

const WeightKernel& KernelOf(WeightType type) {
  switch (type) {
    case WeightType::kF32:
      return kF32Kernel;
    case WeightType::kF16:
      return kF16Kernel;
    case WeightType::kBF16:
      return kBF16Kernel;
    case WeightType::kQ4_0:
      return kQ4_0Kernel;
    case WeightType::kQ4_1:
      return kQ4_1Kernel;
    case WeightType::kQ5_0:
      return kQ5_0Kernel;
    case WeightType::kQ5_1:
      return kQ5_1Kernel;
    case WeightType::kQ8_0:
      return kQ8_0Kernel;
    case WeightType::kQ4_K:
      return kQ4_KKernel;
    case WeightType::kQ5_K:
      return kQ5_KKernel;
    case WeightType::kQ6_K:
      return kQ6_KKernel;
  }
  __builtin_unreachable();
}

uint64_t GroupBytes(WeightType type, uint64_t columns) {
  return columns / WeightBlockOf(type).weights * KernelOf(type).group_bytes_a_block;
}

}  // namespace

uint64_t MatrixBytes(WeightType type, uint64_t rows, uint64_t columns) {
  return (rows + kGroupRows - 1) / kGroupRows * GroupBytes(type, columns);
}

void PackGroup(WeightType type, const uint8_t* rows, uint32_t count, uint32_t columns,
               uint8_t* group) {
  KernelOf(type).pack(rows, count, columns, group);
}

void UnpackRow(const Matrix& matrix, uint32_t row, float* to) {
  const uint8_t* const group =
      matrix.data + row / kGroupRows * GroupBytes(matrix.type, matrix.columns);
  KernelOf(matrix.type).unpack(group, row % kGroupRows, matrix.columns, to);
}

void Multiply(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y) {
  KernelOf(w.type).multiply(w, x, first, last, y);
}

void MultiplyExact(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y) {
  std::vector<float> row(w.columns);
  const uint32_t end = last * kGroupRows < w.rows ? last * kGroupRows : w.rows;
  for (uint32_t r = first * kGroupRows; r < end; ++r) {
    UnpackRow(w, r, row.data());
    for (uint32_t t = 0; t < x.tokens(); ++t) {
      const float* const values = x.floats(t);
      double sum = 0;
      for (uint32_t c = 0; c < w.columns; ++c)
        sum += static_cast<double>(row[c]) * static_cast<double>(values[c]);
      y[size_t{t} * w.rows + r] = static_cast<float>(sum);
    }
  }
}

}  // namespace andon
