/* A range is contained exactly where its true end lies within the size, so that every byte of it
 * is. */

#include "common/checked.h"
#include "prove.h"

void prove_containment(uint64_t size, uint64_t offset, uint64_t length, uint64_t index) {
  const bool contained = andon_range_contains(size, offset, length);
  PROVE(contained == ((andon_u128)offset + length <= size));
  PROVE(!(contained && index < length) || offset + index < size);
}
