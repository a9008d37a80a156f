#include "osd/factors.h"

#include <gtest/gtest.h>

#include "tests/core/osd/random_matrix.h"

namespace andon {
namespace {

double SquaredError(const Matrix& change, const Factors& factors) {
  return (change - factors.u * factors.s.asDiagonal() * factors.v.transpose()).squaredNorm();
}

TEST(SelectByMagnitude, KeepsExactlyTheCount) {
  const Svd svd = TruncatedSvd(Update::Dense(RandomMatrix(20, 30, 1)), 10);
  for (const Index count : {20, 200, 499, 500}) {
    EXPECT_EQ(SelectByMagnitude(svd, count).entries(), count);
  }
  EXPECT_EQ(SelectByMagnitude(svd, 9999).entries(), 500);
}

TEST(SelectByMagnitude, OfASingleEntryTheVectorsAreThatEntry) {
  Matrix change = Matrix::Zero(6, 5);
  change(4, 2) = -3;
  const Svd svd = TruncatedSvd(Update::Dense(change), 3);
  const Factors factors = SelectByMagnitude(svd, 2);
  EXPECT_NEAR(SquaredError(change, factors), 0, 1e-20);
}

TEST(SelectByGradient, KeepsWhatTheGradientTouches) {
  const Matrix change = RandomMatrix(12, 12, 1);
  Matrix gradient = Matrix::Zero(12, 12);
  gradient.row(7).setOnes();
  const Svd svd = TruncatedSvd(Update::Dense(change), 6);
  const Factors factors = SelectByGradient(svd, gradient, 6);
  for (Index row = 0; row < 12; ++row) {
    if (row != 7) EXPECT_EQ(factors.u.row(row).norm(), 0) << row;
  }
}

TEST(Refit, BringsTheProductCloserAndKeepsThePlaces) {
  const Matrix change = RandomMatrix(40, 32, 1);
  const Update update = Update::Dense(change);
  const Factors selected = SelectByMagnitude(TruncatedSvd(update, 12), 300);
  const Factors fitted = Refit(update, selected, 3);
  EXPECT_LT(SquaredError(change, fitted), SquaredError(change, selected));
  EXPECT_LE(fitted.entries(), 300);
  for (Index j = 0; j < fitted.rank(); ++j) EXPECT_NEAR(fitted.u.col(j).norm(), 1, 1e-12);
}

TEST(Refit, VectorsWithoutEntriesAreDropped) {
  const Update update = Update::Dense(RandomMatrix(16, 16, 1));
  Factors factors = SelectByMagnitude(TruncatedSvd(update, 4), 100);
  factors.u.col(1).setZero();
  EXPECT_EQ(Refit(update, factors, 2).rank(), 3);
}

}  // namespace
}  // namespace andon
