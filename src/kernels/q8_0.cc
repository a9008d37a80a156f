// Q8_0 in a file: f16 d, i8 q[32]; weight = d * q.
// Packed: f16 d[8 rows], then 16 column pairs of i8 q[8 rows][2].

#include <cstring>

#include "common/half.h"
#include "common/little_endian.h"
#include "kernels/group_kernel.h"
#include "kernels/weight_types.h"

namespace andon {
namespace {

constexpr uint32_t kFileBytes = 34;

struct Q8_0 {
  static constexpr uint32_t kColumns = 32;
  static constexpr uint32_t kBytes = 16 + 256;
  static constexpr bool kHasMinimum = false;

  static void Load(const uint8_t* block, uint32_t /*sub*/, uint32_t step, v128_t w[4]) {
    const uint8_t* const from = block + 16 + 32 * step;
    for (int i = 0; i < 4; ++i) w[i] = wasm_i16x8_load8x8(from + 8 * i);
  }
  static void Scale(const uint8_t* block, uint32_t /*sub*/, v128_t d[2], v128_t /*m*/[2]) {
    d[0] = LoadF16x4(block);
    d[1] = LoadF16x4(block + 8);
  }
};

void Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
  const uint32_t blocks = columns / Q8_0::kColumns;
  std::memset(group, 0, size_t{blocks} * Q8_0::kBytes);
  for (uint32_t r = 0; r < count; ++r) {
    for (uint32_t b = 0; b < blocks; ++b, rows += kFileBytes) {
      uint8_t* const to = group + size_t{b} * Q8_0::kBytes;
      std::memcpy(to + 2 * r, rows, 2);
      for (uint32_t c = 0; c < 32; ++c) to[16 + c / 2 * 16 + 2 * r + c % 2] = rows[2 + c];
    }
  }
}

void Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
  for (uint32_t b = 0; b < columns / Q8_0::kColumns; ++b, group += Q8_0::kBytes) {
    uint16_t half;
    std::memcpy(&half, group + 2 * row, 2);
    const float d = F16ToFloat(half);
    for (uint32_t c = 0; c < 32; ++c) {
      *to++ = d * static_cast<float>(static_cast<int8_t>(group[16 + c / 2 * 16 + 2 * row + c % 2]));
    }
  }
}

}  // namespace

const WeightKernel kQ8_0Kernel = {Q8_0::kBytes, Pack, Unpack, MultiplyGroups<Q8_0>};

}  // namespace andon
