// Makes experts: a folder to a package, a package to one of the other version, a package with
// another signature.

#ifndef ANDON_ENGINE_EXPERT_PACK_H_
#define ANDON_ENGINE_EXPERT_PACK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/io.h"
#include "common/status.h"
#include "crypto/ed25519.h"
#include "formats/expert_writer.h"
#include "tensor/tensor.h"

namespace andon {

struct ExpertSigning {
  Ed25519Seed seed = {};
  // Certificates, leaf first, whose leaf is for this key. Empty: a self-issued certificate for the
  // expert's name alone carries the key for ten years, so that it can be trusted by itself.
  Bytes chain = {};
  // Unix seconds: from when a self-issued certificate holds, and what version 1 calls created_at.
  uint64_t now = 0;
};

struct ExpertPackOptions {
  int version = 2;  // 1 or 2
  ExpertWriterOptions writer = {};
  std::optional<ExpertSigning> signing = {};
  std::string metadata = {};        // JSON members that replace what the folder says; may be empty
  std::optional<DType> dtype = {};  // convert the adapter's values to F32, F16 or BF16
  // Bytes of content; an error stops.
  std::function<Status(uint64_t done, uint64_t total)> progress = {};
};

struct ExpertPackReport {
  uint64_t raw_bytes = 0;     // of content
  uint64_t stored_bytes = 0;  // of the file
  Sha256Digest sha256 = {};   // of the whole file
  // JSON: format, formatVersion, name, version, rawBytes, storedBytes, sha256 and signed; of
  // version 2 sections with their codec and sizes, of version 1 files; signatureDropped, where the
  // source was signed and the result is not.
  std::string description = {};
};

using ExpertFiles = std::map<std::string, InputFile*, std::less<>>;  // by relative path

// A PEFT folder: adapter_config.json and adapter_model.safetensors, optionally expert.json
// (metadata of version 2) or manifest.json (version 1), grammar.gbnf, README.md, LICENSE,
// metrics.json, router.json, calibration.json, tokenizer_delta.json, soft prompts (other
// safetensors files of one matrix [tokens, hidden]); whatever else there is travels as an
// attachment. What the result is, Open accepts. Memory of version 2: one layer's, not the file's.
// Errors: Peft..., Safetensors..., ExpertMetadataField, ManifestV1, Params..., WeightNotFinite,
// BaseShapeMismatch, SectionMalformed, ScopeMismatch, ChainBroken, InvalidArgument,
// SourceUnreadable, OutputUnwritable, what progress returns.
Result<ExpertPackReport> PackExpert(const ExpertFiles& files, const ExpertPackOptions& options,
                                    OutputFile& out);

// To the other version. v1 -> v2 -> v1 keeps every byte of every file, and their order. A signature
// does not survive: it is checked, then dropped or made anew. Errors: those of reading and of
// writing; InvalidArgument where the package has that version already.
Result<ExpertPackReport> ConvertExpert(InputFile& package, const ExpertPackOptions& options,
                                       OutputFile& out);

// The same expert with another signature and chain; content is taken over as it is stored, after
// its hashes and the signature it had were checked. Errors: those of reading and of writing.
Result<ExpertPackReport> SignExpert(InputFile& package, const ExpertSigning& signing,
                                    OutputFile& out);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_PACK_H_
