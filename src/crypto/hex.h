/* Hexadecimal text and comparison of digests, in plain C so that CBMC can prove them (proofs/). */

#ifndef ANDON_CRYPTO_HEX_H_
#define ANDON_CRYPTO_HEX_H_

#include <stdbool.h>
#include <stdint.h>

/* Two lowercase digits for each byte. REQUIRES: room for 2 * count characters at `to`. */
static inline void andon_hex_encode(const uint8_t* from, uint64_t count, char* to) {
  static const char kDigits[] = "0123456789abcdef";
  for (uint64_t i = 0; i < count; ++i) {
    to[2 * i] = kDigits[from[i] >> 4];
    to[2 * i + 1] = kDigits[from[i] & 0xF];
  }
}

/* The value of a lowercase digit; 16 for any other character. */
static inline uint8_t andon_hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return (digit - '0') & 0xF;
  if (digit >= 'a' && digit <= 'f') return (digit - 'a' + 10) & 0xF;
  return 16;
}

/* Inverse of andon_hex_encode; false where a character is no lowercase digit.
 * REQUIRES: 2 * count characters at `from`, room for count bytes at `to`. */
static inline bool andon_hex_decode(const char* from, uint64_t count, uint8_t* to) {
  for (uint64_t i = 0; i < count; ++i) {
    const uint8_t high = andon_hex_value(from[2 * i]);
    const uint8_t low = andon_hex_value(from[2 * i + 1]);
    if (high > 15 || low > 15) return false;
    to[i] = (high << 4 | low) & 0xFF;
  }
  return true;
}

/* Whether two digests are the same, in a time that depends on nothing but their sizes. */
static inline bool andon_digest_equal(const uint8_t* a, uint64_t a_size, const uint8_t* b,
                                      uint64_t b_size) {
  if (a_size != b_size) return false;
  uint8_t difference = 0;
  for (uint64_t i = 0; i < a_size; ++i) difference |= a[i] ^ b[i];
  return difference == 0;
}

#endif /* ANDON_CRYPTO_HEX_H_ */
