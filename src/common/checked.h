/* Checked 64-bit arithmetic and range containment, in plain C so that CBMC can prove it
 * (proofs/). Every size or offset that comes from a file goes through these functions. */

#ifndef ANDON_COMMON_CHECKED_H_
#define ANDON_COMMON_CHECKED_H_

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 andon_u128; /* products of 64 bits are exact in it */

/* Each returns false and leaves *out alone when the true result does not fit in 64 bits. */
static inline bool andon_narrow(andon_u128 exact, uint64_t* out) {
  if (exact > UINT64_MAX) return false;
  *out = exact & UINT64_MAX;
  return true;
}

static inline bool andon_checked_add(uint64_t a, uint64_t b, uint64_t* out) {
  if (a > UINT64_MAX - b) return false;
  *out = a + b;
  return true;
}

static inline bool andon_checked_mul(uint64_t a, uint64_t b, uint64_t* out) {
  const andon_u128 wide = a;
  return andon_narrow(wide * b, out);
}

/* Rounds up to a multiple of `alignment`, a power of two. */
static inline bool andon_checked_align(uint64_t value, uint64_t alignment, uint64_t* out) {
  uint64_t sum;
  if (!andon_checked_add(value, alignment - 1, &sum)) return false;
  *out = sum & ~(alignment - 1);
  return true;
}

/* Whether [offset, offset + length) lies within [0, size); never overflows. */
static inline bool andon_range_contains(uint64_t size, uint64_t offset, uint64_t length) {
  return offset <= size && length <= size - offset;
}

#endif /* ANDON_COMMON_CHECKED_H_ */
