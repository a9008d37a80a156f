#include "engine/loaded_weights.h"

#include <limits>

namespace andon {

uint8_t* LoadedWeights::Allocate(uint64_t bytes) {
  if (bytes > std::numeric_limits<size_t>::max() / 2) return nullptr;
  auto* const memory =
      static_cast<uint8_t*>(operator new[](static_cast<size_t>(bytes), kAlignment, std::nothrow));
  if (memory != nullptr) memory_.emplace_back(memory);
  return memory;
}

}  // namespace andon
