/* Little-endian integers: what is stored is loaded again, for every value, width and place; the low
 * byte comes first; a store touches no byte beside it; and loading then storing gives the same
 * bytes. */

#include "common/little_endian.h"
#include "prove.h"

enum { kRoom = 16 };

static uint64_t low_bytes(uint64_t value, unsigned size) {
  return size == 8 ? value : value & (((uint64_t)1 << (8 * size)) - 1);
}

void prove_store_then_load(unsigned size, unsigned place, uint64_t value) {
  GIVEN(size >= 1 && size <= 8 && place <= kRoom - 8);
  uint8_t bytes[kRoom], before[kRoom];
  for (unsigned i = 0; i < kRoom; ++i) before[i] = bytes[i] = nondet_u8();

  andon_store_le(bytes + place, size, value);
  PROVE(andon_load_le(bytes + place, size) == low_bytes(value, size));

  const unsigned i = nondet_u32();
  GIVEN(i < kRoom);
  const bool written = i >= place && i < place + size;
  PROVE(bytes[i] == (written ? (uint8_t)(value >> (8 * (i - place))) : before[i]));
}

void prove_load_then_store(unsigned size) {
  GIVEN(size >= 1 && size <= 8);
  uint8_t bytes[8], copy[8];
  for (unsigned i = 0; i < size; ++i) bytes[i] = nondet_u8();
  andon_store_le(copy, size, andon_load_le(bytes, size));

  const unsigned i = nondet_u32();
  GIVEN(i < size);
  PROVE(copy[i] == bytes[i]);
}

/* A record of mixed widths written field after field, as the headers of our formats are. */
void prove_record(uint64_t mark, uint64_t kind, uint64_t length) {
  uint8_t record[4 + 2 + 8];
  andon_store_le(record, 4, mark);
  andon_store_le(record + 4, 2, kind);
  andon_store_le(record + 6, 8, length);
  PROVE(andon_load_le(record, 4) == (uint32_t)mark);
  PROVE(andon_load_le(record + 4, 2) == (uint16_t)kind);
  PROVE(andon_load_le(record + 6, 8) == length);
}
