// .expert of version 1: a gzip-compressed tar (or a ZIP) of manifest.json and PEFT files.
// Deprecated: nothing in it says reliably who made it. Read whole; written for those who still need
// it.

#ifndef ANDON_FORMATS_EXPERT_V1_H_
#define ANDON_FORMATS_EXPERT_V1_H_

#include <optional>
#include <string>
#include <vector>

#include "archive/tar.h"
#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"
#include "formats/expert_metadata.h"

namespace andon {

// How far the signature of version 1 reaches.
struct ExpertV1Signature {
  Ed25519PublicKey key = {};  // the file's own claim
  Ed25519Signature signature = {};
  std::string message;            // "path:hex" lines, recomputed from the content
  bool manifest_covered = false;  // manifest.json is what was signed, apart from `integrity`
};

struct ExpertV1 {
  Bytes archive;                // expanded; the entries point into it
  std::vector<TarEntry> files;  // in file order, pickles among them as opaque bytes
  ExpertMetadata manifest;
  std::optional<ExpertV1Signature> signature;

  const TarEntry* Find(std::string_view name) const;
};

// Errors: Gzip..., Tar..., Zip..., ManifestV1 ..., ExpertV1Integrity (hashes or file sets differ
// from `integrity`).
Result<ExpertV1> ReadExpertV1(ByteView file);

// `files` with manifest.json among them; its `integrity` is made anew when a seed is given, and
// kept otherwise. Errors: those that reading the result would give.
Result<Bytes> WriteExpertV1(const std::vector<TarEntry>& files,
                            const std::optional<Ed25519Seed>& seed, std::string_view created_at);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_V1_H_
