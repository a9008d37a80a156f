#include "kernels/matrix.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <limits>

#include "kernels/block256.h"
#include "kernels/block32.h"
#include "kernels/q6_k.h"
#include "kernels/weight_oracle.h"
#include "tests/core/kernels/numbers.h"

namespace andon {
namespace {

// Rows as a file has them, and packed.
struct Sample {
  WeightType type;
  uint32_t rows, columns;
  std::vector<uint8_t> file, packed;

  size_t row_bytes() const {
    const WeightBlock block = WeightBlockOf(type);
    return size_t{columns / block.weights} * block.bytes;
  }
  const uint8_t* row(uint32_t r) const { return &file[r * row_bytes()]; }
  Matrix matrix() const { return {type, rows, columns, packed.data()}; }
};

void Pack(Sample& sample) {
  const uint64_t group_bytes = MatrixBytes(sample.type, kGroupRows, sample.columns);
  sample.packed.assign(static_cast<size_t>(MatrixBytes(sample.type, sample.rows, sample.columns)),
                       0xA5);
  for (uint32_t r = 0; r < sample.rows; r += kGroupRows) {
    PackGroup(sample.type, sample.row(r), std::min(kGroupRows, sample.rows - r), sample.columns,
              &sample.packed[static_cast<size_t>(r / kGroupRows * group_bytes)]);
  }
}

// The places of float16 in a block, which random bytes would make infinite now and then.
std::vector<uint32_t> HalvesOf(WeightType type) {
  switch (type) {
    case WeightType::kQ4_1:
    case WeightType::kQ5_1:
    case WeightType::kQ4_K:
    case WeightType::kQ5_K:
      return {0, 2};
    case WeightType::kQ6_K:
      return {208};
    default:
      return {0};
  }
}

Sample RandomSample(WeightType type, uint32_t rows, uint32_t columns, unsigned seed) {
  Sample sample = {type, rows, columns, {}, {}};
  std::mt19937 source(seed);
  sample.file.resize(rows * sample.row_bytes());
  if (oracle::IsFloat(type)) {
    const WeightBlock block = WeightBlockOf(type);
    for (size_t at = 0; at < sample.file.size(); at += block.bytes) {
      const float value = static_cast<float>(source() % 2001) / 1000 - 1;
      const uint32_t bits = type == WeightType::kF32   ? std::bit_cast<uint32_t>(value)
                            : type == WeightType::kF16 ? FloatToF16(value)
                                                       : FloatToBF16(value);
      std::memcpy(&sample.file[at], &bits, block.bytes);
    }
  } else {
    for (uint8_t& byte : sample.file) byte = static_cast<uint8_t>(source());
    for (size_t at = 0; at < sample.file.size(); at += WeightBlockOf(type).bytes) {
      for (const uint32_t half : HalvesOf(type))
        sample.file[at + half + 1] &= 0xBB;  // an exponent below 31
    }
  }
  Pack(sample);
  return sample;
}

std::vector<float> Product(const Sample& sample, const std::vector<float>& x) {
  Activations activations;
  const auto tokens = static_cast<uint32_t>(x.size() / sample.columns);
  activations.Quantize(x.data(), tokens, sample.columns);
  std::vector<float> y(size_t{tokens} * sample.rows, kNaN<float>);
  const Matrix w = sample.matrix();
  const uint32_t middle = w.groups() / 2;  // in two parts, as two threads would
  Multiply(w, activations, middle, w.groups(), y.data());
  Multiply(w, activations, 0, middle, y.data());
  return y;
}

void ExpectSameBits(const std::vector<float>& y, const Sample& sample,
                    const std::vector<float>& x) {
  for (size_t t = 0; t < x.size() / sample.columns; ++t) {
    for (uint32_t r = 0; r < sample.rows; ++r) {
      const float expected =
          oracle::Product(sample.type, sample.row(r), &x[t * sample.columns], sample.columns);
      const float actual = y[t * sample.rows + r];
      ASSERT_EQ(std::bit_cast<uint32_t>(expected + 0.0F), std::bit_cast<uint32_t>(actual + 0.0F))
          << "token " << t << " row " << r << ": " << expected << " and " << actual;
    }
  }
}

class EveryType : public testing::TestWithParam<WeightType> {
 protected:
  uint32_t block() const { return std::max(32u, WeightBlockOf(GetParam()).weights); }
};

TEST_P(EveryType, RowsComeBackAsTheFileMeansThem) {
  for (const uint32_t rows : {1u, 7u, 8u, 9u, 19u}) {
    const Sample sample = RandomSample(GetParam(), rows, 3 * block(), rows);
    std::vector<float> row(sample.columns);
    for (uint32_t r = 0; r < rows; ++r) {
      UnpackRow(sample.matrix(), r, row.data());
      EXPECT_EQ(oracle::Row(GetParam(), sample.row(r), sample.columns), row) << "row " << r;
    }
  }
}

TEST_P(EveryType, ProductsAreThoseOfTheOracleToTheBit) {
  for (const uint32_t blocks : {1u, 2u, 9u}) {
    for (const uint32_t rows : {1u, 8u, 13u}) {
      const Sample sample = RandomSample(GetParam(), rows, blocks * block(), blocks + rows);
      for (uint32_t tokens = 1; tokens <= 9; ++tokens) {
        const std::vector<float> x = Numbers<float>(size_t{tokens} * sample.columns, tokens, 3);
        ExpectSameBits(Product(sample, x), sample, x);
      }
    }
  }
}

TEST_P(EveryType, ProductsOfExtremesAreThoseOfTheOracle) {
  for (const uint8_t bytes : std::to_array<uint8_t>({0x00, 0x7F, 0x80, 0xFF})) {
    Sample sample = RandomSample(GetParam(), 8, 2 * block(), 1);
    if (!oracle::IsFloat(GetParam())) {
      const std::vector<uint8_t> halves = sample.file;
      std::fill(sample.file.begin(), sample.file.end(), bytes);
      for (size_t at = 0; at < sample.file.size(); at += WeightBlockOf(GetParam()).bytes) {
        for (const uint32_t half : HalvesOf(GetParam()))
          std::copy_n(&halves[at + half], 2, &sample.file[at + half]);
      }
      Pack(sample);
    }
    for (const float sign : {1.0F, -1.0F}) {
      const std::vector<float> x(4 * size_t{sample.columns}, sign);
      ExpectSameBits(Product(sample, x), sample, x);
      const std::vector<float> one(x.begin(), x.begin() + static_cast<ptrdiff_t>(sample.columns));
      ExpectSameBits(Product(sample, one), sample, one);
    }
  }
}

TEST_P(EveryType, TokensGiveTheSameAloneAndTogether) {
  const Sample sample = RandomSample(GetParam(), 21, 3 * block(), 5);
  const std::vector<float> x = Numbers<float>(7 * size_t{sample.columns}, 3);
  const std::vector<float> together = Product(sample, x);
  for (uint32_t t = 0; t < 7; ++t) {
    const auto from = x.begin() + static_cast<ptrdiff_t>(t * sample.columns);
    const std::vector<float> alone =
        Product(sample, {from, from + static_cast<ptrdiff_t>(sample.columns)});
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(),
                           together.begin() + static_cast<ptrdiff_t>(t * sample.rows)));
  }
}

