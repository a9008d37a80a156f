/* Checked sums, products and alignment are refused exactly where the true result needs more than 64
 * bits; otherwise they are the true result. A refusal leaves the output alone. */

#include "common/checked.h"
#include "prove.h"

void prove_sum(uint64_t a, uint64_t b, uint64_t before) {
  uint64_t out = before;
  const andon_u128 truth = (andon_u128)a + b;
  const bool fits = andon_checked_add(a, b, &out);
  PROVE(fits == (truth <= UINT64_MAX));
  PROVE(out == (fits ? truth : before));
}

void prove_narrowing(andon_u128 exact, uint64_t before) {
  uint64_t out = before;
  const bool fits = andon_narrow(exact, &out);
  PROVE(fits == (exact <= UINT64_MAX));
  PROVE(out == (fits ? exact : before));
}

/* A product is the exact one, narrowed. That two 64-bit multipliers agree is out of reach of a SAT
 * solver, so products are compared with what defines them: repeated sums and shifts. */
void prove_product_is_repeated_sum(uint64_t a, uint64_t before) {
  andon_u128 truth = 0;
  for (uint64_t b = 0; b <= 5; ++b, truth += a) {
    uint64_t left = before, right = before;
    PROVE(andon_checked_mul(a, b, &left) == (truth <= UINT64_MAX));
    PROVE(andon_checked_mul(b, a, &right) == (truth <= UINT64_MAX));
    PROVE(left == (truth <= UINT64_MAX ? truth : before) && right == left);
  }
}

void prove_product_is_shift(uint64_t a, uint64_t before) {
  for (unsigned power = 0; power < 64; ++power) {
    uint64_t out = before;
    const andon_u128 truth = (andon_u128)a << power;
    PROVE(andon_checked_mul(a, (uint64_t)1 << power, &out) == (truth <= UINT64_MAX));
    PROVE(out == (truth <= UINT64_MAX ? truth : before));
  }
}

void prove_alignment(uint64_t value, unsigned power, uint64_t before) {
  GIVEN(power < 64);
  const uint64_t alignment = (uint64_t)1 << power;
  uint64_t out = before;
  const bool fits = andon_checked_align(value, alignment, &out);
  const andon_u128 truth = ((andon_u128)value + alignment - 1) >> power << power;
  PROVE(fits == (truth <= UINT64_MAX));
  PROVE(out == (fits ? truth : before));
  PROVE(!fits || (out >= value && out - value < alignment && (out & (alignment - 1)) == 0));
}
