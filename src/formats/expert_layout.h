/* The fixed numbers of .expert version 2 (docs/BINARY_FORMAT_SPEC.md), and the rule that places a
 * section, in plain C so that CBMC can prove it (proofs/). */

#ifndef ANDON_FORMATS_EXPERT_LAYOUT_H_
#define ANDON_FORMATS_EXPERT_LAYOUT_H_

#include <stdbool.h>
#include <stdint.h>

enum {
  ANDON_EXPERT_METADATA_OFFSET = 0x74, /* the fixed header lies before */
  ANDON_EXPERT_FILE_SHA256_OFFSET = 0x14,
  ANDON_EXPERT_SIGNATURE_OFFSET = 0x34,
  ANDON_EXPERT_TOC_ENTRY_BYTES = 96,
  ANDON_EXPERT_ALIGNMENT = 64,
  ANDON_EXPERT_PARAMS_ALIGNMENT = 256
};

/* The first multiple of `alignment` at or above `value`; false where it does not fit in 64 bits.
 * REQUIRES: `alignment` is a power of two. */
static inline bool andon_expert_align(uint64_t value, uint64_t alignment, uint64_t* aligned) {
  if (value > UINT64_MAX - (alignment - 1)) return false;
  *aligned = (value + (alignment - 1)) & ~(alignment - 1);
  return true;
}

/* Whether a section lies where the one before it, which ends at `previous_end`, lets it: at the
 * next multiple of its alignment, so that gaps are shorter than that, and inside a file of
 * `file_bytes`. Then its end is in `end`. Applied in file order it leaves no overlap, no other
 * order and no bytes that belong to nobody. REQUIRES: `alignment` is a power of two. */
static inline bool andon_expert_section_follows(uint64_t previous_end, uint64_t alignment,
                                                uint64_t offset, uint64_t stored_length,
                                                uint64_t file_bytes, uint64_t* end) {
  uint64_t expected = 0;
  if (!andon_expert_align(previous_end, alignment, &expected)) return false;
  if (offset != expected || offset > file_bytes) return false;
  if (stored_length == 0 || stored_length > file_bytes - offset) return false;
  *end = offset + stored_length;
  return true;
}

#endif /* ANDON_FORMATS_EXPERT_LAYOUT_H_ */
