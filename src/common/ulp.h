/* Distance of floating-point numbers in units in the last place, in plain C so that CBMC can prove
 * it (proofs/).
 *
 * The bit pattern (sign-magnitude) is mapped to a two's complement integer so that the integers are
 * ordered as the numbers are, and -0 and +0 coincide; see Bruce Dawson, "Comparing Floating Point
 * Numbers" (2012). NaN is at no distance from anything. */

#ifndef ANDON_COMMON_ULP_H_
#define ANDON_COMMON_ULP_H_

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Takes the bits of a float (float32) or double (float64) that is not NaN. */
static inline int64_t andon_ulp_order_f32(uint32_t bits) {
  const int64_t magnitude = bits & INT32_MAX;
  return bits >> 31 ? -magnitude : magnitude;
}

static inline int64_t andon_ulp_order_f64(uint64_t bits) {
  const int64_t magnitude = bits & INT64_MAX;
  return bits >> 63 ? -magnitude : magnitude;
}

/* Steps between two places in the order. Unsigned, for the distance of -max and max needs 64 bits.
 */
static inline uint64_t andon_ulp_distance(int64_t a, int64_t b) {
  uint64_t low, high; /* as bits: differences wrap to the right one */
  memcpy(&low, a < b ? &a : &b, sizeof(low));
  memcpy(&high, a < b ? &b : &a, sizeof(high));
  return high - low;
}

/* Whether the two numbers are at most max_ulps apart. false where either is NaN. */
static inline bool andon_ulp_equal_f32(float a, float b, uint32_t max_ulps) {
  uint32_t bits_a, bits_b;
  if (a != a || b != b) return false;
  memcpy(&bits_a, &a, sizeof(a));
  memcpy(&bits_b, &b, sizeof(b));
  return andon_ulp_distance(andon_ulp_order_f32(bits_a), andon_ulp_order_f32(bits_b)) <= max_ulps;
}

static inline bool andon_ulp_equal_f64(double a, double b, uint64_t max_ulps) {
  uint64_t bits_a, bits_b;
  if (a != a || b != b) return false;
  memcpy(&bits_a, &a, sizeof(a));
  memcpy(&bits_b, &b, sizeof(b));
  return andon_ulp_distance(andon_ulp_order_f64(bits_a), andon_ulp_order_f64(bits_b)) <= max_ulps;
}

#endif /* ANDON_COMMON_ULP_H_ */
