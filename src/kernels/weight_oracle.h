// What weights in a file mean and what products with them are, in the obvious way, one weight at a
// time: for tests and fuzzers. Layouts are those of ggml's ggml-common.h, read here apart from the
// kernels.

#ifndef ANDON_KERNELS_WEIGHT_ORACLE_H_
#define ANDON_KERNELS_WEIGHT_ORACLE_H_

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "common/half.h"
#include "kernels/matrix.h"

namespace andon::oracle {

inline float F16At(const uint8_t* from) {
  return F16ToFloat(static_cast<uint16_t>(from[0] | from[1] << 8));
}

// 32 weights: d * q + m.
struct WeightPart {
  int q[32];
  float d = 0, m = 0;
};

// d * (nibble - offset) or, with an offset of 0, d * nibble + m.
inline WeightPart Block32Part(const uint8_t* block, bool five_bits, bool states_minimum) {
  WeightPart part;
  part.d = F16At(block);
  block += 2;
  if (states_minimum) {
    part.m = F16At(block);
    block += 2;
  }
  const uint8_t* const bits = block;
  if (five_bits) block += 4;
  const int offset = states_minimum ? 0 : five_bits ? 16 : 8;
  for (int c = 0; c < 32; ++c) {
    const int low = c < 16 ? block[c] % 16 : block[c - 16] / 16;
    const int fifth = five_bits ? bits[c / 8] >> c % 8 & 1 : 0;
    part.q[c] = low + 16 * fifth - offset;
  }
  return part;
}

// Part `i` of eight of a block of Q4_K or Q5_K.
inline WeightPart Block256Part(const uint8_t* block, int i, bool five_bits) {
  WeightPart part;
  const uint8_t* const s = block + 4;
  const int scale = i < 4 ? s[i] % 64 : s[i + 4] % 16 + s[i - 4] / 64 * 16;
  const int minimum = i < 4 ? s[i + 4] % 64 : s[i + 4] / 16 + s[i] / 64 * 16;
  part.d = F16At(block) * static_cast<float>(scale);
  part.m = -(F16At(block + 2) * static_cast<float>(minimum));
  const uint8_t* const bits = block + 16;
  const uint8_t* const nibbles = bits + (five_bits ? 32 : 0) + i / 2 * 32;
  for (int c = 0; c < 32; ++c) {
    part.q[c] = (i % 2 == 0 ? nibbles[c] % 16 : nibbles[c] / 16) +
                (five_bits ? 16 * (bits[c] >> i & 1) : 0);
  }
  return part;
}

// Part `i` of a block of Q6_K; the scale of 16 weights is in q.
inline WeightPart Q6_KPart(const uint8_t* block, int i) {
  WeightPart part;
  part.d = F16At(block + 208);
  const uint8_t* const low = block + i / 4 * 64 + i % 2 * 32;
  const uint8_t* const top = block + 128 + i / 4 * 32;
  for (int c = 0; c < 32; ++c) {
    const int scale = static_cast<int8_t>(block[192 + 2 * i + c / 16]);
    const int nibble = i % 4 < 2 ? low[c] % 16 : low[c] / 16;
    part.q[c] = (nibble + 16 * (top[c] >> i % 4 * 2 & 3) - 32) * scale;
  }
  return part;
}

inline WeightPart Q8_0Part(const uint8_t* block) {
  WeightPart part;
  part.d = F16At(block);
  for (int c = 0; c < 32; ++c) part.q[c] = static_cast<int8_t>(block[2 + c]);
  return part;
}

// Columns 32 p to 32 p + 31 of a row. REQUIRES: a quantised type.
inline WeightPart PartOfRow(WeightType type, const uint8_t* row, uint32_t p) {
  const WeightBlock shape = WeightBlockOf(type);
  const uint32_t parts = shape.weights / 32;
  const uint8_t* const block = row + size_t{p / parts} * shape.bytes;
  const int i = static_cast<int>(p % parts);
  switch (type) {
    case WeightType::kQ4_0:
    case WeightType::kQ4_1:
      return Block32Part(block, false, type == WeightType::kQ4_1);
    case WeightType::kQ5_0:
    case WeightType::kQ5_1:
      return Block32Part(block, true, type == WeightType::kQ5_1);
    case WeightType::kQ4_K:
    case WeightType::kQ5_K:
      return Block256Part(block, i, type == WeightType::kQ5_K);
    case WeightType::kQ6_K:
      return Q6_KPart(block, i);
    default:
      return Q8_0Part(block);
  }
}

inline bool IsFloat(WeightType type) {
  return type == WeightType::kF32 || type == WeightType::kF16 || type == WeightType::kBF16;
}

// Column c of a row of a type for which IsFloat().
inline float FloatOfRow(WeightType type, const uint8_t* row, uint32_t c) {
  if (type == WeightType::kF16) return F16At(row + 2 * c);
  if (type == WeightType::kBF16)
    return BF16ToFloat(static_cast<uint16_t>(row[2 * c] | row[2 * c + 1] << 8));
  float value;
  std::memcpy(&value, row + 4 * c, 4);
  return value;
}

// The numbers that a row means.
inline std::vector<float> Row(WeightType type, const uint8_t* row, uint32_t columns) {
  std::vector<float> numbers(columns);
  for (uint32_t c = 0; c < columns; ++c) {
    if (IsFloat(type)) {
      numbers[c] = FloatOfRow(type, row, c);
    } else {
      const WeightPart part = PartOfRow(type, row, c / 32);
      numbers[c] = part.d * static_cast<float>(part.q[c % 32]) + part.m;
    }
  }
  return numbers;
}

// x = scale * q.
struct QuantizedPart {
  int q[32];
  float scale = 0;
};
inline QuantizedPart QuantizePart(const float* x) {
  QuantizedPart part;
  float largest = 0;
  for (int c = 0; c < 32; ++c) largest = std::max(largest, std::fabs(x[c]));
  part.scale = largest / 127;
  const float inverse = largest > 0 ? 127 / largest : 0;
  for (int c = 0; c < 32; ++c) part.q[c] = static_cast<int>(std::nearbyint(x[c] * inverse));
  return part;
}

// The product of a row and one token, to the bit what every kernel must give.
inline float Product(WeightType type, const uint8_t* row, const float* x, uint32_t columns) {
  float total = 0;
  for (uint32_t c = 0; c < columns; c += 32) {
    if (IsFloat(type)) {
      float sum = 0;
      for (uint32_t i = c; i < std::min(columns, c + 32); ++i)
        sum += FloatOfRow(type, row, i) * x[i];
      total += sum;
      continue;
    }
    const WeightPart w = PartOfRow(type, row, c / 32);
    const QuantizedPart a = QuantizePart(x + c);
    int dot = 0, sum = 0;
    for (int i = 0; i < 32; ++i) {
      dot += w.q[i] * a.q[i];
      sum += a.q[i];
    }
    total += static_cast<float>(dot) * (w.d * a.scale);
    total += w.m * (a.scale * static_cast<float>(sum));
  }
  return total;
}

}  // namespace andon::oracle

#endif  // ANDON_KERNELS_WEIGHT_ORACLE_H_