TEST_P(EveryType, ExactProductsKeepActivationsAsTheyAre) {
  const Sample sample = RandomSample(GetParam(), 11, 2 * block(), 6);
  const std::vector<float> x = Numbers<float>(3 * size_t{sample.columns}, 4);
  Activations activations;
  activations.Quantize(x.data(), 3, sample.columns);
  std::vector<float> y(3 * size_t{sample.rows});
  MultiplyExact(sample.matrix(), activations, 0, 2, y.data());
  for (uint32_t t = 0; t < 3; ++t) {
    for (uint32_t r = 0; r < sample.rows; ++r) {
      const std::vector<float> row = oracle::Row(GetParam(), sample.row(r), sample.columns);
      double sum = 0;
      for (uint32_t c = 0; c < sample.columns; ++c) {
        sum += static_cast<double>(row[c]) * static_cast<double>(x[t * sample.columns + c]);
      }
      EXPECT_EQ(static_cast<float>(sum), y[t * sample.rows + r]);
    }
  }
}

TEST_P(EveryType, NotANumberStaysWithItsToken) {
  const Sample sample = RandomSample(GetParam(), 8, block(), 7);
  for (const float bad : {kNaN<float>, kInfinity<float>}) {
    for (const uint32_t tokens : {1u, 4u}) {
      std::vector<float> x = Numbers<float>(size_t{tokens} * sample.columns, 8);
      x[3] = bad;
      const std::vector<float> y = Product(sample, x);
      for (uint32_t r = 0; r < 8; ++r) EXPECT_FALSE(std::isfinite(y[r])) << r;
      for (size_t i = 8; i < y.size(); ++i) EXPECT_TRUE(std::isfinite(y[i])) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Matrix, EveryType,
                         testing::Values(WeightType::kF32, WeightType::kF16, WeightType::kBF16,
                                         WeightType::kQ4_0, WeightType::kQ4_1, WeightType::kQ5_0,
                                         WeightType::kQ5_1, WeightType::kQ8_0, WeightType::kQ4_K,
                                         WeightType::kQ5_K, WeightType::kQ6_K),
                         [](const auto& info) {
                           return std::string(WeightBlockOf(info.param).name);
                         });

// The arithmetic that this build does not use must agree as well.
template <typename W>
void ExpectBothArithmeticsAgree(WeightType type) {
  for (const uint32_t tokens : {1u, 2u, 6u}) {
    const Sample sample = RandomSample(type, 13, 2 * W::kColumns, tokens);
    const std::vector<float> x = Numbers<float>(size_t{tokens} * sample.columns, tokens);
    Activations activations;
    activations.Quantize(x.data(), tokens, sample.columns);
    std::vector<float> words(size_t{tokens} * sample.rows), bytes(words.size());
    MultiplyGroups<W, Arithmetic::kWords>(sample.matrix(), activations, 0, 2, words.data());
    MultiplyGroups<W, Arithmetic::kBytes>(sample.matrix(), activations, 0, 2, bytes.data());
    EXPECT_EQ(words, bytes);
    ExpectSameBits(words, sample, x);
  }
}

TEST(Matrix, WordsAndBytesGiveTheSame) {
  ExpectBothArithmeticsAgree<Block32<false, false>>(WeightType::kQ4_0);
  ExpectBothArithmeticsAgree<Block32<false, true>>(WeightType::kQ4_1);
  ExpectBothArithmeticsAgree<Block32<true, false>>(WeightType::kQ5_0);
  ExpectBothArithmeticsAgree<Block32<true, true>>(WeightType::kQ5_1);
  ExpectBothArithmeticsAgree<Block256<false>>(WeightType::kQ4_K);
  ExpectBothArithmeticsAgree<Block256<true>>(WeightType::kQ5_K);
  ExpectBothArithmeticsAgree<Q6_K>(WeightType::kQ6_K);
}

TEST(Matrix, ScalesThatAreNotFiniteStaySo) {
  for (const uint16_t half : std::to_array<uint16_t>({0x7C00, 0xFC00, 0x7E00})) {
    Sample sample = RandomSample(WeightType::kQ8_0, 8, 32, 1);
    std::memcpy(&sample.file[0], &half, 2);
    Pack(sample);
    const std::vector<float> y = Product(sample, Numbers<float>(32, 1));
    EXPECT_FALSE(std::isfinite(y[0]));
    EXPECT_TRUE(std::isfinite(y[1]));
  }
}

TEST(Matrix, SmallHalvesAreExact) {
  Sample sample = RandomSample(WeightType::kF16, 8, 64, 1);
  for (size_t i = 0; i < sample.file.size(); i += 2) {
    const auto half = static_cast<uint16_t>(i);  // zero, subnormal and the smallest normal ones
    std::memcpy(&sample.file[i], &half, 2);
  }
  Pack(sample);
  const std::vector<float> x(64, 0x1p20F);
  ExpectSameBits(Product(sample, x), sample, x);
}

TEST(Matrix, ColumnsOfFloatsNeedNotFillBlocks) {
  for (const uint32_t columns : {1u, 31u, 33u, 288u, 300u}) {
    const Sample sample = RandomSample(WeightType::kF32, 9, columns, columns);
    for (const uint32_t tokens : {1u, 5u}) {
      const std::vector<float> x = Numbers<float>(size_t{tokens} * columns, columns);
      ExpectSameBits(Product(sample, x), sample, x);
    }
  }
}

}  // namespace
}  // namespace andon
