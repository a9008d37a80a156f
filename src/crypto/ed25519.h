// Ed25519 (RFC 8032, pure), over libsodium: canonical encodings only, no keys or R of small order.

#ifndef ANDON_CRYPTO_ED25519_H_
#define ANDON_CRYPTO_ED25519_H_

#include <array>

#include "common/bytes.h"

namespace andon {

using Ed25519PublicKey = std::array<uint8_t, 32>;
using Ed25519Signature = std::array<uint8_t, 64>;
using Ed25519Seed = std::array<uint8_t, 32>;  // the private key of RFC 8032, before expansion

bool Ed25519Verify(const Ed25519PublicKey& key, ByteView message,
                   const Ed25519Signature& signature);

Ed25519PublicKey Ed25519PublicKeyOf(const Ed25519Seed& seed);
Ed25519Signature Ed25519Sign(const Ed25519Seed& seed, ByteView message);

}  // namespace andon

#endif  // ANDON_CRYPTO_ED25519_H_
