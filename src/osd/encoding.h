// The tensors of OSD as PARAMS hold them (formats/expert_params.h).

#ifndef ANDON_OSD_ENCODING_H_
#define ANDON_OSD_ENCODING_H_

#include <vector>

#include "common/bytes.h"
#include "osd/residual.h"

namespace andon {

// What is not zero, row by row.
Bytes SparseFactorOf(const Matrix& factor, DType dtype);

// Starts and columns of entries that lie row by row; with `by_column` starts and rows of entries
// that lie column by column. `lines`: how many rows, or columns, the matrix has.
Bytes ResidualIndices(const std::vector<ResidualEntry>& entries, Index lines, bool by_column);

}  // namespace andon

#endif  // ANDON_OSD_ENCODING_H_
