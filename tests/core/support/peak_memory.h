// Measures the memory that code takes from operator new (nothing else in Andon takes any).

#ifndef ANDON_TESTS_CORE_SUPPORT_PEAK_MEMORY_H_
#define ANDON_TESTS_CORE_SUPPORT_PEAK_MEMORY_H_

#include <cstdint>

namespace andon {

// One at a time, in one thread.
class PeakMemory {
 public:
  PeakMemory();

  // The most bytes that were in use at once since, beyond those in use then.
  uint64_t bytes() const;

 private:
  uint64_t before_;
};

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_PEAK_MEMORY_H_
