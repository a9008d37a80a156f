/* Sections of an .expert that follow one another by the rule lie inside the file, in order and
 * apart, each where its alignment puts it, and leave no gap that is as long as that. */

#include "formats/expert_layout.h"
#include "prove.h"

enum { SECTIONS = 8 };

uint64_t nondet_u64(void);

void prove_section_follows(uint64_t previous_end, bool params, uint64_t offset, uint64_t stored,
                           uint64_t file_bytes) {
  const uint64_t alignment = params ? ANDON_EXPERT_PARAMS_ALIGNMENT : ANDON_EXPERT_ALIGNMENT;
  uint64_t end = 0;
  const bool follows =
      andon_expert_section_follows(previous_end, alignment, offset, stored, file_bytes, &end);
  /* Exactly the sections that keep the rule follow: sums in 128 bits cannot wrap. */
  const unsigned __int128 wide = offset;
  const bool keeps = offset >= previous_end && offset - previous_end < alignment &&
                     offset % alignment == 0 && stored > 0 && wide + stored <= file_bytes;
  PROVE(follows == keeps);
  PROVE(!follows || end == offset + stored);
}

void prove_sections_lie_apart(uint64_t head_bytes, uint64_t file_bytes) {
  uint64_t offset[SECTIONS], end[SECTIONS];
  uint64_t previous_end = head_bytes;
  for (int i = 0; i < SECTIONS; ++i) {
    const uint64_t alignment = nondet_u8() ? ANDON_EXPERT_PARAMS_ALIGNMENT : ANDON_EXPERT_ALIGNMENT;
    offset[i] = nondet_u64();
    GIVEN(andon_expert_section_follows(previous_end, alignment, offset[i], nondet_u64(), file_bytes,
                                       &end[i]));
    PROVE(offset[i] - previous_end < alignment);
    previous_end = end[i];
  }
  for (int i = 0; i < SECTIONS; ++i) {
    PROVE(head_bytes <= offset[i] && offset[i] < end[i] && end[i] <= file_bytes);
    for (int j = 0; j < i; ++j) PROVE(end[j] <= offset[i]);
  }
}
