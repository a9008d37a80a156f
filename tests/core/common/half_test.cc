#include "common/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace andon {
namespace {

bool IsNanF16(uint16_t half) { return (half & 0x7FFF) > 0x7C00; }
bool IsNanBF16(uint16_t brain) { return (brain & 0x7FFF) > 0x7F80; }

// What the bits mean, by the definition of IEEE 754.
double ValueOf(uint16_t bits, int exponent_bits, int fraction_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const int exponent = (bits >> fraction_bits) & ((1 << exponent_bits) - 1);
  const int fraction = bits & ((1 << fraction_bits) - 1);
  const double sign = bits >> 15 ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1) return sign * std::numeric_limits<double>::infinity();
  const int significand = exponent == 0 ? fraction : fraction + (1 << fraction_bits);
  return sign * std::ldexp(significand, std::max(exponent, 1) - bias - fraction_bits);
}

TEST(Half, EveryF16WidensToItsValueAndComesBack) {
  for (uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = F16ToFloat(half);
    if (IsNanF16(half)) {
      ASSERT_TRUE(std::isnan(value)) << bits;
      ASSERT_EQ(FloatToF16(value), half | 0x200) << bits;
    } else {
      ASSERT_EQ(static_cast<double>(value), ValueOf(half, 5, 10)) << bits;
      ASSERT_EQ(FloatToF16(value), half) << bits;
    }
  }
}

TEST(Half, EveryBF16WidensToItsValueAndComesBack) {
  for (uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const auto brain = static_cast<uint16_t>(bits);
    const float value = BF16ToFloat(brain);
    if (IsNanBF16(brain)) {
      ASSERT_TRUE(std::isnan(value)) << bits;
      ASSERT_EQ(FloatToBF16(value), brain | 0x40) << bits;
    } else {
      ASSERT_EQ(static_cast<double>(value), ValueOf(brain, 8, 7)) << bits;
      ASSERT_EQ(FloatToBF16(value), brain) << bits;
    }
  }
}

// Narrowing is monotone, so it is right everywhere if it is right around the middle of each two
// neighbours: below it goes down, above it goes up, and the middle itself to the even one.
template <typename Widen, typename Narrow>
void ExpectRoundsToNearestEven(uint16_t infinity, double beyond_largest, Widen widen,
                               Narrow narrow) {
  for (uint32_t below = 0; below < infinity; ++below) {
    const auto low = static_cast<uint16_t>(below), high = static_cast<uint16_t>(below + 1);
    const double above = high == infinity ? beyond_largest : static_cast<double>(widen(high));
    const auto middle = static_cast<float>((static_cast<double>(widen(low)) + above) / 2);
    const uint16_t even = low % 2 == 0 ? low : high;
    ASSERT_EQ(narrow(middle), even) << below;
    ASSERT_EQ(narrow(std::nextafter(middle, 0.0F)), low) << below;
    ASSERT_EQ(narrow(std::nextafter(middle, INFINITY)), high) << below;
    ASSERT_EQ(narrow(-middle), 0x8000 | even) << below;
  }
}

TEST(Half, F16RoundsToNearestEven) {
  ExpectRoundsToNearestEven(0x7C00, 65536, F16ToFloat, FloatToF16);
}

TEST(Half, BF16RoundsToNearestEven) {
  ExpectRoundsToNearestEven(0x7F80, 0x1p128, BF16ToFloat, FloatToBF16);
}

TEST(Half, FarOutsideTheRangeOfF16) {
  EXPECT_EQ(FloatToF16(1e30F), 0x7C00);
  EXPECT_EQ(FloatToF16(-INFINITY), 0xFC00);
  EXPECT_EQ(FloatToF16(1e-30F), 0);
  EXPECT_EQ(FloatToF16(-1e-30F), 0x8000);
}

TEST(Half, NanStaysNanWhereItsPayloadIsCutOff) {
  const float nan = std::bit_cast<float>(0xFF800001U);
  EXPECT_EQ(FloatToF16(nan), 0xFE00);
  EXPECT_EQ(FloatToBF16(nan), 0xFFC0);
}

}  // namespace
}  // namespace andon
