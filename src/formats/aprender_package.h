// .aprender packages: a ZIP of manifest.json, metadata.pb, weights.safetensors, further files that
// the manifest lists, and optionally signature.bin. A signed archive is canonical
// (ZipArchive::CheckCanonical) and has its entries in name order, so the signature
// (aprender_signature.h) covers every byte.

#ifndef ANDON_FORMATS_APRENDER_PACKAGE_H_
#define ANDON_FORMATS_APRENDER_PACKAGE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aprender_models.pb.h"
#include "archive/zip.h"
#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"
#include "formats/aprender_manifest.h"
#include "formats/aprender_signature.h"
#include "formats/safetensors.h"

namespace andon {

inline constexpr std::string_view kMetadataEntry = "metadata.pb";
inline constexpr std::string_view kWeightsEntry = "weights.safetensors";

// A package of which every byte is accounted for; its content has not been interpreted.
struct AprenderContainer {
  ZipArchive zip;
  AprenderManifest files;  // every entry but signature.bin, manifest.json included
  std::optional<AprenderSignature> signature;  // as found, not verified
  Bytes signed_message;                        // what `signature` must sign; empty without one
};

struct AprenderPackage {
  aprender::v2::ModelPackage model;
  Safetensors weights;     // views into the file, or into inflated_weights when deflated
  Bytes inflated_weights;  // empty when the weights are stored
};

// Whether the file starts as a ZIP local header does.
bool LooksLikeAprender(ByteView head);

// Checks, in this order: structure of the ZIP, the manifest, that it lists exactly the entries
// there are, size and SHA-256 of each (as a stream: nothing is kept), and the canonical form of a
// signed archive. Does not judge the signature. REQUIRES: the file outlives the result. Errors:
// Zip..., Inflate..., Json..., Manifest..., MetadataMissing, WeightsMissing, SignatureMalformed.
Result<AprenderContainer> VerifyAprender(ByteView file);

// Interprets metadata and weights. REQUIRES: the container's file outlives the result.
// Errors: those of ParseAprenderMetadata and ParseSafetensors, WeightsChecksumMismatch.
Result<AprenderPackage> ParseAprender(const AprenderContainer& container);

struct AprenderContent {
  aprender::v2::ModelPackage model;  // schema_version and checksums are filled in by the writer
  TensorMap tensors;
  std::map<std::string, Bytes, std::less<>> attachments;  // further entries
};

// Deterministic: canonical, entries in name order, nothing compressed. Signs when a seed is given.
// The result has been verified and parsed again before it is returned. Errors: those of
// VerifyAprender and ParseAprender, and Zip... of the writer.
Result<Bytes> WriteAprender(const AprenderContent& content,
                            const std::optional<Ed25519Seed>& signing_seed = std::nullopt);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_PACKAGE_H_
