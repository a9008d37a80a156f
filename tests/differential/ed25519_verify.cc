// Answers '1' or '0' for each case of the input: whether the signature verifies.
//   u8 key[32], u8 signature[64], u8 message[32]

#include <algorithm>
#include <cstdio>

#include "crypto/ed25519.h"

int main() {
  std::array<uint8_t, 128> input;
  while (std::fread(input.data(), 1, input.size(), stdin) == input.size()) {
    andon::Ed25519PublicKey key;
    andon::Ed25519Signature signature;
    std::copy_n(input.begin(), key.size(), key.begin());
    std::copy_n(input.begin() + 32, signature.size(), signature.begin());
    const bool holds = andon::Ed25519Verify(key, andon::ByteView(input).last(32), signature);
    std::putchar(holds ? '1' : '0');
  }
}
