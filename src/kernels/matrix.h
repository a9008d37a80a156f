// Weight matrices and what they are multiplied by, in the layouts that the kernels want
// (docs/kernels.md).
//
// A matrix is repacked once, at load, into groups of eight rows: a group holds, for each block of
// columns, the scales of its eight rows and then their weights, a few columns of all rows at a
// time, so that a vector has columns of several rows and a lane of the sum belongs to one row.
// Activations are quantised to int8 in blocks of 32 and laid out for four tokens at a time.
//
// What is computed for a token does not depend on the tokens beside it, nor on the build: plain
// SIMD, relaxed SIMD and native code give the same bits.

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
void PackGroup(WeightType type, const uint8_t* rows, uint32_t count, uint32_t columns,
               uint8_t* group);

// One row as numbers, exactly what the file means.
void UnpackRow(const Matrix& matrix, uint32_t row, float* to);  // to [columns]

// What kernels read of a tile of `width` tokens, block of 32 columns after block; a step is four
// columns.
struct ActivationTile {
  const int8_t* bytes;  // [blocks][8 steps][width][4]
  const int16_t*
      words;            // [blocks][8 steps][2][width][2]: columns 0 and 2 of the step, then 1 and 3
  const int16_t* sums;  // [blocks][width][2]: of the bytes of the first and of the last 16 columns
  const float* scales;  // [blocks][width]: x = scale * byte
  const float* scaled_sums;  // [blocks][width]: scale * both sums
};

// Rows of activations, quantised: int8 with one scale for 32 of them.
class Activations {
 public:
  // x [tokens, columns]. A block with a NaN or an infinity has that for a scale. REQUIRES: x
  // outlives the use of floats().
  void Quantize(const float* x, uint32_t tokens, uint32_t columns);

  uint32_t tokens() const { return tokens_; }
  uint32_t columns() const { return columns_; }

  const float* floats(uint32_t token) const { return floats_ + size_t{token} * columns_; }

  // The tile that starts with `token`: kTileTokens wide where as many are left, else 1.
  // REQUIRES: token is below tokens(), and a multiple of kTileTokens where as many are left.
  ActivationTile tile(uint32_t token) const;

 private:
  // One token of the block, `lane` of `width`, that begins at `block`.
  void QuantizeBlock(const float* x, size_t block, uint32_t width, uint32_t lane);
  uint32_t blocks() const { return (columns_ + kActivationBlock - 1) / kActivationBlock; }

  const float* floats_ = nullptr;
  uint32_t tokens_ = 0;
  uint32_t columns_ = 0;
  std::vector<int8_t> bytes_;
  std::vector<int16_t> words_, sums_;
  std::vector<float> scales_, scaled_sums_;
};

// y[t, r] for the rows of groups [first, last); y [tokens, rows].
void Multiply(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y);

// The same with activations in float32, row by row: what the fast path is measured against.
void MultiplyExact(const Matrix& w, const Activations& x, uint32_t first, uint32_t last, float* y);

}  // namespace andon

#endif  // ANDON_KERNELS_MATRIX_H_
