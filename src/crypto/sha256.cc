#include "crypto/sha256.h"

#include "crypto/hex.h"

namespace andon {

Sha256::Sha256() { crypto_hash_sha256_init(&state_); }

void Sha256::Update(ByteView bytes) {
  crypto_hash_sha256_update(&state_, bytes.data(), bytes.size());
}

Sha256Digest Sha256::Finish() {
  Sha256Digest digest;
  crypto_hash_sha256_final(&state_, digest.data());
  return digest;
}

Sha256Digest Sha256Of(ByteView bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Finish();
}

bool DigestMatches(const Sha256Digest& digest, ByteView stated) {
  return andon_digest_equal(digest.data(), digest.size(), stated.data(), stated.size());
}

std::string ToHex(ByteView bytes) {
  std::string hex(2 * bytes.size(), '\0');
  andon_hex_encode(bytes.data(), bytes.size(), hex.data());
  return hex;
}

std::optional<Sha256Digest> Sha256FromHex(std::string_view hex) {
  Sha256Digest digest;
  if (hex.size() != 2 * digest.size()) return std::nullopt;
  if (!andon_hex_decode(hex.data(), digest.size(), digest.data())) return std::nullopt;
  return digest;
}

}  // namespace andon
