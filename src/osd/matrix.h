// Matrices of this layer: Eigen's, in float64.

#ifndef ANDON_OSD_MATRIX_H_
#define ANDON_OSD_MATRIX_H_

#include <Eigen/Core>

#include "tensor/tensor.h"

namespace andon {

using Index = Eigen::Index;
using Matrix = Eigen::MatrixXd;  // columns lie together
using Vector = Eigen::VectorXd;

// A tensor [rows, columns] as it lies in a file. REQUIRES: F32, F16 or BF16; as many values.
Matrix MatrixOf(ByteView values, DType dtype, Index rows, Index columns);

// The same matrix after its values were stored in `dtype`.
Matrix Rounded(const Matrix& matrix, DType dtype);

// Row by row. REQUIRES: F32, F16 or BF16.
Bytes BytesOf(const Matrix& matrix, DType dtype);

}  // namespace andon

#endif  // ANDON_OSD_MATRIX_H_
