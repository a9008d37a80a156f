// .expert of version 1: a gzip-compressed tar (or a ZIP) of manifest.json and PEFT files.
// Deprecated: nothing in it says reliably who made it. Read whole; written for those who still need
// it. Pickles (training_args.bin, *.pt) are bytes like all others: nothing parses them.
//
// manifest.json may state what the package is, in its member `integrity`:
//   files                 "path": "<SHA-256>" of every file
//   pubkey, signature     Ed25519 over lines "path:<SHA-256>", sorted by path, joined by "\n"
//   created_at, publisher, signature_algorithm
// Digits may come with a "sha256:", "hex:" or "ed25519:" in front, empty texts are the same as
// none. signature.sig, 64 bytes or their digits, holds the signature where `integrity` has none;
// where both do, they are the same. Neither it nor manifest.json can have a hash that is that of
// the whole file: the first is left out, the second is stated for the manifest without its
// `integrity`.
//
// What the signature cannot reach, whoever made it: times, owners and modes in the archive, how it
// is compressed, created_at and publisher. What the files contain it does reach, apart from
// manifest.json where `manifest_covered` is false. The archive is not asked for one canonical form,
// since those who wrote such packages used whatever packer they had.

#ifndef ANDON_FORMATS_EXPERT_V1_H_
#define ANDON_FORMATS_EXPERT_V1_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/tar.h"
#include "common/bytes.h"
#include "common/status.h"
#include "crypto/ed25519.h"
#include "formats/expert_metadata.h"

namespace andon {

inline constexpr std::string_view kManifestV1Entry = "manifest.json";
inline constexpr std::string_view kSignatureV1Entry = "signature.sig";

// How far the signature of version 1 reaches.
struct ExpertV1Signature {
  Ed25519PublicKey key = {};  // the file's own claim
  Ed25519Signature signature = {};
  std::string message;            // "path:hex" lines, recomputed from the content
  bool manifest_covered = false;  // manifest.json is what was signed, apart from `integrity`
};

struct ExpertV1 {
  ExpertV1() = default;
  ExpertV1(ExpertV1&&) = default;  // the entries point into `archive`: moved, never copied
  ExpertV1& operator=(ExpertV1&&) = default;

  Bytes archive;                // expanded
  std::vector<TarEntry> files;  // in file order, pickles among them as opaque bytes
  ExpertMetadata manifest;
  std::optional<ExpertV1Signature> signature;

  const TarEntry* Find(std::string_view name) const;
};

// gzip by its mark; a ZIP by what is in it: manifest.json, and nothing that makes it an .aprender.
// `file`: all of it, or for gzip alone its start.
bool LooksLikeExpertV1(ByteView file);

// Errors: FileTooLarge, Gzip..., Inflate..., Tar..., Zip..., Json..., ManifestV1, ExpertV1Integrity
// (hashes or file sets differ from `integrity`, or the two signatures from each other).
Result<ExpertV1> ReadExpertV1(ByteView file);

// `files` with manifest.json among them, in the documented order: the manifest, adapter,
// configuration, tokenizer, everything else by name, the signature. With a seed `integrity` and
// signature.sig are made anew and manifest.json is formatted; otherwise every byte is kept.
// Deterministic. Errors: those that reading the result would give.
Result<Bytes> WriteExpertV1(const std::vector<TarEntry>& files,
                            const std::optional<Ed25519Seed>& seed, std::string_view created_at);

}  // namespace andon

#endif  // ANDON_FORMATS_EXPERT_V1_H_
