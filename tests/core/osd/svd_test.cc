#include "osd/svd.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/osd/random_matrix.h"

namespace andon {
namespace {

double RelativeError(const Update& update, const Svd& svd) {
  const Matrix whole = svd.u * svd.s.asDiagonal() * svd.v.transpose();
  double error = 0;
  update.ForEachBlock([&](Index first, const Matrix& rows) {
    error += (rows - whole.middleRows(first, rows.rows())).squaredNorm();
  });
  return std::sqrt(error / update.SquaredNorm());
}

TEST(TruncatedSvd, RecoversAProductOfItsRankWithoutFormingIt) {
  const Update update = Update::Product(RandomMatrix(40, 5, 1), RandomMatrix(5, 24, 2));
  const Svd svd = TruncatedSvd(update, 12);
  EXPECT_EQ(svd.rank(), 5);
  EXPECT_TRUE(svd.exact);
  EXPECT_LT(RelativeError(update, svd), 1e-13);
}

TEST(TruncatedSvd, AProductWiderInsideThanOutsideIsDecomposedAsWell) {
  const Update update = Update::Product(RandomMatrix(6, 20, 1), RandomMatrix(20, 9, 2));
  const Svd svd = TruncatedSvd(update, 20);
  EXPECT_EQ(svd.rank(), 6);
  EXPECT_LT(RelativeError(update, svd), 1e-13);
}

TEST(TruncatedSvd, RecoversADenseUpdateOfItsRank) {
  const Update update = Update::Dense(RandomMatrix(30, 4, 3) * RandomMatrix(4, 50, 4));
  const Svd svd = TruncatedSvd(update, 10);
  EXPECT_EQ(svd.rank(), 4);
  EXPECT_LT(RelativeError(update, svd), 1e-13);
}

TEST(TruncatedSvd, ALargeUpdateIsDecomposedAtRandomAndStaysNearTheBest) {
  const Index side = kExactSide + 16;
  const Matrix spectrum = Vector::LinSpaced(side, 1, 0.01).asDiagonal();
  const Matrix change = Orthogonal(side, 5) * spectrum * Orthogonal(side, 6);
  const Svd svd = TruncatedSvd(Update::Dense(change), 32);
  EXPECT_FALSE(svd.exact);
  ASSERT_EQ(svd.rank(), 32);
  const double best = spectrum.diagonal().head(32).squaredNorm();
  EXPECT_LE(svd.Energy(32), best * (1 + 1e-12));
  EXPECT_GT(svd.Energy(32), best * 0.95);  // a flat spectrum is the hardest
  const double lost = change.squaredNorm() - svd.Energy(32);
  EXPECT_NEAR(RelativeError(Update::Dense(change), svd), std::sqrt(lost / change.squaredNorm()),
              1e-10);
}

TEST(TruncatedSvd, ALargeUpdateOfLowRankIsRecovered) {
  const Index side = kExactSide + 60;
  const Update update = Update::Dense(RandomMatrix(side, 7, 3) * RandomMatrix(7, side, 4));
  const Svd svd = TruncatedSvd(update, 16);
  EXPECT_FALSE(svd.exact);
  EXPECT_EQ(svd.rank(), 7);
  EXPECT_LT(RelativeError(update, svd), 1e-12);
}

TEST(TruncatedSvd, IsTheSameEveryTimeAndItsSignsAreFixed) {
  const Update update = Update::Dense(RandomMatrix(kExactSide + 16, kExactSide + 20, 7));
  const Svd one = TruncatedSvd(update, 8), other = TruncatedSvd(update, 8);
  EXPECT_EQ(one.u, other.u);
  EXPECT_EQ(one.v, other.v);
  for (Index j = 0; j < one.rank(); ++j) {
    EXPECT_EQ(one.u.col(j).maxCoeff(), one.u.col(j).cwiseAbs().maxCoeff());
  }
}

TEST(TruncatedSvd, EnergyAndTruncationStopAtTheRank) {
  const Svd svd = TruncatedSvd(Update::Dense(RandomMatrix(5, 5, 8)), 5);
  EXPECT_EQ(svd.Truncated(9).rank(), 5);
  EXPECT_EQ(svd.Truncated(2).rank(), 2);
  EXPECT_DOUBLE_EQ(svd.Energy(9), svd.s.squaredNorm());
}

TEST(Update, TimesNormAndBlocksAgreeForBothForms) {
  const Matrix left = RandomMatrix(700, 3, 1), right = RandomMatrix(3, 600, 2);
  const Update product = Update::Product(left, right), dense = Update::Dense(left * right);
  const Matrix x = RandomMatrix(600, 2, 3), y = RandomMatrix(700, 2, 4);
  EXPECT_LT((product.Times(x) - dense.Times(x)).norm(), 1e-9);
  EXPECT_LT((product.TransposeTimes(y) - dense.TransposeTimes(y)).norm(), 1e-9);
  EXPECT_NEAR(product.SquaredNorm() / dense.SquaredNorm(), 1, 1e-12);
  Index rows = 0;
  product.ForEachBlock([&](Index first, const Matrix& block) {
    EXPECT_EQ(first, rows);
    EXPECT_LT((block - dense.left().middleRows(first, block.rows())).norm(), 1e-10);
    rows += block.rows();
  });
  EXPECT_EQ(rows, 700);
}

}  // namespace
}  // namespace andon
