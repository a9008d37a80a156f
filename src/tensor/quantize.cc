#include "tensor/quantize.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "common/half.h"
#include "common/little_endian.h"

namespace andon {
namespace {

constexpr size_t kBlock = 32;  // weights of Q8_0 and Q4_0

uint16_t LoadHalf(const uint8_t* from) { return static_cast<uint16_t>(andon_load_le(from, 2)); }
void StoreHalf(uint8_t* to, uint16_t half) { andon_store_le(to, 2, half); }
float LoadFloat(const uint8_t* from) {
  return std::bit_cast<float>(static_cast<uint32_t>(andon_load_le(from, 4)));
}

// Whether no integer of `size` bytes, every `stride` bytes, has all bits of the exponent set. No
// early end: most files pass.
template <unsigned kSize>
bool NoneHas(uint64_t exponent, ByteView bytes, size_t stride) {
  bool found = false;
  for (size_t i = 0; i + kSize <= bytes.size(); i += stride) {
    found |= (andon_load_le(bytes.data() + i, kSize) & exponent) == exponent;
  }
  return !found;
}

constexpr uint64_t kF16Exponent = 0x7C00, kBF16Exponent = 0x7F80, kF32Exponent = 0x7F800000;

// 0 where all weights are too small for a scale.
float InverseOf(float scale) {
  const float inverse = 1 / scale;
  return std::isfinite(inverse) ? inverse : 0;
}

void StoreQ8_0(const float* from, uint8_t* to) {
  float largest = 0;
  for (size_t i = 0; i < kBlock; ++i) largest = std::max(largest, std::fabs(from[i]));
  const float scale = largest / 127;
  const float inverse = InverseOf(scale);
  StoreHalf(to, FloatToF16(scale));
  for (size_t i = 0; i < kBlock; ++i) {
    to[2 + i] = static_cast<uint8_t>(static_cast<int8_t>(std::round(from[i] * inverse)));
  }
}

// The weight of the largest magnitude becomes -8, whatever its sign: the range is -8 to 7.
void StoreQ4_0(const float* from, uint8_t* to) {
  float largest = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    if (std::fabs(from[i]) > std::fabs(largest)) largest = from[i];
  }
  const float scale = largest / -8;
  const float inverse = InverseOf(scale);
  StoreHalf(to, FloatToF16(scale));
  const auto nibble = [inverse](float weight) {
    return std::min(15u, static_cast<unsigned>(weight * inverse + 8.5F));
  };
  for (size_t i = 0; i < kBlock / 2; ++i) {
    to[2 + i] = static_cast<uint8_t>(nibble(from[i]) | nibble(from[i + kBlock / 2]) << 4);
  }
}

template <typename StoreBlock>
void StoreBlocks(std::span<const float> weights, size_t block, size_t bytes, Bytes& to,
                 const StoreBlock& store) {
  to.resize(weights.size() / block * bytes);
  for (size_t i = 0; i < weights.size() / block; ++i)
    store(weights.data() + i * block, to.data() + i * bytes);
}

}  // namespace

bool AreFinite(WeightType type, ByteView blocks) {
  const size_t stride = WeightBlockOf(type).bytes;
  switch (type) {
    case WeightType::kF32:
      return NoneHas<4>(kF32Exponent, blocks, stride);
    case WeightType::kF16:
      return NoneHas<2>(kF16Exponent, blocks, stride);
    case WeightType::kBF16:
      return NoneHas<2>(kBF16Exponent, blocks, stride);
    case WeightType::kQ4_0:
    case WeightType::kQ5_0:
    case WeightType::kQ8_0:
      return NoneHas<2>(kF16Exponent, blocks, stride);
    case WeightType::kQ4_1:
    case WeightType::kQ5_1:
    case WeightType::kQ4_K:
    case WeightType::kQ5_K:  // scale and minimum
      return NoneHas<2>(kF16Exponent, blocks, stride) &&
             NoneHas<2>(kF16Exponent, blocks.subspan(2), stride);
    case WeightType::kQ6_K:  // the scale is last
      return NoneHas<2>(kF16Exponent, blocks.subspan(stride - 2), stride);
  }
  return false;
}

void WidenWeights(WeightType type, ByteView weights, float* to) {
  const uint8_t* from = weights.data();
  const uint8_t* const end = from + weights.size();
  if (type == WeightType::kF32) {
    for (; from < end; from += 4) *to++ = LoadFloat(from);
  } else if (type == WeightType::kF16) {
    for (; from < end; from += 2) *to++ = F16ToFloat(LoadHalf(from));
  } else {
    for (; from < end; from += 2) *to++ = BF16ToFloat(LoadHalf(from));
  }
}

bool CanNarrowTo(WeightType type) {
  return type == WeightType::kF32 || type == WeightType::kF16 || type == WeightType::kBF16 ||
         type == WeightType::kQ8_0 || type == WeightType::kQ4_0;
}

void NarrowWeights(WeightType type, std::span<const float> weights, Bytes& to) {
  switch (type) {
    case WeightType::kQ8_0:
      return StoreBlocks(weights, kBlock, 34, to, StoreQ8_0);
    case WeightType::kQ4_0:
      return StoreBlocks(weights, kBlock, 18, to, StoreQ4_0);
    case WeightType::kF16:
      return StoreBlocks(weights, 1, 2, to,
                         [](const float* from, uint8_t* at) { StoreHalf(at, FloatToF16(*from)); });
    case WeightType::kBF16:
      return StoreBlocks(weights, 1, 2, to,
                         [](const float* from, uint8_t* at) { StoreHalf(at, FloatToBF16(*from)); });
    default:
      return StoreBlocks(weights, 1, 4, to, [](const float* from, uint8_t* at) {
        andon_store_le(at, 4, std::bit_cast<uint32_t>(*from));
      });
  }
}

}  // namespace andon
