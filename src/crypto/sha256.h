// SHA-256 (FIPS 180-4), over libsodium.

#ifndef ANDON_CRYPTO_SHA256_H_
#define ANDON_CRYPTO_SHA256_H_

#include <sodium/crypto_hash_sha256.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"

namespace andon {

using Sha256Digest = std::array<uint8_t, 32>;

// Hashes a stream piece by piece.
class Sha256 {
 public:
  Sha256();
  void Update(ByteView bytes);
  // REQUIRES: called once; the object is not used again.
  Sha256Digest Finish();

 private:
  crypto_hash_sha256_state state_;
};

Sha256Digest Sha256Of(ByteView bytes);

// Whether a digest is the one stated, which may have any size, in a time that does not depend on
// their content. Every digest that is checked is checked here.
bool DigestMatches(const Sha256Digest& digest, ByteView stated);

// Lowercase hexadecimal.
std::string ToHex(ByteView bytes);
// Exactly 64 lowercase hexadecimal digits, or nothing.
std::optional<Sha256Digest> Sha256FromHex(std::string_view hex);

}  // namespace andon

#endif  // ANDON_CRYPTO_SHA256_H_
