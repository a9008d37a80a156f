// The matrices that adapters are made of, multiplied as they lie in their files: row-major, dense
// or sparse, of F32, F16 or BF16. Nothing is packed, so an adapter takes no memory beyond its
// file's and is ready at once.
//
// A sum has four lanes, each over every fourth column in order, then the columns that are left: the
// same whatever the tokens beside it. Of a sparse row it is one sum in order, however it is stored.

#ifndef ANDON_KERNELS_FACTOR_H_
#define ANDON_KERNELS_FACTOR_H_

#include <cstdint>

#include "tensor/tensor.h"

namespace andon {

// A view; the bytes are the owner's, little-endian, at any address.
struct Factor {
  DType type = DType::kF32;  // kF32, kF16 or kBF16; finite
  uint32_t rows = 0;         // 0: none
  uint32_t columns = 0;
  const uint8_t* values = nullptr;  // [rows, columns]; of a sparse one, those that are there
  // Of a sparse one: u32 [rows + 1], where the values of a row start; u32 column of each value,
  // ascending in a row. Or the same by column: u32 [columns + 1], u32 row of each value.
  const uint8_t* starts = nullptr;
  const uint8_t* indices = nullptr;
  bool is_by_column = false;

  bool is_sparse() const { return starts != nullptr; }
};

// y[t, r] = W x for rows [first, last); x [tokens, columns], y [tokens, rows]. REQUIRES: all rows
// of one that is by column.
void FactorProduct(const Factor& w, const float* x, uint32_t tokens, uint32_t first, uint32_t last,
                   float* y);

// y[t, r] += scale * row_scale[r] * (W x)[t, r] for the same; row_scale [rows], or nullptr: ones.
// REQUIRES: not by column.
void AddFactorProduct(const Factor& w, const float* x, uint32_t tokens, uint32_t first,
                      uint32_t last, float scale, const float* row_scale, float* y);

// One row as numbers; to [columns].
void FactorRow(const Factor& w, uint32_t row, float* to);
// One column; to [rows].
void FactorColumn(const Factor& w, uint32_t column, float* to);

}  // namespace andon

#endif  // ANDON_KERNELS_FACTOR_H_
