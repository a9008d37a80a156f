/* A checksum in text: hexadecimal is a bijection between 32 bytes and the 64-digit texts it
 * accepts, and two digests compare equal exactly where their sizes and every byte are. So a digest
 * that passes is the digest. */

#include "crypto/hex.h"
#include "prove.h"

enum { kDigest = 32 };

static unsigned any_index(unsigned count) {
  const unsigned i = nondet_u32();
  GIVEN(i < count);
  return i;
}

void prove_decode_inverts_encode(void) {
  uint8_t digest[kDigest], decoded[kDigest];
  char text[2 * kDigest];
  for (unsigned i = 0; i < kDigest; ++i) digest[i] = nondet_u8();
  andon_hex_encode(digest, kDigest, text);
  PROVE(andon_hex_decode(text, kDigest, decoded));
  const unsigned i = any_index(kDigest);
  PROVE(decoded[i] == digest[i]);
}

void prove_encode_inverts_decode(void) {
  uint8_t digest[kDigest];
  char text[2 * kDigest], encoded[2 * kDigest];
  bool all_digits = true;
  for (unsigned i = 0; i < 2 * kDigest; ++i) {
    const char c = text[i] = nondet_char();
    all_digits = all_digits && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
  const bool accepted = andon_hex_decode(text, kDigest, digest);
  PROVE(accepted == all_digits);
  if (!accepted) return;
  andon_hex_encode(digest, kDigest, encoded);
  const unsigned i = any_index(2 * kDigest);
  PROVE(encoded[i] == text[i]);
}

void prove_comparison(uint64_t a_size, uint64_t b_size) {
  GIVEN(a_size <= kDigest && b_size <= kDigest);
  uint8_t a[kDigest], b[kDigest];
  bool same = a_size == b_size;
  for (unsigned i = 0; i < kDigest; ++i) {
    a[i] = nondet_u8();
    b[i] = nondet_u8();
    same = same && (i >= a_size || a[i] == b[i]);
  }
  PROVE(andon_digest_equal(a, a_size, b, b_size) == same);
  PROVE(andon_digest_equal(b, b_size, a, a_size) == same);
}

void prove_flipped_bit_is_seen(void) {
  uint8_t digest[kDigest], flipped[kDigest];
  for (unsigned i = 0; i < kDigest; ++i) digest[i] = flipped[i] = nondet_u8();
  PROVE(andon_digest_equal(digest, kDigest, flipped, kDigest));
  flipped[any_index(kDigest)] ^= (uint8_t)1 << any_index(8);
  PROVE(!andon_digest_equal(digest, kDigest, flipped, kDigest));
}
