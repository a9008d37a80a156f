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

namespace andon {

struct ExpertSigning {
  Ed25519Seed seed = {};
  // Certificates, leaf first, whose leaf is for this key. Empty: a self-issued certificate carries
  // the key, so that it can be trusted by itself.
  Bytes chain;
};

struct ExpertPackOptions {
  int version = 2;  // 1 or 2
  ExpertWriterOptions writer = {};
  std::optional<ExpertSigning> signing = {};
  std::string metadata;  // JSON members that replace or complete what the folder says; may be empty
  std::string created_at;           // ISO 8601, for the integrity block of version 1; may be empty
  std::optional<DType> dtype = {};  // convert the adapter's values to F32, F16 or BF16
  std::function<Status(uint64_t done, uint64_t total)> progress =
      {};  // bytes of content; an error stops
};

struct ExpertPackReport {
  uint64_t raw_bytes = 0;
  uint64_t stored_bytes = 0;
  Sha256Digest sha256 = {};  // of the whole file
  std::string description;   // JSON: name, version, sections with codec, sizes and ratio
};

using ExpertFiles = std::map<std::string, InputFile*, std::less<>>;  // by relative path

// A PEFT folder: adapter_config.json and adapter_model.safetensors, optionally expert.json
// (metadata of version 2) or manifest.json (version 1), grammar.gbnf, README.md, LICENSE, tokenizer
// files, soft prompts, tests, metrics.json, router.json, calibration.json, tokenizer_delta.json.
// What the result is, Open accepts. Memory: one layer's, not the file's. Errors: Peft...,
// ExpertMetadataField, WeightNotFinite, OutputUnwritable, what progress returns, ...
Result<ExpertPackReport> PackExpert(const ExpertFiles& files, const ExpertPackOptions& options,
                                    OutputFile& out);

// v1 -> v2 -> v1 keeps every byte of every file. Errors: those of reading and of writing.
Result<ExpertPackReport> ConvertExpert(InputFile& package, const ExpertPackOptions& options,
                                       OutputFile& out);

// The same expert with another signature and chain; content is taken over as it is stored, after
// its hashes were checked.
Result<ExpertPackReport> SignExpert(InputFile& package, const ExpertSigning& signing,
                                    OutputFile& out);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_PACK_H_
