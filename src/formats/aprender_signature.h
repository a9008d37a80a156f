// signature.bin of an .aprender package, 96 bytes: Ed25519 public key (32) | signature (64) over
//   "APRENDER-SIG-V1\0" then, sorted by name, for every other entry including manifest.json:
//   name "\0" size in decimal "\0" SHA-256 in lowercase hex "\n"

#ifndef ANDON_FORMATS_APRENDER_SIGNATURE_H_
#define ANDON_FORMATS_APRENDER_SIGNATURE_H_

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"
#include "formats/aprender_manifest.h"

namespace andon {

struct AprenderSignature {
  Ed25519PublicKey key;
  Ed25519Signature signature;
};

// What the signature signs. REQUIRES: `files` holds manifest.json as well.
Bytes AprenderSignedMessage(const AprenderManifest& files);

// Error: SignatureMalformed.
Result<AprenderSignature> ParseAprenderSignature(ByteView bytes);
// Signs the files; the content of signature.bin.
Bytes WriteAprenderSignature(const AprenderManifest& files, const Ed25519Seed& seed);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_SIGNATURE_H_
