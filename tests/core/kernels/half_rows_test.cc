#include "kernels/half_rows.h"

#include <gtest/gtest.h>

#include <bit>
#include <numeric>
#include <vector>

#include "common/half.h"

namespace andon {
namespace {

TEST(HalfRows, EveryFloat16IsWidenedExactly) {
  std::vector<uint16_t> halves(65'536);
  std::iota(halves.begin(), halves.end(), uint16_t{0});
  std::vector<float> wide(halves.size());
  WidenF16(halves.data(), halves.size(), wide.data());
  for (size_t i = 0; i < halves.size(); ++i) {
    EXPECT_EQ(std::bit_cast<uint32_t>(wide[i]), std::bit_cast<uint32_t>(F16ToFloat(halves[i])))
        << i;
  }
}

TEST(HalfRows, AnyCountIsWidenedAndNoMore) {
  const std::vector<uint16_t> halves(9, 0x3C00);
  for (size_t count = 0; count < 9; ++count) {
    std::vector<float> wide(10, -7);
    WidenF16(halves.data(), count, wide.data());
    for (size_t i = 0; i < wide.size(); ++i) EXPECT_EQ(wide[i], i < count ? 1.0F : -7.0F);
  }
}

}  // namespace
}  // namespace andon
