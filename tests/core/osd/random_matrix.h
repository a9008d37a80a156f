// Matrices of numbers that look random and are the same everywhere.

#ifndef ANDON_TESTS_CORE_OSD_RANDOM_MATRIX_H_
#define ANDON_TESTS_CORE_OSD_RANDOM_MATRIX_H_

#include <Eigen/QR>
#include <cstdint>

#include "osd/matrix.h"

namespace andon {

// Uniform between -1 and 1.
inline Matrix RandomMatrix(Index rows, Index columns, uint32_t seed) {
  uint64_t state = seed * uint64_t{0x9E3779B97F4A7C15} + 1;
  return Matrix::NullaryExpr(rows, columns, [&state](Index, Index) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return static_cast<double>(state >> 33) / static_cast<double>(uint64_t{1} << 30) - 1;
  });
}

inline Matrix Orthogonal(Index side, uint32_t seed) {
  return Eigen::HouseholderQR<Matrix>(RandomMatrix(side, side, seed)).householderQ();
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_OSD_RANDOM_MATRIX_H_
