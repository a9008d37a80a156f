// The size of what an adapter changes: Frobenius norms. The update itself, [out, in], is never
// made: of a product X Y it is the sum of all elements of (Xt X) * (Y Yt), both [rank, rank], so
// that the cost is rank^2 (in + out).

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "formats/adapter_values.h"
#include "formats/expert_params.h"

namespace andon {
namespace {

using Entries = std::vector<std::pair<size_t, double>>;  // position in a row or column, value

// A factor of a low-rank product, dense or sparse.
struct Factor {
  size_t rows = 0, cols = 0;
  DType dtype = DType::kF32;
  ByteView dense;  // [rows, cols]
  std::optional<SparseRows> sparse = {};

  double Value(size_t row, size_t col) const {
    if (!sparse) return AdapterValue(dense, row * cols + col, dtype);
    uint64_t first = sparse->start(row), last = sparse->start(row + 1);
    while (first < last) {
      const uint64_t middle = first + (last - first) / 2;
      if (sparse->column(middle) < col) {
        first = middle + 1;
      } else {
        last = middle;
      }
    }
    if (first == sparse->start(row + 1) || sparse->column(first) != col) return 0;
    return AdapterValue(sparse->values(), first, dtype);
  }

  void Row(size_t row, Entries& entries) const {
    entries.clear();
    if (sparse) {
      for (uint64_t i = sparse->start(row); i < sparse->start(row + 1); ++i)
        entries.emplace_back(static_cast<size_t>(sparse->column(i)),
                             AdapterValue(sparse->values(), i, dtype));
    } else {
      for (size_t col = 0; col < cols; ++col) entries.emplace_back(col, Value(row, col));
    }
  }
};

// gram[i, j] += the products of all pairs with i <= j; the other half would be the same.
void AddOuterProduct(const Entries& entries, size_t size, std::vector<double>& gram) {
  for (size_t i = 0; i < entries.size(); ++i) {
    double* row = &gram[entries[i].first * size];
    for (size_t j = i; j < entries.size(); ++j)
      row[entries[j].first] += entries[i].second * entries[j].second;
  }
}

// The upper half of Xt X.  [cols, cols]
std::vector<double> GramOfColumns(const Factor& x) {
  std::vector<double> gram(x.cols * x.cols);
  Entries entries;
  for (size_t row = 0; row < x.rows; ++row) {
    x.Row(row, entries);
    AddOuterProduct(entries, x.cols, gram);
  }
  return gram;
}

double SparseDot(const Factor& y, size_t a, size_t b) {
  const SparseRows& sparse = *y.sparse;
  const auto value = [&](uint64_t entry) { return AdapterValue(sparse.values(), entry, y.dtype); };
  uint64_t i = sparse.start(a), j = sparse.start(b);
  double sum = 0;
  while (i < sparse.start(a + 1) && j < sparse.start(b + 1)) {
    const uint64_t column_i = sparse.column(i), column_j = sparse.column(j);
    if (column_i == column_j) sum += value(i) * value(j);
    i += column_i <= column_j;
    j += column_j <= column_i;
  }
  return sum;
}

// The upper half of Y Yt.  [rows, rows]
std::vector<double> GramOfRows(const Factor& y) {
  std::vector<double> gram(y.rows * y.rows);
  if (y.sparse) {
    for (size_t i = 0; i < y.rows; ++i)
      for (size_t j = i; j < y.rows; ++j) gram[i * y.rows + j] = SparseDot(y, i, j);
    return gram;
  }
  Entries column(y.rows);
  for (size_t col = 0; col < y.cols; ++col) {
    for (size_t row = 0; row < y.rows; ++row) column[row] = {row, y.Value(row, col)};
    AddOuterProduct(column, y.rows, gram);
  }
  return gram;
}

// |X diag(s) Y| squared.
template <typename Scale>
double SquaredNormOfProduct(const Factor& x, const Factor& y, Scale s) {
  const std::vector<double> left = GramOfColumns(x), right = GramOfRows(y);
  double sum = 0;
  for (size_t i = 0; i < y.rows; ++i) {
    for (size_t j = i; j < y.rows; ++j) {
      const double product = s(i) * s(j) * left[i * y.rows + j] * right[i * y.rows + j];
      sum += i == j ? product : 2 * product;
    }
  }
  return std::max(sum, 0.0);  // rounding can leave it below zero
}

double SquaredNorm(ByteView values, DType dtype, double minus = 0) {
  double sum = 0;
  for (uint64_t i = 0; i < values.size() / DTypeSize(dtype); ++i) {
    const double value = AdapterValue(values, i, dtype) - minus;
    sum += value * value;
  }
  return sum;
}

double Scale(const AdapterModule& module) { return std::abs(static_cast<double>(module.scale)); }

double LowRankNorm(const AdapterModule& module) {
  const Factor b = {module.out_features, module.rank, module.dtype, module.b};
  const Factor a = {module.rank, module.in_features, module.dtype, module.a};
  return Scale(module) * std::sqrt(SquaredNormOfProduct(b, a, [](uint64_t) { return 1.0; }));
}

// |(1 - w) X diag(s) Y + w R| from |X diag(s) Y|, |R| and the sum of their elements' products.
double OsdNorm(const AdapterModule& module) {
  Factor u = {module.out_features, module.rank, module.dtype, module.a};
  Factor vt = {module.rank, module.in_features, module.dtype, module.c};
  if (module.sparse_factors) {
    u.sparse = SparseFactorA(module);
    vt.sparse = SparseFactorC(module);
  }
  const auto s = [&](uint64_t i) { return AdapterValue(module.b, i, module.dtype); };
  const double weight = static_cast<double>(module.sparse_weight), rest = 1 - weight;
  double sum = rest * rest * SquaredNormOfProduct(u, vt, s);
  if (module.sparse_format == SparseFormat::kNone) return std::sqrt(sum);

  const SparseRows residual = Residual(module);
  const bool by_row = module.sparse_format == SparseFormat::kCsr;
  Entries entries;
  double shared = 0;
  for (size_t line = 0; line < residual.rows(); ++line) {
    for (uint64_t i = residual.start(line); i < residual.start(line + 1); ++i) {
      const auto other = static_cast<size_t>(residual.column(i));
      const size_t row = by_row ? line : other;
      const size_t col = by_row ? other : line;
      u.Row(row, entries);
      double element = 0;
      for (const auto& [k, value] : entries) element += value * s(k) * vt.Value(k, col);
      shared += element * AdapterValue(residual.values(), i, module.dtype);
    }
  }
  sum += 2 * rest * weight * shared;
  sum += weight * weight * SquaredNorm(residual.values(), module.dtype);
  return std::sqrt(std::max(sum, 0.0));
}

}  // namespace

double UpdateNorm(const AdapterModule& module) {
  switch (module.kind) {
    case AdapterKind::kLora:
    case AdapterKind::kDora:
      return LowRankNorm(module);
    case AdapterKind::kIa3:
      return std::sqrt(SquaredNorm(module.a, module.dtype, 1));
    case AdapterKind::kOsd:
      return OsdNorm(module);
    case AdapterKind::kLokr:
      return Scale(module) * std::sqrt(SquaredNorm(module.a, module.dtype)) *
             std::sqrt(SquaredNorm(module.b, module.dtype));
  }
  return 0;
}

}  // namespace andon
