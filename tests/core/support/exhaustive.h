// Every file that differs from another in one place, for tests that none of them is taken for it.

#ifndef ANDON_TESTS_CORE_SUPPORT_EXHAUSTIVE_H_
#define ANDON_TESTS_CORE_SUPPORT_EXHAUSTIVE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>
#include <span>

#include "common/bytes.h"

namespace andon {

// What was changed: a bit, a byte, the size.
struct Change {
  const char* what;
  size_t value;
  size_t byte;  // where

  friend std::ostream& operator<<(std::ostream& out, const Change& change) {
    return out << change.what << ' ' << change.value << " at byte " << change.byte;
  }
};

inline constexpr auto kEveryByte = [] {
  std::array<uint8_t, 256> values = {};
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<uint8_t>(i);
  return values;
}();

// Each calls `check(changed, change)` until a fatal failure in it.

template <typename Check>
void ForEachFlippedBit(ByteView file, Check check) {
  Bytes changed(file.begin(), file.end());
  for (size_t bit = 0; bit < changed.size() * 8; ++bit) {
    const auto mask = static_cast<uint8_t>(1 << bit % 8);
    changed[bit / 8] ^= mask;
    check(ByteView(changed), Change{"flipped bit", bit % 8, bit / 8});
    if (testing::Test::HasFatalFailure()) return;
    changed[bit / 8] ^= mask;
  }
}

// Cut at the end, and at the start.
template <typename Check>
void ForEachTruncation(ByteView file, Check check) {
  for (size_t size = 0; size < file.size(); ++size) {
    check(file.first(size), Change{"cut to", size, 0});
    check(file.last(size), Change{"cut to", size, file.size() - size});
    if (testing::Test::HasFatalFailure()) return;
  }
}

template <typename Check>
void ForEachInsertedByte(ByteView file, Check check, std::span<const uint8_t> values = kEveryByte) {
  Bytes changed(file.size() + 1);
  std::copy(file.begin(), file.end(), changed.begin() + 1);
  size_t byte = 0;  // where the inserted one is
  for (size_t i = 0; i < changed.size() * values.size(); ++i) {
    for (; byte < i / values.size(); ++byte) changed[byte] = file[byte];
    changed[byte] = values[i % values.size()];
    check(ByteView(changed), Change{"inserted", changed[byte], byte});
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_EXHAUSTIVE_H_
