#include "kernels/factor.h"

#include <gtest/gtest.h>

#include "common/bytes.h"
#include "common/half.h"
#include "kernels/factor_oracle.h"
#include "tests/core/kernels/numbers.h"

namespace andon {
namespace {

enum class Form : uint8_t { kDense, kByRow, kByColumn };

// A factor of random numbers, of which a sparse one has a third.
struct Sample {
  Factor factor;
  Bytes values, starts, indices;

  Sample(DType type, Form form, uint32_t rows, uint32_t columns, unsigned seed) {
    factor = {.type = type, .rows = rows, .columns = columns};
    std::mt19937 random(seed);
    const bool by_column = form == Form::kByColumn;
    const uint32_t lines = by_column ? columns : rows, size = by_column ? rows : columns;
    AppendU32(starts, 0);
    for (uint32_t line = 0; line < lines; ++line) {
      for (uint32_t i = 0; i < size; ++i) {
        if (form != Form::kDense && random() % 3 != 0) continue;
        Append(static_cast<float>(static_cast<double>(random()) / 0x1p31 - 1));
        AppendU32(indices, i);
      }
      AppendU32(starts, static_cast<uint32_t>(indices.size() / 4));
    }
    indices.push_back(0);  // so that there is an address
    factor.values = values.data();
    if (form == Form::kDense) return;
    factor.starts = starts.data();
    factor.indices = indices.data();
    factor.is_by_column = by_column;
  }

 private:
  void Append(float value) {
    if (factor.type == DType::kF32) return AppendU32(values, std::bit_cast<uint32_t>(value));
    AppendU16(values, factor.type == DType::kF16 ? FloatToF16(value) : FloatToBF16(value));
  }
};

class EveryFactor : public testing::TestWithParam<std::tuple<DType, Form>> {
 protected:
  Sample Make(uint32_t rows, uint32_t columns, unsigned seed) const {
    return Sample(std::get<0>(GetParam()), std::get<1>(GetParam()), rows, columns, seed);
  }
  bool is_by_column() const { return std::get<1>(GetParam()) == Form::kByColumn; }
};

TEST_P(EveryFactor, ProductsAreThoseOfTheOracleToTheBit) {
  for (const uint32_t rows : {1u, 4u, 7u, 16u}) {
    for (const uint32_t columns : {1u, 3u, 4u, 37u, 64u}) {
      const Sample w = Make(rows, columns, rows + columns);
      for (uint32_t tokens = 1; tokens <= 5; ++tokens) {
        const auto x = Numbers<float>(size_t{tokens} * columns, tokens, 3);
        std::vector<float> y(size_t{tokens} * rows, kNaN<float>);
        const uint32_t middle = is_by_column() ? 0 : rows / 2;  // in two parts
        if (middle > 0) FactorProduct(w.factor, x.data(), tokens, 0, middle, y.data());
        FactorProduct(w.factor, x.data(), tokens, middle, rows, y.data());
        for (uint32_t t = 0; t < tokens; ++t) {
          for (uint32_t r = 0; r < rows; ++r)
            ASSERT_EQ(y[t * rows + r], oracle::FactorDot(w.factor, r, &x[size_t{t} * columns]))
                << rows << " x " << columns << ", token " << t << " row " << r;
        }
      }
    }
  }
}

TEST_P(EveryFactor, ProductsAreAddedWithTheirScales) {
  if (is_by_column()) return;
  const Sample w = Make(11, 18, 1);
  const auto x = Numbers<float>(3 * 18, 2), scales = Numbers<float>(11, 3);
  const auto before = Numbers<float>(3 * 11, 4);
  std::vector<float> plain = before, scaled = before;
  AddFactorProduct(w.factor, x.data(), 3, 2, 11, 0.5F, nullptr, plain.data());
  AddFactorProduct(w.factor, x.data(), 3, 2, 11, 0.5F, scales.data(), scaled.data());
  for (uint32_t t = 0; t < 3; ++t) {
    for (uint32_t r = 0; r < 11; ++r) {
      const float dot = r < 2 ? 0 : oracle::FactorDot(w.factor, r, &x[size_t{t} * 18]);
      EXPECT_EQ(plain[t * 11 + r], before[t * 11 + r] + 0.5F * dot);
      EXPECT_EQ(scaled[t * 11 + r], before[t * 11 + r] + 0.5F * scales[r] * dot);
    }
  }
}

TEST_P(EveryFactor, RowsAndColumnsAreThoseOfTheOracle) {
  const Sample w = Make(9, 13, 5);
  std::vector<float> row(13), column(9);
  for (uint32_t r = 0; r < 9; ++r) {
    FactorRow(w.factor, r, row.data());
    for (uint32_t c = 0; c < 13; ++c) {
      FactorColumn(w.factor, c, column.data());
      float value = 0;
      oracle::FactorHas(w.factor, r, c, &value);
      EXPECT_EQ(row[c], value);
      EXPECT_EQ(column[r], value);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Factor, EveryFactor,
                         testing::Combine(testing::Values(DType::kF32, DType::kF16, DType::kBF16),
                                          testing::Values(Form::kDense, Form::kByRow,
                                                          Form::kByColumn)));

TEST(Factor, ASparseOneMayHaveNoValuesAndNoMemoryForThem) {
  const Bytes starts(4 * 4, 0);
  for (const bool by_column : {false, true}) {
    Factor w = {.type = DType::kF16, .rows = 3, .columns = 3, .starts = starts.data()};
    w.is_by_column = by_column;
    const std::vector<float> zeros(3, 0.0F), x = {1, 2, 3};
    std::vector<float> row(3, 1.0F), column(3, 1.0F), y(3, 1.0F);
    FactorRow(w, 1, row.data());
    FactorColumn(w, 1, column.data());
    FactorProduct(w, x.data(), 1, 0, 3, y.data());
    EXPECT_EQ(row, zeros);
    EXPECT_EQ(column, zeros);
    EXPECT_EQ(y, zeros);
  }
}

TEST(Factor, EveryFiniteFloat16IsWidenedExactly) {
  Bytes values;
  for (uint32_t half = 0; half < 0x10000; ++half) {
    if ((half & 0x7C00) != 0x7C00) AppendU16(values, static_cast<uint16_t>(half));
  }
  const auto rows = static_cast<uint32_t>(values.size() / 8);
  const Factor w = {.type = DType::kF16, .rows = rows, .columns = 4, .values = values.data()};
  const float x[4] = {1, 0, 0, 0};
  std::vector<float> y(rows);
  FactorProduct(w, x, 1, 0, rows, y.data());
  for (uint32_t r = 0; r < rows; ++r) EXPECT_EQ(y[r], oracle::FactorValue(w, size_t{4} * r));
}

}  // namespace
}  // namespace andon
