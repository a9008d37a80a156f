// Weights of any type that look like those of a model: numbers around zero, whole blocks.

#ifndef ANDON_TESTS_CORE_SUPPORT_RANDOM_WEIGHTS_H_
#define ANDON_TESTS_CORE_SUPPORT_RANDOM_WEIGHTS_H_

#include <bit>
#include <cmath>
#include <cstdint>

#include "common/bytes.h"
#include "common/half.h"
#include "common/little_endian.h"
#include "tensor/quantized.h"

namespace andon {

// The same numbers on every machine: splitmix64.
class RandomNumbers {
 public:
  explicit RandomNumbers(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  // Between -1 and 1.
  float Unit() {
    return static_cast<float>(static_cast<int64_t>(Next() >> 40) - (1 << 23)) * 0x1p-23F;
  }

 private:
  uint64_t state_;
};

// One block; weights are about `size` large.
inline void FillRandomBlock(WeightType type, float size, RandomNumbers& random, uint8_t* block) {
  const WeightBlock layout = WeightBlockOf(type);
  for (uint32_t i = 0; i < layout.bytes; ++i) block[i] = static_cast<uint8_t>(random.Next());
  const auto half = [block](uint32_t at, float value) {
    andon_store_le(block + at, 2, FloatToF16(value));
  };
  switch (type) {
    case WeightType::kF32:
      return andon_store_le(block, 4, std::bit_cast<uint32_t>(size * random.Unit()));
    case WeightType::kF16:
      return half(0, size * random.Unit());
    case WeightType::kBF16:
      return andon_store_le(block, 2, FloatToBF16(size * random.Unit()));
    case WeightType::kQ8_0:
      return half(0, size / 127);
    case WeightType::kQ4_0:
      return half(0, size / 8);
    case WeightType::kQ4_1:
      return half(0, size / 8), half(2, -size);
    case WeightType::kQ5_0:
      return half(0, size / 16);
    case WeightType::kQ5_1:
      return half(0, size / 16), half(2, -size);
    case WeightType::kQ4_K:
      return half(0, size / 8 / 63), half(2, size / 63);
    case WeightType::kQ5_K:
      return half(0, size / 16 / 63), half(2, size / 63);
    case WeightType::kQ6_K:
      return half(208, size / 32 / 127);
  }
}

inline Bytes RandomWeights(WeightType type, uint64_t count, float size, RandomNumbers& random) {
  const WeightBlock layout = WeightBlockOf(type);
  Bytes bytes(static_cast<size_t>(count / layout.weights * layout.bytes));
  for (size_t at = 0; at < bytes.size(); at += layout.bytes)
    FillRandomBlock(type, size, random, bytes.data() + at);
  return bytes;
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_RANDOM_WEIGHTS_H_
