// Cases one can name; proofs/ covers all others.

#include "common/ulp.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace {

template <typename T>
struct Ulp;

template <>
struct Ulp<float> {
  static int64_t Order(float x) { return andon_ulp_order_f32(std::bit_cast<uint32_t>(x)); }
  static bool Equal(float a, float b, uint32_t n) { return andon_ulp_equal_f32(a, b, n); }
};

template <>
struct Ulp<double> {
  static int64_t Order(double x) { return andon_ulp_order_f64(std::bit_cast<uint64_t>(x)); }
  static bool Equal(double a, double b, uint32_t n) { return andon_ulp_equal_f64(a, b, n); }
};

template <typename T>
class UlpTest : public testing::Test {
 protected:
  using Limits = std::numeric_limits<T>;
  static T Next(T x) { return std::nextafter(x, Limits::infinity()); }
  static bool Equal(T a, T b, uint32_t n) { return Ulp<T>::Equal(a, b, n); }
  static int64_t Order(T x) { return Ulp<T>::Order(x); }
};

using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(UlpTest, Types);

TYPED_TEST(UlpTest, ZerosCoincide) {
  const TypeParam zero = 0;
  EXPECT_EQ(this->Order(zero), 0);
  EXPECT_EQ(this->Order(-zero), 0);
  EXPECT_TRUE(this->Equal(zero, -zero, 0));
}

TYPED_TEST(UlpTest, NeighboursAreOneApart) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const TypeParam x : {Limits::lowest(), TypeParam{-1}, -Limits::min(), -Limits::denorm_min(),
                            TypeParam{0}, Limits::denorm_min(), Limits::min(), TypeParam{1}}) {
    const TypeParam next = this->Next(x);
    EXPECT_EQ(this->Order(next) - this->Order(x), 1) << x;
    EXPECT_TRUE(this->Equal(x, next, 1)) << x;
    EXPECT_FALSE(this->Equal(x, next, 0)) << x;
    EXPECT_FALSE(this->Equal(x, this->Next(next), 1)) << x;
  }
}

TYPED_TEST(UlpTest, SmallestNumbersOfBothSignsAreTwoApart) {
  const TypeParam tiny = std::numeric_limits<TypeParam>::denorm_min();
  EXPECT_FALSE(this->Equal(-tiny, tiny, 1));
  EXPECT_TRUE(this->Equal(-tiny, tiny, 2));
}

TYPED_TEST(UlpTest, InfinityFollowsTheLargestNumber) {
  using Limits = std::numeric_limits<TypeParam>;
  EXPECT_TRUE(this->Equal(Limits::infinity(), Limits::infinity(), 0));
  EXPECT_TRUE(this->Equal(Limits::max(), Limits::infinity(), 1));
  EXPECT_FALSE(this->Equal(-Limits::infinity(), Limits::infinity(), UINT32_MAX / 2));
}

TYPED_TEST(UlpTest, NanEqualsNothing) {
  const TypeParam nan = std::numeric_limits<TypeParam>::quiet_NaN();
  EXPECT_FALSE(this->Equal(nan, nan, UINT32_MAX));
  EXPECT_FALSE(this->Equal(nan, 1, UINT32_MAX));
  EXPECT_FALSE(this->Equal(1, nan, UINT32_MAX));
}

TEST(Ulp, DistanceOfTheOutermostNeeds64Bits) {
  EXPECT_EQ(andon_ulp_distance(INT64_MIN, INT64_MAX), UINT64_MAX);
  EXPECT_EQ(andon_ulp_distance(INT64_MAX, INT64_MIN), UINT64_MAX);
  EXPECT_EQ(andon_ulp_distance(-3, -3), 0u);
}

}  // namespace
