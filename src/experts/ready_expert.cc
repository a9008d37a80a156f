#include "experts/ready_expert.h"

namespace andon {

uint64_t ReadyExpert::bytes() const {
  return sizeof(*this) + adapter_bytes() + description.capacity() + grammar.capacity() +
         (soft_prompt ? soft_prompt->capacity() * sizeof(float) : 0) +
         (tokenizer ? tokenizer->bytes() : 0);
}

}  // namespace andon
