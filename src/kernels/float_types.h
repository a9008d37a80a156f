// The types of floats in weights and adapters: how a value is read, and four beside each other.

#ifndef ANDON_KERNELS_FLOAT_TYPES_H_
#define ANDON_KERNELS_FLOAT_TYPES_H_

#include <cstdint>
#include <cstring>

#include "kernels/f16.h"
#include "kernels/simd.h"

namespace andon {

struct F32 {
  static constexpr uint32_t kBytes = 4;
  static float Value(const uint8_t* from) {
    float value;
    std::memcpy(&value, from, sizeof(value));
    return value;
  }
  static v128_t Load(const uint8_t* from) { return wasm_v128_load(from); }
};

struct F16 {
  static constexpr uint32_t kBytes = 2;
  static float Value(const uint8_t* from) { return LoadF16(from); }
  static v128_t Load(const uint8_t* from) { return LoadF16x4(from); }
};

struct BF16 {
  static constexpr uint32_t kBytes = 2;
  static float Value(const uint8_t* from) { return BF16ToFloat(LoadU16(from)); }
  static v128_t Load(const uint8_t* from) { return wasm_i32x4_shl(wasm_u32x4_load16x4(from), 16); }
};

}  // namespace andon

#endif  // ANDON_KERNELS_FLOAT_TYPES_H_
