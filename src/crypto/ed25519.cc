#include "crypto/ed25519.h"

#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

namespace andon {
namespace {

// The form libsodium signs with: the seed and the public key side by side. Wiped after use.
class KeyPair {
 public:
  explicit KeyPair(const Ed25519Seed& seed) {
    crypto_sign_ed25519_seed_keypair(public_key_.data(), secret_.data(), seed.data());
  }
  ~KeyPair() { sodium_memzero(secret_.data(), secret_.size()); }
  KeyPair(const KeyPair&) = delete;
  KeyPair& operator=(const KeyPair&) = delete;

  const Ed25519PublicKey& public_key() const { return public_key_; }
  const uint8_t* secret() const { return secret_.data(); }

 private:
  Ed25519PublicKey public_key_;
  std::array<uint8_t, crypto_sign_ed25519_SECRETKEYBYTES> secret_;
};

}  // namespace

// None of these draws randomness or needs sodium_init(): libsodium has one implementation of
// Ed25519 and SHA-512, chosen when it was compiled.

bool Ed25519Verify(const Ed25519PublicKey& key, ByteView message,
                   const Ed25519Signature& signature) {
  return crypto_sign_ed25519_verify_detached(signature.data(), message.data(), message.size(),
                                             key.data()) == 0;
}

Ed25519PublicKey Ed25519PublicKeyOf(const Ed25519Seed& seed) { return KeyPair(seed).public_key(); }

Ed25519Signature Ed25519Sign(const Ed25519Seed& seed, ByteView message) {
  const KeyPair pair(seed);
  Ed25519Signature signature;
  crypto_sign_ed25519_detached(signature.data(), nullptr, message.data(), message.size(),
                               pair.secret());
  return signature;
}

}  // namespace andon
