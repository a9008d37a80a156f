#include "kernels/half_rows.h"

#include "common/half.h"
#include "kernels/simd.h"

namespace andon {

void WidenF16(const uint16_t* from, size_t count, float* to) {
  size_t i = 0;
  for (; count - i >= 4; i += 4) {
    const v128_t half = wasm_u32x4_load16x4(from + i);
    // The exponent moves by a multiplication, which is exact, subnormals included.
    const v128_t magnitude = wasm_i32x4_shl(wasm_v128_and(half, wasm_i32x4_splat(0x7FFF)), 13);
    const v128_t sign = wasm_i32x4_shl(wasm_v128_and(half, wasm_i32x4_splat(0x8000)), 16);
    const v128_t finite = wasm_f32x4_mul(magnitude, wasm_f32x4_splat(0x1p112F));
    // The largest exponent means infinity or NaN.
    const v128_t endless = wasm_i32x4_ge(magnitude, wasm_i32x4_splat(0x7C00 << 13));
    const v128_t top = wasm_v128_and(endless, wasm_i32x4_splat(0x7F800000));
    wasm_v128_store(to + i, wasm_v128_or(wasm_v128_or(finite, top), sign));
  }
  for (; i < count; ++i) to[i] = F16ToFloat(from[i]);
}

}  // namespace andon
