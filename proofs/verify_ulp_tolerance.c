/* The distance of two numbers is the count of steps from one to the next representable number
 * between them: the map to integers keeps the order (with -0 and +0 one place), leaves no gap, and
 * distance is |a - b| without overflow. Equality is symmetric, and false for NaN. */

#include "common/ulp.h"
#include "prove.h"

static uint32_t bits_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static uint64_t bits_f64(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

void prove_order_f32(float a, float b) {
  GIVEN(a == a && b == b);
  const int64_t order_a = andon_ulp_order_f32(bits_f32(a)),
                order_b = andon_ulp_order_f32(bits_f32(b));
  PROVE((a < b) == (order_a < order_b));
  PROVE((a == b) == (order_a == order_b)); /* injective, but for the two zeros */
}

void prove_order_f64(double a, double b) {
  GIVEN(a == a && b == b);
  const int64_t order_a = andon_ulp_order_f64(bits_f64(a)),
                order_b = andon_ulp_order_f64(bits_f64(b));
  PROVE((a < b) == (order_a < order_b));
  PROVE((a == b) == (order_a == order_b));
}

/* Every integer between the orders of the infinities is the order of a number: there is no gap. */
void prove_no_gap_f32(int64_t order) {
  const int64_t infinity = 0x7F800000;
  GIVEN(order >= -infinity && order <= infinity);
  const uint32_t bits = order < 0 ? 0x80000000u | (uint32_t)-order : (uint32_t)order;
  PROVE(andon_ulp_order_f32(bits) == order);
}

void prove_no_gap_f64(int64_t order) {
  const int64_t infinity = 0x7FF0000000000000;
  GIVEN(order >= -infinity && order <= infinity);
  const uint64_t bits = order < 0 ? 0x8000000000000000u | (uint64_t)-order : (uint64_t)order;
  PROVE(andon_ulp_order_f64(bits) == order);
}

void prove_distance(int64_t a, int64_t b) {
  const __int128 difference = (__int128)a - b;
  PROVE(andon_ulp_distance(a, b) == (difference < 0 ? -difference : difference));
}

void prove_equality_f32(float a, float b, uint32_t max_ulps) {
  const bool equal = andon_ulp_equal_f32(a, b, max_ulps);
  const bool numbers = a == a && b == b;
  PROVE(equal == andon_ulp_equal_f32(b, a, max_ulps));
  PROVE(numbers || !equal);
  PROVE(max_ulps != 0 || equal == (a == b));
}

void prove_tolerance_f32(float a, float b, uint32_t max_ulps) {
  GIVEN(a == a && b == b);
  const int64_t order_a = andon_ulp_order_f32(bits_f32(a)),
                order_b = andon_ulp_order_f32(bits_f32(b));
  PROVE(andon_ulp_equal_f32(a, b, max_ulps) == (andon_ulp_distance(order_a, order_b) <= max_ulps));
}

void prove_equality_f64(double a, double b, uint64_t max_ulps) {
  const bool equal = andon_ulp_equal_f64(a, b, max_ulps);
  const bool numbers = a == a && b == b;
  PROVE(equal == andon_ulp_equal_f64(b, a, max_ulps));
  PROVE(numbers || !equal);
  PROVE(max_ulps != 0 || equal == (a == b));
}

void prove_tolerance_f64(double a, double b, uint64_t max_ulps) {
  GIVEN(a == a && b == b);
  const int64_t order_a = andon_ulp_order_f64(bits_f64(a)),
                order_b = andon_ulp_order_f64(bits_f64(b));
  PROVE(andon_ulp_equal_f64(a, b, max_ulps) == (andon_ulp_distance(order_a, order_b) <= max_ulps));
}
