#include "tests/core/support/peak_memory.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> in_use = 0;  // bytes, as malloc rounds them
std::atomic<uint64_t> peak = 0;

void* Count(void* memory) {
  in_use += malloc_usable_size(memory);
  peak = std::max(peak.load(), in_use.load());
  return memory;
}

}  // namespace

// The other forms of operator new and delete call these.
void* operator new(size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return Count(memory);
}

// AddressSanitizer's own does not.
void* operator new(size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return operator new(size);
}

void operator delete(void* memory) noexcept {
  in_use -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }

namespace andon {

PeakMemory::PeakMemory() : before_(in_use) { peak = in_use.load(); }

uint64_t PeakMemory::bytes() const { return peak - before_; }

}  // namespace andon
