// e^x for x <= 0, four floats or two doubles at a time: all that sigmoid and softmax need, for they
// can always be written with exponents that are not positive.
//
// x = n ln 2 + r with |r| <= ln 2 / 2, then e^x = 2^n e^r; ln 2 is split in two so that n times its
// first part is exact. The approximations of e^r are those of the Cephes library (S. Moshier, 1984
// to 2000; expf.c, exp.c). Error: at most 1 ulp for floats (all were tried), 2 ulp for doubles (20
// million were tried); the tests sample both. Small results become denormal, then 0.

#ifndef ANDON_KERNELS_EXP_H_
#define ANDON_KERNELS_EXP_H_

#include "kernels/simd.h"

namespace andon {
namespace internal {

// Two steps, for 2^n itself may be too small for a normal number.
template <typename Vector>
Vector TimesPowerOfTwo(Vector x, Vector n) {
  const Vector half = Nearest(n * Vector::Splat(0.5));
  return x * PowerOfTwo(half) * PowerOfTwo(n - half);
}

// e^r = 1 + r + r^2 P(r)
inline F32x4 ExpOfRemainder(F32x4 r) {
  F32x4 p = F32x4::Splat(1.9875691500E-4F);
  for (const float c :
       {1.3981999507E-3F, 8.3334519073E-3F, 4.1665795894E-2F, 1.6666665459E-1F, 5.0000001201E-1F}) {
    p = p * r + F32x4::Splat(c);
  }
  return r * r * p + r + F32x4::Splat(1);
}

// e^r = 1 + 2 r P(r^2) / (Q(r^2) - r P(r^2))
inline F64x2 ExpOfRemainder(F64x2 r) {
  const F64x2 square = r * r;
  F64x2 p = F64x2::Splat(1.26177193074810590878E-4);
  for (const double c : {3.02994407707441961300E-2, 9.99999999999999999910E-1}) {
    p = p * square + F64x2::Splat(c);
  }
  F64x2 q = F64x2::Splat(3.00198505138664455042E-6);
  for (const double c :
       {2.52448340349684104192E-3, 2.27265548208155028766E-1, 2.00000000000000000009E0}) {
    q = q * square + F64x2::Splat(c);
  }
  p = p * r;
  return F64x2::Splat(1) + F64x2::Splat(2) * (p / (q - p));
}

}  // namespace internal

constexpr double kLog2OfE = 1.4426950408889634073599;

// NaN in, NaN out. REQUIRES: no lane is positive.
inline F32x4 ExpNonPositive(F32x4 x) {
  x = Max(x, F32x4::Splat(-104));  // e^-104 rounds to 0
  const F32x4 n = Nearest(x * F32x4::Splat(static_cast<float>(kLog2OfE)));
  const F32x4 r = x - n * F32x4::Splat(0.693359375F) - n * F32x4::Splat(-2.12194440E-4F);
  return internal::TimesPowerOfTwo(internal::ExpOfRemainder(r), n);
}

inline F64x2 ExpNonPositive(F64x2 x) {
  x = Max(x, F64x2::Splat(-746));  // e^-746 rounds to 0
  const F64x2 n = Nearest(x * F64x2::Splat(kLog2OfE));
  const F64x2 r =
      x - n * F64x2::Splat(6.93145751953125E-1) - n * F64x2::Splat(1.42860682030941723212E-6);
  return internal::TimesPowerOfTwo(internal::ExpOfRemainder(r), n);
}

}  // namespace andon

#endif  // ANDON_KERNELS_EXP_H_
