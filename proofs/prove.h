/* The words the harnesses are written in. Each function prove_...() is run on its own, and its
 * arguments stand for every value of their types at once: CBMC decides each PROVE for all of them.
 */

#ifndef ANDON_PROOFS_PROVE_H_
#define ANDON_PROOFS_PROVE_H_

#include <stdbool.h>
#include <stdint.h>

#define PROVE(claim) __CPROVER_assert(claim, #claim)
#define GIVEN(condition) __CPROVER_assume(condition)

/* Any value, where an argument will not do. CBMC knows functions of such names. */
char nondet_char(void);
uint8_t nondet_u8(void);
uint32_t nondet_u32(void);

#endif /* ANDON_PROOFS_PROVE_H_ */
