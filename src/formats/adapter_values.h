// The numbers in an adapter's tensors: little-endian, at any address.

#ifndef ANDON_FORMATS_ADAPTER_VALUES_H_
#define ANDON_FORMATS_ADAPTER_VALUES_H_

#include <cstdint>

#include "formats/expert_params.h"

namespace andon {

// REQUIRES: a dtype of adapters, F32, F16 or BF16; `index` counts values, not bytes.
double AdapterValue(ByteView values, uint64_t index, DType dtype);
// `count` of them from `first` on, to every `step`th place at `to`.
void LoadAdapterValues(ByteView values, size_t first, size_t count, DType dtype, double* to,
                       size_t step);
bool AllFinite(ByteView values, DType dtype);

// Bytes of the indices of a sparse matrix, its values apart: u32 starts[rows + 1], u32
// column[count].
inline uint64_t SparseIndexBytes(uint64_t rows, uint64_t count) {
  return sizeof(uint32_t) * (rows + 1 + count);
}

// A sparse matrix by rows; of CSC, by columns.
class SparseRows {
 public:
  // REQUIRES: SparseIndexBytes(rows, count) bytes of indices and count values, which outlive this.
  SparseRows(ByteView indices, ByteView values, uint64_t rows, uint64_t count)
      : indices_(indices), values_(values), rows_(rows), count_(count) {}

  // Whether every row starts where the one before it ends, the last ends at `count`, and columns
  // ascend strictly in each row and lie below `columns`. All else REQUIRES that.
  bool IsOrdered(uint64_t columns) const;

  uint64_t rows() const { return rows_; }
  uint64_t start(uint64_t row) const { return Index(row); }  // row <= rows()
  uint64_t column(uint64_t entry) const { return Index(rows_ + 1 + entry); }
  ByteView values() const { return values_; }

 private:
  uint64_t Index(uint64_t position) const;

  ByteView indices_;
  ByteView values_;
  uint64_t rows_;
  uint64_t count_;
};

// The parts of OSD. REQUIRE: sparse factors; a sparse format; the sizes that ParseParams checks.
SparseRows SparseFactorA(const AdapterModule& module);  // U, by row
SparseRows SparseFactorC(const AdapterModule& module);  // Vt, by row
SparseRows Residual(const AdapterModule& module);       // by row of W, or by column where CSC
uint64_t ResidualRows(const AdapterModule& module);
uint64_t ResidualColumns(const AdapterModule& module);

}  // namespace andon

#endif  // ANDON_FORMATS_ADAPTER_VALUES_H_
