// Bytes written as hexadecimal text in tests.

#ifndef ANDON_TESTS_CORE_SUPPORT_HEX_H_
#define ANDON_TESTS_CORE_SUPPORT_HEX_H_

#include <gtest/gtest.h>

#include <string_view>

#include "common/bytes.h"
#include "crypto/hex.h"

namespace andon {

// REQUIRES: an even number of lowercase digits.
inline Bytes FromHex(std::string_view hex) {
  Bytes bytes(hex.size() / 2);
  EXPECT_TRUE(andon_hex_decode(hex.data(), bytes.size(), bytes.data())) << hex;
  return bytes;
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_HEX_H_
