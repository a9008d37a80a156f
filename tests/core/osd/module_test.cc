#include "osd/module.h"

#include <gtest/gtest.h>

#include <cmath>

#include "formats/adapter_values.h"
#include "tests/core/osd/random_matrix.h"

namespace andon {
namespace {

Matrix Dense(ByteView values, DType dtype, Index rows, Index columns) {
  return MatrixOf(values, dtype, rows, columns);
}

Matrix Dense(const SparseRows& sparse, DType dtype, Index columns) {
  Matrix matrix = Matrix::Zero(static_cast<Index>(sparse.rows()), columns);
  for (uint64_t row = 0; row < sparse.rows(); ++row) {
    for (uint64_t entry = sparse.start(row); entry < sparse.start(row + 1); ++entry) {
      matrix(static_cast<Index>(row), static_cast<Index>(sparse.column(entry))) =
          AdapterValue(sparse.values(), entry, dtype);
    }
  }
  return matrix;
}

// dW as formats/expert_params.h defines it.
Matrix UpdateOf(const AdapterModule& m) {
  const auto out = static_cast<Index>(m.out_features), in = static_cast<Index>(m.in_features);
  const Index rank = m.rank;
  const Matrix u =
      m.sparse_factors ? Dense(SparseFactorA(m), m.dtype, rank) : Dense(m.a, m.dtype, out, rank);
  const Matrix vt =
      m.sparse_factors ? Dense(SparseFactorC(m), m.dtype, in) : Dense(m.c, m.dtype, rank, in);
  const Vector s = Dense(m.b, m.dtype, rank, 1);
  const Matrix product = u * s.asDiagonal() * vt;
  const double weight = static_cast<double>(m.sparse_weight);
  if (m.sparse_format == SparseFormat::kNone) return product;
  const Matrix lines = Dense(Residual(m), m.dtype, static_cast<Index>(ResidualColumns(m)));
  const Matrix residual = m.sparse_format == SparseFormat::kCsr ? lines : lines.transpose();
  return (1 - weight) * product + weight * residual;
}

std::optional<OsdModule> Compress(const Matrix& change, const OsdSettings& settings,
                                  const Matrix* gradient = nullptr) {
  const Update update = Update::Dense(change);
  const Svd svd = TruncatedSvd(update, std::max(settings.rank, settings.relaxed));
  return CompressUpdate(update, svd, gradient, settings);
}

// Writes and reads the module as PARAMS.
AdapterModule Reread(const OsdModule& module, Bytes& payload) {
  Result<Bytes> written = WriteParams({.layer = 0, .modules = {module.module()}});
  EXPECT_TRUE(written.ok()) << written.status().message();
  if (!written.ok()) return module.module();
  payload = *std::move(written);
  return ParseParams(payload, 0)->modules.front();
}

// A spectrum that falls slowly, and vectors of which few entries are large.
Matrix Spiky(Index out, Index in) {
  const auto cube = [](const Matrix& m) { return Matrix(m.array().pow(7)); };
  return cube(RandomMatrix(out, 24, 1)) * cube(RandomMatrix(24, in, 2));
}

class Compression : public testing::TestWithParam<OsdSettings> {};

TEST_P(Compression, KeepsToItsBudgetAndSaysItsOwnError) {
  const Matrix change = Spiky(72, 48);
  const std::optional<OsdModule> made = Compress(change, GetParam());
  ASSERT_TRUE(made);
  Bytes payload;
  const AdapterModule read = Reread(*made, payload);
  const OsdFigures& figures = made->figures;
  EXPECT_LE(figures.bytes, figures.budget);
  EXPECT_EQ(figures.bytes, SizeOf(read, GetParam().size));
  EXPECT_EQ(figures.memory_bytes, SizeOf(read, {.measure = SizeMeasure::kMemory}));
  EXPECT_NEAR(figures.squared_norm, change.squaredNorm(), 1e-9 * change.squaredNorm());
  EXPECT_NEAR(figures.squared_error, (change - UpdateOf(read)).squaredNorm(),
              1e-9 * change.squaredNorm());
  EXPECT_LT(figures.squared_error, figures.squared_norm);
  EXPECT_LE(read.rank, GetParam().relaxed);
}

constexpr SizeRule kMemoryRule = {.measure = SizeMeasure::kMemory};

INSTANTIATE_TEST_SUITE_P(
    Settings, Compression,
    testing::Values(OsdSettings{.rank = 4, .relaxed = 4}, OsdSettings{.rank = 4, .relaxed = 12},
                    OsdSettings{.rank = 4, .relaxed = 12, .dtype = DType::kBF16},
                    OsdSettings{.rank = 4, .relaxed = 12, .dtype = DType::kF32},
                    OsdSettings{.rank = 4, .relaxed = 12, .size = kMemoryRule},
                    OsdSettings{.rank = 4, .relaxed = 2, .sparsity = 0.01},
                    OsdSettings{.rank = 4, .relaxed = 12, .sparsity = 0.02, .blend = 0.25f},
                    OsdSettings{
                        .rank = 4, .relaxed = 8, .sparsity = 0.02, .format = SparseFormat::kCsc},
                    OsdSettings{.rank = 8, .relaxed = 8, .sparsity = 0.05, .size = kMemoryRule}));

TEST(CompressUpdate, RecoversAnUpdateOfLowRankThatHasRoom) {
  const Matrix change = RandomMatrix(40, 3, 1) * RandomMatrix(3, 30, 2);
  for (const DType dtype : {DType::kF32, DType::kF16, DType::kBF16}) {
    const auto made = Compress(change, {.rank = 4, .relaxed = 8, .dtype = dtype});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->form.rank, 3);
    EXPECT_FALSE(made->form.sparse_factors);
    const double relative = std::sqrt(made->figures.squared_error / change.squaredNorm());
    EXPECT_LT(relative, dtype == DType::kF32 ? 1e-6 : dtype == DType::kF16 ? 1e-3 : 1e-2);
  }
}

TEST(CompressUpdate, SparseFactorsSayMoreThanALoraOfTheSameSize) {
  const auto made = Compress(Spiky(96, 96), {.rank = 6, .relaxed = 16});
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->form.sparse_factors);
  EXPECT_GT(made->form.rank, 6);
  EXPECT_LT(made->figures.squared_error, made->figures.squared_lora_error);
}

