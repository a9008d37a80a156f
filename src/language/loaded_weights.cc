#include "language/loaded_weights.h"

#include <limits>

namespace andon {
namespace {

constexpr size_t kCacheLine = 64;

}  // namespace

// A failing `new` would not return.
uint8_t* LoadedWeights::Allocate(uint64_t bytes) {
  if (bytes > std::numeric_limits<size_t>::max() / 2) return nullptr;
  const size_t lines = (static_cast<size_t>(bytes) + kCacheLine - 1) / kCacheLine;
  auto* const memory = static_cast<uint8_t*>(std::aligned_alloc(kCacheLine, lines * kCacheLine));
  if (memory != nullptr) memory_.emplace_back(memory);
  return memory;
}

}  // namespace andon
