// Against NumPy (tests/fixtures/make_osd.py).

#include <gtest/gtest.h>

#include <filesystem>

#include "common/json.h"
#include "osd/factors.h"
#include "tests/core/support/files.h"

namespace andon {
namespace {

Json Cases() {
  const auto file = ReadFile(std::filesystem::path(ANDON_SOURCE_DIR) / "tests/fixtures/osd.json");
  EXPECT_TRUE(file);
  return file ? *ParseJson(*file, "osd.json") : Json::array();
}

Matrix ChangeOf(const Json& expected) {
  const std::vector<double> values = expected["values"];
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(values.data(), expected["rows"].get<Index>(),
                                    expected["columns"].get<Index>());
}

double ErrorOf(const Matrix& change, const Factors& factors) {
  return (change - factors.u * factors.s.asDiagonal() * factors.v.transpose()).norm();
}

TEST(OsdReference, DecompositionsSelectionsAndFitsAreThoseOfNumPy) {
  const Json cases = Cases();
  EXPECT_EQ(cases.size(), 4U);
  for (const Json& expected : cases) {
    SCOPED_TRACE(expected["name"].get<std::string>());
    const Matrix change = ChangeOf(expected);
    const Update update = Update::Dense(change);
    const Svd svd = TruncatedSvd(update, expected["rank"]);
    const std::vector<double> values = expected["singularValues"];
    ASSERT_EQ(svd.rank(), static_cast<Index>(values.size()));
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(svd.s[static_cast<Index>(i)], values[i], 1e-12 * values[0]);
    }
    const Factors selected = SelectByMagnitude(svd, expected["count"]);
    EXPECT_EQ((selected.u.array() != 0).count(), expected["entriesOfU"].get<Index>());
    EXPECT_NEAR(ErrorOf(change, selected), expected["selectedError"], 1e-9);
    EXPECT_NEAR(ErrorOf(change, Refit(update, selected, 3)), expected["fittedError"], 1e-6);
  }
}

}  // namespace
}  // namespace andon
