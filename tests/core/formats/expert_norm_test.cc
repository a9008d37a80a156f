// Norms of updates, against the update made in full.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "formats/adapter_values.h"
#include "tests/core/support/sample_adapter.h"

namespace andon {
namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix Dense(ByteView values, size_t rows, size_t cols, DType dtype) {
  Matrix matrix(rows, std::vector<double>(cols));
  for (size_t row = 0; row < rows; ++row)
    for (size_t col = 0; col < cols; ++col)
      matrix[row][col] = AdapterValue(values, row * cols + col, dtype);
  return matrix;
}

Matrix Dense(const SparseRows& sparse, size_t cols, DType dtype) {
  Matrix matrix(static_cast<size_t>(sparse.rows()), std::vector<double>(cols));
  for (size_t row = 0; row < matrix.size(); ++row)
    for (uint64_t i = sparse.start(row); i < sparse.start(row + 1); ++i)
      matrix[row][static_cast<size_t>(sparse.column(i))] = AdapterValue(sparse.values(), i, dtype);
  return matrix;
}

Matrix Product(const Matrix& x, const Matrix& y) {
  Matrix product(x.size(), std::vector<double>(y[0].size()));
  for (size_t i = 0; i < x.size(); ++i)
    for (size_t k = 0; k < y.size(); ++k)
      for (size_t j = 0; j < y[0].size(); ++j) product[i][j] += x[i][k] * y[k][j];
  return product;
}

Matrix Kronecker(const Matrix& x, const Matrix& y) {
  Matrix product(x.size() * y.size(), std::vector<double>(x[0].size() * y[0].size()));
  for (size_t i = 0; i < product.size(); ++i)
    for (size_t j = 0; j < product[0].size(); ++j)
      product[i][j] = x[i / y.size()][j / y[0].size()] * y[i % y.size()][j % y[0].size()];
  return product;
}

double Norm(const Matrix& matrix, double scale) {
  double sum = 0;
  for (const auto& row : matrix)
    for (const double value : row) sum += value * value;
  return std::abs(scale) * std::sqrt(sum);
}

Matrix OsdUpdate(const AdapterModule& m) {
  const size_t rank = m.rank, in = m.in_features, out = m.out_features;
  Matrix u =
      m.sparse_factors ? Dense(SparseFactorA(m), rank, m.dtype) : Dense(m.a, out, rank, m.dtype);
  const Matrix s = Dense(m.b, 1, rank, m.dtype);
  const Matrix vt =
      m.sparse_factors ? Dense(SparseFactorC(m), in, m.dtype) : Dense(m.c, rank, in, m.dtype);
  for (auto& row : u)
    for (size_t k = 0; k < rank; ++k) row[k] *= s[0][k];
  Matrix update = Product(u, vt);
  Matrix residual(out, std::vector<double>(in));
  if (m.sparse_format == SparseFormat::kCsr) residual = Dense(Residual(m), in, m.dtype);
  if (m.sparse_format == SparseFormat::kCsc) {
    const Matrix columns = Dense(Residual(m), out, m.dtype);
    for (size_t i = 0; i < out; ++i)
      for (size_t j = 0; j < in; ++j) residual[i][j] = columns[j][i];
  }
  const auto weight = static_cast<double>(m.sparse_weight);
  for (size_t i = 0; i < out; ++i)
    for (size_t j = 0; j < in; ++j)
      update[i][j] = (1 - weight) * update[i][j] + weight * residual[i][j];
  return update;
}

double ExpectedNorm(const AdapterModule& m) {
  const size_t rank = m.rank, in = m.in_features, out = m.out_features;
  const auto scale = static_cast<double>(m.scale);
  if (m.kind == AdapterKind::kOsd) return Norm(OsdUpdate(m), 1);
  if (m.kind == AdapterKind::kLokr)
    return Norm(Kronecker(Dense(m.a, m.w1_rows, m.w1_cols, m.dtype),
                          Dense(m.b, out / m.w1_rows, in / m.w1_cols, m.dtype)),
                scale);
  if (m.kind == AdapterKind::kIa3) {
    Matrix vector = Dense(m.a, 1, out, m.dtype);
    for (double& value : vector[0]) value -= 1;
    return Norm(vector, 1);
  }
  return Norm(Product(Dense(m.b, out, rank, m.dtype), Dense(m.a, rank, in, m.dtype)), scale);
}

void ExpectNorm(const AdapterModule& module) {
  const double expected = ExpectedNorm(module);
  EXPECT_NEAR(UpdateNorm(module), expected, 1e-12 * expected) << AdapterKindName(module.kind);
}

constexpr DType kDTypes[] = {DType::kF32, DType::kF16, DType::kBF16};

TEST(UpdateNorm, IsThatOfTheUpdateMadeInFull) {
  for (const DType dtype : kDTypes) {
    for (const AdapterKind kind : {AdapterKind::kLora, AdapterKind::kDora, AdapterKind::kIa3,
                                   AdapterKind::kOsd, AdapterKind::kLokr}) {
      SampleAdapter adapter;
      adapter.Add(AdapterTarget::kQ, kind, dtype, 14, 10);
      ExpectNorm(adapter.last());
    }
  }
}

TEST(UpdateNorm, OfSparseFormsIsThatOfTheUpdateMadeInFull) {
  for (const DType dtype : kDTypes) {
    for (const SparseFormat format : {SparseFormat::kCsr, SparseFormat::kCsc}) {
      SampleAdapter adapter;
      adapter.Add(AdapterTarget::kQ, AdapterKind::kOsd, dtype, 14, 10);
      adapter.AddResidual(format);
      ExpectNorm(adapter.last());
      adapter.MakeFactorsSparse();
      ExpectNorm(adapter.last());
      for (const float weight : {0.0F, 1.0F}) {
        adapter.last().sparse_weight = weight;
        ExpectNorm(adapter.last());
      }
    }
  }
}

TEST(UpdateNorm, OfARankAboveTheFeatures) {
  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF32, 3, 2);
  adapter.last().rank = 5;
  adapter.last().a = adapter.Numbers(15, DType::kF32);
  adapter.last().b = adapter.Numbers(10, DType::kF32);
  ExpectNorm(adapter.last());
}

TEST(UpdateNorm, OfAnUpdateThatCancelsIsZero) {
  SampleAdapter adapter;
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF32, 2, 1);
  const Bytes a = {0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F};
  const Bytes b = {0, 0, 0x80, 0x3F, 0, 0, 0x80, 0xBF};  // 1, -1 times two equal rows
  adapter.last().a = a;
  adapter.last().b = b;
  EXPECT_EQ(UpdateNorm(adapter.last()), 0);
}

}  // namespace
}  // namespace andon
