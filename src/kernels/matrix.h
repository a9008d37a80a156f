// Weight matrices and what they are multiplied by, in the layouts that the kernels want.
//
// A matrix is repacked once, at load, into groups of eight rows: a group holds, for each block of columns, the scales of its
// eight rows and then their weights, pair of columns by pair of columns, so that one vector has the same two columns of
// several rows and a lane of the sum belongs to one row. Activations are quantised to int8 in blocks of 32, kept as int16
// pairs, and laid out for four tokens at a time.

#ifndef ANDON_KERNELS_MATRIX_H_
#define ANDON_KERNELS_MATRIX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tensor/quantized.h"

namespace andon {

inline constexpr uint32_t kGroupRows = 8;
inline constexpr uint32_t kActivationBlock = 32;
inline constexpr uint32_t kTileTokens = 4;

// A view; the bytes are the owner's.
struct Matrix {
  WeightType type = WeightType::kF32;
  uint32_t rows = 0;
  uint32_t columns = 0;           // a multiple of the type's block
  const uint8_t* data = nullptr;  // MatrixBytes() of them, aligned to 16

  uint32_t groups() const { return (rows + kGroupRows - 1) / kGroupRows; }
};

// Bytes of the packed matrix; rows are rounded up to whole groups.
uint64_t MatrixBytes(WeightType type, uint64_t rows, uint64_t columns);

// Packs `count` rows, 1 to kGroupRows, as they lie in a GGUF file; missing ones become zeros.
// REQUIRES: `group` has MatrixBytes(type, kGroupRows, columns) bytes.
void PackGroup(WeightType type, const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group);

// One row as numbers, exactly what the file means.
void UnpackRow(const Matrix& matrix, uint32_t row, float* to);  // to [columns]

// Rows of activations, quantised: int8 with one scale for 32 of them.
class Activations {
 public:
  // x [tokens, columns]. REQUIRES: x outlives the use of floats().
  void Quantize(const float* x, uint32_t tokens, uint32_t columns);

  uint32_t tokens() const { return tokens_; }
  uint32_t columns() const { return columns_; }
  uint32_t blocks() const { return (columns_ + kActivationBlock - 1) / kActivationBlock; }

  const float* floats(uint32_t token) const { return floats_ + size_t{token} * columns_; }

  // The tile that starts with `token`: kTileTokens wide where as many are left, else 1.
  // values [blocks][16 pairs][width][2], scales and sums [blocks][width]; a sum is scale x the sum of the values.
  const int16_t* values(uint32_t token) const { return values_.data() + size_t{token} * stride(); }
  const float* scales(uint32_t token) const { return scales_.data() + size_t{token} * blocks(); }
  const float* sums(uint32_t token) const { return sums_.data() + size_t{token} * blocks(); }

 private:
  size_t stride() const { return size_t{blocks()} * kActivationBlock; }

  const float* floats_ = nullptr;
  uint32_t tokens_ = 0;
  uint32_t columns_ = 0;
  std::vector<int16_t> values_;
  std::vector<float> scales_, sums_;
};

// y[t, r] for the rows of groups [first, last); y [tokens, rows].
void Multiply(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y);

// The same with activations in float32, row by row: what the fast path is measured against.
void MultiplyExact(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y);

}  // namespace andon

#endif  // ANDON_KERNELS_MATRIX_H_
