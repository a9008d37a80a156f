/* Little-endian integers of one to eight bytes at any address, in plain C so that CBMC can prove
 * them (proofs/). Where `size` is constant, compilers make one load or store of each. */

#ifndef ANDON_COMMON_LITTLE_ENDIAN_H_
#define ANDON_COMMON_LITTLE_ENDIAN_H_

#include <stdint.h>

/* REQUIRES: size bytes at `from`; size <= 8. */
static inline uint64_t andon_load_le(const uint8_t* from, unsigned size) {
  uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) {
    const uint64_t byte = from[i];
    value |= byte << (8 * i);
  }
  return value;
}

/* Stores the low `size` bytes of value. REQUIRES: room for size bytes at `to`; size <= 8. */
static inline void andon_store_le(uint8_t* to, unsigned size, uint64_t value) {
  for (unsigned i = 0; i < size; ++i) to[i] = (value >> (8 * i)) & 0xFF;
}

#endif /* ANDON_COMMON_LITTLE_ENDIAN_H_ */
