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

// Sums of the products of all pairs of numbers in vectors of `size` numbers.  [size, size], of
// which the half with i <= j is filled: the other would be the same.
class Gram {
 public:
  static constexpr size_t kVectors = 64;  // a block of them stays in the cache

  explicit Gram(size_t size)
      : size_(size), stride_((size + kSums - 1) / kSums * kSums), sums_(size * stride_) {}

  size_t stride() const { return stride_; }  // of a block, whose rows end with zeros
  double& operator()(size_t i, size_t j) { return sums_[i * stride_ + j]; }
  double operator()(size_t i, size_t j) const { return sums_[i * stride_ + j]; }

  void Add(const std::vector<double>& block, size_t vectors) {
    for (size_t i = 0; i < size_; ++i)
      for (size_t j = i / kSums * kSums; j < stride_; j += kSums) AddProducts(block, vectors, i, j);
  }

 private:
  static constexpr size_t kSums = 8;  // as many as a compiler keeps in registers

  void AddProducts(const std::vector<double>& block, size_t vectors, size_t i, size_t j) {
    double sums[kSums] = {};
    for (size_t v = 0; v < vectors; ++v) {
      const double* vector = &block[v * stride_];
      for (size_t k = 0; k < kSums; ++k) sums[k] += vector[i] * vector[j + k];
    }
    for (size_t k = 0; k < kSums; ++k) sums_[i * stride_ + j + k] += sums[k];
  }

  size_t size_, stride_;
  std::vector<double> sums_;
};

// Xt X.
Gram GramOfColumns(const Factor& x) {
  Gram gram(x.cols);
  if (x.sparse) {
    Entries entries;
    for (size_t row = 0; row < x.rows; ++row) {
      x.Row(row, entries);
      for (size_t i = 0; i < entries.size(); ++i)
        for (size_t j = i; j < entries.size(); ++j)
          gram(entries[i].first, entries[j].first) += entries[i].second * entries[j].second;
    }
    return gram;
  }
  std::vector<double> block(Gram::kVectors * gram.stride());
  for (size_t row = 0; row < x.rows; row += Gram::kVectors) {
    const size_t rows = std::min(Gram::kVectors, x.rows - row);
    for (size_t i = 0; i < rows; ++i)
      LoadAdapterValues(x.dense, (row + i) * x.cols, x.cols, x.dtype, &block[i * gram.stride()], 1);
    gram.Add(block, rows);
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

// Y Yt.
Gram GramOfRows(const Factor& y) {
  Gram gram(y.rows);
  if (y.sparse) {
    for (size_t i = 0; i < y.rows; ++i)
      for (size_t j = i; j < y.rows; ++j) gram(i, j) = SparseDot(y, i, j);
    return gram;
  }
  std::vector<double> block(Gram::kVectors * gram.stride());
  for (size_t col = 0; col < y.cols; col += Gram::kVectors) {
    const size_t cols = std::min(Gram::kVectors, y.cols - col);
    for (size_t i = 0; i < y.rows; ++i)
      LoadAdapterValues(y.dense, i * y.cols + col, cols, y.dtype, &block[i], gram.stride());
    gram.Add(block, cols);
  }
  return gram;
}

// |X diag(s) Y| squared.
template <typename Scale>
double SquaredNormOfProduct(const Factor& x, const Factor& y, Scale s) {
  const Gram left = GramOfColumns(x), right = GramOfRows(y);
  double sum = 0;
  for (size_t i = 0; i < y.rows; ++i) {
    for (size_t j = i; j < y.rows; ++j) {
      const double product = s(i) * s(j) * left(i, j) * right(i, j);
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
