// Vectors of four floats and of two doubles: one source for WebAssembly SIMD128 and, through SIMDe,
// for native code. Every operation rounds alike on both, so results agree bit for bit.

#ifndef ANDON_KERNELS_SIMD_H_
#define ANDON_KERNELS_SIMD_H_

#include <array>
#include <cstddef>
#include <cstdint>

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/wasm/simd128.h>
#endif

namespace andon {

struct F32x4 {
  using Scalar = float;
  static constexpr size_t kLanes = 4;
  v128_t bits;

  static F32x4 Splat(float x) { return {wasm_f32x4_splat(x)}; }
  static F32x4 Load(const float* from) { return {wasm_v128_load(from)}; }
  // One lane from each address.
  static F32x4 Gather(const std::array<const float*, 4>& from) {
    return {wasm_f32x4_make(*from[0], *from[1], *from[2], *from[3])};
  }
  void Scatter(const std::array<float*, 4>& to) const {
    *to[0] = wasm_f32x4_extract_lane(bits, 0);
    *to[1] = wasm_f32x4_extract_lane(bits, 1);
    *to[2] = wasm_f32x4_extract_lane(bits, 2);
    *to[3] = wasm_f32x4_extract_lane(bits, 3);
  }
  float Total() const {
    return (wasm_f32x4_extract_lane(bits, 0) + wasm_f32x4_extract_lane(bits, 2)) +
           (wasm_f32x4_extract_lane(bits, 1) + wasm_f32x4_extract_lane(bits, 3));
  }
};

inline F32x4 operator+(F32x4 a, F32x4 b) { return {wasm_f32x4_add(a.bits, b.bits)}; }
inline F32x4 operator-(F32x4 a, F32x4 b) { return {wasm_f32x4_sub(a.bits, b.bits)}; }
inline F32x4 operator*(F32x4 a, F32x4 b) { return {wasm_f32x4_mul(a.bits, b.bits)}; }
inline F32x4 operator/(F32x4 a, F32x4 b) { return {wasm_f32x4_div(a.bits, b.bits)}; }
inline F32x4 NegatedAbs(F32x4 a) { return {wasm_f32x4_neg(wasm_f32x4_abs(a.bits))}; }
inline F32x4 Nearest(F32x4 a) { return {wasm_f32x4_nearest(a.bits)}; }
// The larger; `a` where either is NaN.
inline F32x4 Max(F32x4 a, F32x4 b) { return {wasm_f32x4_pmax(a.bits, b.bits)}; }
// Where a lane of `x` is negative that of `yes`, elsewhere that of `no`.
inline F32x4 IfNegative(F32x4 x, F32x4 yes, F32x4 no) {
  const v128_t negative = wasm_f32x4_lt(x.bits, wasm_f32x4_splat(0));
  return {wasm_v128_bitselect(yes.bits, no.bits, negative)};
}
// 2^n for whole n from -126 to 127: adding 1.5 * 2^23 leaves n in the low bits, from where it moves
// into the exponent.
inline F32x4 PowerOfTwo(F32x4 n) {
  const v128_t whole = wasm_f32x4_add(n.bits, wasm_f32x4_splat(0x1.8p23F));
  return {wasm_i32x4_add(wasm_i32x4_shl(whole, 23), wasm_i32x4_splat(127 << 23))};
}

struct F64x2 {
  using Scalar = double;
  static constexpr size_t kLanes = 2;
  v128_t bits;

  static F64x2 Splat(double x) { return {wasm_f64x2_splat(x)}; }
  static F64x2 Load(const double* from) { return {wasm_v128_load(from)}; }
  static F64x2 Load(const float* from) {
    return {wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(from))};
  }
  static F64x2 Gather(const std::array<const double*, 2>& from) {
    return {wasm_f64x2_make(*from[0], *from[1])};
  }
  void Scatter(const std::array<double*, 2>& to) const {
    *to[0] = wasm_f64x2_extract_lane(bits, 0);
    *to[1] = wasm_f64x2_extract_lane(bits, 1);
  }
  double Total() const {
    return wasm_f64x2_extract_lane(bits, 0) + wasm_f64x2_extract_lane(bits, 1);
  }
};

inline F64x2 operator+(F64x2 a, F64x2 b) { return {wasm_f64x2_add(a.bits, b.bits)}; }
inline F64x2 operator-(F64x2 a, F64x2 b) { return {wasm_f64x2_sub(a.bits, b.bits)}; }
inline F64x2 operator*(F64x2 a, F64x2 b) { return {wasm_f64x2_mul(a.bits, b.bits)}; }
inline F64x2 operator/(F64x2 a, F64x2 b) { return {wasm_f64x2_div(a.bits, b.bits)}; }
inline F64x2 NegatedAbs(F64x2 a) { return {wasm_f64x2_neg(wasm_f64x2_abs(a.bits))}; }
inline F64x2 Nearest(F64x2 a) { return {wasm_f64x2_nearest(a.bits)}; }
inline F64x2 Max(F64x2 a, F64x2 b) { return {wasm_f64x2_pmax(a.bits, b.bits)}; }
inline F64x2 IfNegative(F64x2 x, F64x2 yes, F64x2 no) {
  const v128_t negative = wasm_f64x2_lt(x.bits, wasm_f64x2_splat(0));
  return {wasm_v128_bitselect(yes.bits, no.bits, negative)};
}
// 2^n for whole n from -1022 to 1023.
inline F64x2 PowerOfTwo(F64x2 n) {
  const v128_t whole = wasm_f64x2_add(n.bits, wasm_f64x2_splat(0x1.8p52));
  return {wasm_i64x2_add(wasm_i64x2_shl(whole, 52), wasm_i64x2_splat(int64_t{1023} << 52))};
}

namespace internal {
template <typename Scalar>
struct VectorOf;
template <>
struct VectorOf<float> {
  using Type = F32x4;
};
template <>
struct VectorOf<double> {
  using Type = F64x2;
};
}  // namespace internal

template <typename Scalar>
using Vector = typename internal::VectorOf<Scalar>::Type;

// Where kCount rows begin, from row `first` on. Past the last row the last one is repeated: work
// done twice writes the same numbers to the same place, and no kernel needs a second path for the
// rest. REQUIRES: first < row_count.
template <size_t kCount, typename T>
std::array<T*, kCount> RowsFrom(size_t first, size_t row_count, T* rows, size_t stride) {
  std::array<T*, kCount> result;
  for (size_t i = 0; i < kCount; ++i) {
    const size_t row = first + i < row_count ? first + i : row_count - 1;
    result[i] = rows + row * stride;
  }
  return result;
}

}  // namespace andon

#endif  // ANDON_KERNELS_SIMD_H_
