#include "kernels/exp.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>

#include "tests/core/kernels/numbers.h"

namespace andon {
namespace {

float Exp(float x) { return wasm_f32x4_extract_lane(ExpNonPositive(F32x4::Splat(x)).bits, 0); }
double Exp(double x) { return wasm_f64x2_extract_lane(ExpNonPositive(F64x2::Splat(x)).bits, 0); }

TEST(Exp, IsWithin1UlpForFloats) {
  // From -0 to below -104; the step is prime, so all low bits occur.
  for (uint32_t bits = 0x80000000; bits < std::bit_cast<uint32_t>(-105.0F); bits += 4099) {
    const float x = std::bit_cast<float>(bits);
    const float expected = static_cast<float>(std::exp(static_cast<double>(x)));
    ASSERT_TRUE(andon_ulp_equal_f32(Exp(x), expected, 1)) << x << ": " << Exp(x);
  }
}

TEST(Exp, IsWithin2UlpForDoubles) {
  for (const double size : {746.0, 37.0, 1.0, 1e-5}) {
    for (double x : Numbers<double>(10'000, 11, size)) {
      x = -std::abs(x);
      const double expected = static_cast<double>(std::exp(static_cast<long double>(x)));
      ASSERT_TRUE(andon_ulp_equal_f64(Exp(x), expected, 2)) << x << ": " << Exp(x);
    }
  }
}

TEST(Exp, IsExactAtTheEnds) {
  EXPECT_EQ(Exp(0.0F), 1);
  EXPECT_EQ(Exp(-0.0F), 1);
  EXPECT_EQ(Exp(-104.0F), 0);
  EXPECT_EQ(Exp(-1e38F), 0);
  EXPECT_EQ(Exp(-kInfinity<float>), 0);
  EXPECT_EQ(Exp(-103.0F), std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(Exp(0.0), 1);
  EXPECT_EQ(Exp(-746.0), 0);
  EXPECT_EQ(Exp(-1e308), 0);
  EXPECT_EQ(Exp(-kInfinity<double>), 0);
  EXPECT_EQ(Exp(-745.0), std::numeric_limits<double>::denorm_min());
}

TEST(Exp, GivesNaNForNaN) {
  EXPECT_TRUE(std::isnan(Exp(kNaN<float>)));
  EXPECT_TRUE(std::isnan(Exp(kNaN<double>)));
}

}  // namespace
}  // namespace andon
