#include "kernels/q6_k.h"

namespace andon {
namespace {

// The 32 weights of a part of a block in the file, a byte each.
void ReadPart(const uint8_t* block, uint32_t part, uint8_t* q) {
  const uint32_t quarter = part % 4;  // of a half of the block
  const uint8_t* const low = block + part / 4 * 64 + quarter % 2 * 32;
  const uint8_t* const top = block + Q6_K::kFileTop + part / 4 * 32;
  const uint32_t low_shift = quarter / 2 * 4, top_shift = quarter * 2;
  for (uint32_t c = 0; c < kPartColumns; ++c) {
    q[c] = static_cast<uint8_t>((low[c] >> low_shift & 15) | (top[c] >> top_shift & 3) << 4);
  }
}

void PackScales(const uint8_t* from, uint32_t row, uint8_t* to) {
  std::memcpy(to + 2 * row, from + Q6_K::kFileD, 2);
  for (uint32_t i = 0; i < 16; ++i) to[Q6_K::kScales + i * 8 + row] = from[Q6_K::kFileScales + i];
}

}  // namespace

void Q6_K::Pack(const uint8_t* rows, uint32_t count, uint32_t columns, uint8_t* group) {
  const uint32_t blocks = columns / kColumns;
  for (uint32_t b = 0; b < blocks; ++b, group += kBytes) {
    std::memset(group, 0, kParts);
    for (uint32_t r = 0; r < count; ++r)
      PackScales(rows + (size_t{r} * blocks + b) * kFileBytes, r, group);
    for (uint32_t part = 0; part < 8; ++part) {
      PartBytes q = {};
      for (uint32_t r = 0; r < count; ++r)
        ReadPart(rows + (size_t{r} * blocks + b) * kFileBytes, part, q[r]);
      PackPart<6>(q, group + kParts + part * kPartBytes<6>);
    }
  }
}

void Q6_K::Unpack(const uint8_t* group, uint32_t row, uint32_t columns, float* to) {
  for (uint32_t b = 0; b < columns / kColumns; ++b, group += kBytes) {
    const float d = LoadF16(group + 2 * row);
    for (uint32_t c = 0; c < kColumns; ++c) {
      const uint8_t* const from = PartOf(group, c / kPartColumns);
      const auto scale = static_cast<int8_t>(group[kScales + c / 16 * 8 + row]);
      const int q = static_cast<int>(WeightAt<6>(from, row, c % kPartColumns)) - 32;
      *to++ = d * static_cast<float>(scale) * static_cast<float>(q);
    }
  }
}

const WeightKernel kQ6_KKernel = {Q6_K::kBytes, Q6_K::Pack, Q6_K::Unpack,
                                  MultiplyGroups<Q6_K, kFastest>};

}  // namespace andon
