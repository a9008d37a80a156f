// Numbers to feed kernels with, and how far from the oracle they may end.

#ifndef ANDON_TESTS_CORE_KERNELS_NUMBERS_H_
#define ANDON_TESTS_CORE_KERNELS_NUMBERS_H_

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

#include "common/ulp.h"

namespace andon {

// Uniform in [-size, size); the same on every machine.
template <typename T>
std::vector<T> Numbers(size_t count, unsigned seed, double size = 1) {
  std::mt19937 source(seed);
  std::vector<T> numbers(count);
  for (T& x : numbers) x = static_cast<T>(size * (static_cast<double>(source()) / 0x1p31 - 1));
  return numbers;
}

template <typename T>
std::vector<T> Skip(const std::vector<T>& numbers, size_t count) {
  return {numbers.begin() + static_cast<ptrdiff_t>(count), numbers.end()};
}

inline bool WithinUlps(float a, float b, unsigned ulps) {
  return (std::isnan(a) && std::isnan(b)) || andon_ulp_equal_f32(a, b, ulps);
}
inline bool WithinUlps(double a, double b, unsigned ulps) {
  return (std::isnan(a) && std::isnan(b)) || andon_ulp_equal_f64(a, b, ulps);
}

template <typename T>
constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();
template <typename T>
constexpr T kInfinity = std::numeric_limits<T>::infinity();

}  // namespace andon

#endif  // ANDON_TESTS_CORE_KERNELS_NUMBERS_H_
