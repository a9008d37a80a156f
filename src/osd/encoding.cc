#include "osd/encoding.h"

namespace andon {
namespace {

void AppendIndex(Bytes& out, Index index) { AppendU32(out, static_cast<uint32_t>(index)); }

}  // namespace

Bytes SparseFactorOf(const Matrix& factor, DType dtype) {
  Bytes starts, columns;
  std::vector<double> values;
  AppendIndex(starts, 0);
  for (Index row = 0; row < factor.rows(); ++row) {
    for (Index column = 0; column < factor.cols(); ++column) {
      if (factor(row, column) == 0) continue;
      AppendIndex(columns, column);
      values.push_back(factor(row, column));
    }
    AppendIndex(starts, static_cast<Index>(values.size()));
  }
  Bytes bytes;
  AppendU64(bytes, values.size());
  AppendBytes(bytes, starts);
  AppendBytes(bytes, columns);
  AppendBytes(
      bytes,
      BytesOf(Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size())), dtype));
  return bytes;
}

Bytes ResidualIndices(const std::vector<ResidualEntry>& entries, Index lines, bool by_column) {
  Bytes starts, others;
  size_t next = 0;
  AppendIndex(starts, 0);
  for (Index line = 0; line < lines; ++line) {
    for (; next < entries.size(); ++next) {
      const ResidualEntry& entry = entries[next];
      if ((by_column ? entry.column : entry.row) != line) break;
      AppendIndex(others, by_column ? entry.row : entry.column);
    }
    AppendIndex(starts, static_cast<Index>(next));
  }
  AppendBytes(starts, others);
  return starts;
}

}  // namespace andon