TEST(CompressUpdate, EntriesOfTheResidualAreExact) {
  Matrix change = RandomMatrix(32, 1, 1) * RandomMatrix(1, 32, 2);
  change(3, 5) = 40;
  change(30, 0) = -50;
  for (const float blend : {0.25f, 0.5f, 0.75f}) {
    const auto made = Compress(
        change,
        {.rank = 8, .relaxed = 1, .sparsity = 2.0 / 1024, .blend = blend, .dtype = DType::kF32});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->figures.residual_values, 2U);
    const Matrix update = UpdateOf(made->module());
    Index exact = 0;
    for (Index i = 0; i < change.size(); ++i) {
      exact += std::abs(update.data()[i] - change.data()[i]) < 1e-5;
    }
    EXPECT_GE(exact, 2);
  }
}

TEST(CompressUpdate, AGradientSaysWhichEntriesMatter) {
  const Matrix change = RandomMatrix(64, 64, 1);
  Matrix gradient = Matrix::Zero(64, 64);
  gradient.topRows(8).setOnes();
  const OsdSettings settings{.rank = 4, .relaxed = 16};
  const auto led = Compress(change, settings, &gradient), blind = Compress(change, settings);
  ASSERT_TRUE(led && led->form.sparse_factors && blind);
  const auto error = [&](const OsdModule& made) {
    return (change - UpdateOf(made.module())).topRows(8).squaredNorm();
  };
  EXPECT_LT(error(*led), error(*blind));
}

TEST(CompressUpdate, IsTheSameEveryTime) {
  const OsdSettings settings{.rank = 4, .relaxed = 12, .sparsity = 0.01};
  const auto one = Compress(Spiky(48, 48), settings), other = Compress(Spiky(48, 48), settings);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->u, other->u);
  EXPECT_EQ(one->vt, other->vt);
  EXPECT_EQ(one->values, other->values);
}

TEST(CompressUpdate, ABudgetThatHoldsNothingGivesNothing) {
  EXPECT_FALSE(Compress(RandomMatrix(16, 16, 1), {.rank = 1, .relaxed = 4, .sparsity = 0.9}));
}

TEST(CompressUpdate, ASingularValueBeyondTheDtypeGivesNothing) {
  EXPECT_FALSE(Compress(RandomMatrix(16, 16, 1) * 1e6, {.rank = 4, .relaxed = 4}));
}

}  // namespace
}  // namespace andon
