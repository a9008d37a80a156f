// .aprender packages: a ZIP of manifest.json, metadata.pb, weights.safetensors, further files that the
// manifest lists, and optionally signature.bin.
//
// signature.bin, 96 bytes: Ed25519 public key (32) | signature (64) over
//   "APRENDER-SIG-V1\0" then, sorted by name, for every other entry including manifest.json:
//   name "\0" size in decimal "\0" SHA-256 in lowercase hex "\n"
// A signed archive is canonical (ZipArchive::CheckCanonical), so the signature covers every byte.

#ifndef ANDON_FORMATS_APRENDER_PACKAGE_H_
#define ANDON_FORMATS_APRENDER_PACKAGE_H_

#include <map>
#include <optional>
#include <string>

#include "aprender_models.pb.h"
#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"
#include "formats/aprender_manifest.h"
#include "formats/safetensors.h"

namespace andon {

struct AprenderSignature {
  Ed25519PublicKey key;
  Ed25519Signature signature;
};

struct AprenderPackage {
  aprender::v2::ModelPackage model;
  Safetensors weights;      // views into the file, or into inflated_weights when deflated
  Bytes inflated_weights;   // empty when the weights are stored
  AprenderManifest files;   // every entry but signature.bin, manifest.json included
  std::optional<AprenderSignature> signature;  // as found, not verified
  Bytes signed_message;     // what `signature` must sign; empty when there is none
};

// Whether the file starts as a ZIP local header does.
bool LooksLikeAprender(ByteView head);

// Checks structure, every hash and every byte; does not judge the signature.
// REQUIRES: the file outlives the result.
// Errors: Zip..., Inflate..., Manifest..., Metadata..., Safetensors..., SignatureMalformed.
Result<AprenderPackage> ReadAprender(ByteView file);

struct AprenderContent {
  aprender::v2::ModelPackage model;  // checksums are filled in by the writer
  TensorMap tensors;
  std::map<std::string, Bytes, std::less<>> attachments;  // further entries
};

// Deterministic; signs when a seed is given. What it writes, ReadAprender accepts: the result has
// been read back before it is returned. Errors: those of the checks, and Zip... of the writer.
Result<Bytes> WriteAprender(const AprenderContent& content,
                            const std::optional<Ed25519Seed>& signing_seed = std::nullopt);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_PACKAGE_H_
