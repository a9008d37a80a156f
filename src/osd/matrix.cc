#include "osd/matrix.h"

#include <vector>

#include "tensor/convert.h"

namespace andon {
namespace {

using RowMajorFloats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

Matrix MatrixOf(ByteView values, DType dtype, Index rows, Index columns) {
  const std::vector<float> floats = ToFloats(values, dtype);
  return Eigen::Map<const RowMajorFloats>(floats.data(), rows, columns).cast<double>();
}

Bytes BytesOf(const Matrix& matrix, DType dtype) {
  std::vector<float> floats(static_cast<size_t>(matrix.size()));
  Eigen::Map<RowMajorFloats>(floats.data(), matrix.rows(), matrix.cols()) = matrix.cast<float>();
  return FromFloats(floats, dtype);
}

Matrix Rounded(const Matrix& matrix, DType dtype) {
  return MatrixOf(BytesOf(matrix, dtype), dtype, matrix.rows(), matrix.cols());
}

}  // namespace andon
