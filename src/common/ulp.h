/* Distance of floating-point numbers in units in the last place, in plain C for the proofs.
 *
 * The bit pattern (sign-magnitude) is mapped to a two's complement integer so that the integers are
 * ordered as the numbers are, and -0 and +0 coincide; see Bruce Dawson, "Comparing Floating Point
 * Numbers" (2012). NaN is at no distance from anything. */

#ifndef ANDON_COMMON_ULP_H_
#define ANDON_COMMON_ULP_H_

#include <stdbool.h>
#include <stdint.h>

/* Takes the bits of a float (float32) or double (float64). */
int64_t andon_ulp_order_f32(uint32_t bits);
int64_t andon_ulp_order_f64(uint64_t bits);

/* Whether the two numbers are at most max_ulps apart. false where either is NaN. */
bool andon_ulp_equal_f32(float a, float b, uint32_t max_ulps);
bool andon_ulp_equal_f64(double a, double b, uint64_t max_ulps);

#endif /* ANDON_COMMON_ULP_H_ */
