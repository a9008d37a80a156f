// A language model in memory.

#ifndef ANDON_LANGUAGE_LANGUAGE_MODEL_H_
#define ANDON_LANGUAGE_LANGUAGE_MODEL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/sha256.h"
#include "kernels/thread_pool.h"
#include "language/loaded_weights.h"
#include "transformer/adapter_base.h"
#include "transformer/forward.h"
#include "transformer/tokenizer.h"

namespace andon {

struct LanguageModelParts {
  TransformerConfig config = {};
  std::unique_ptr<LoadedWeights> weights = {};
  std::shared_ptr<const Tokenizer> tokenizer = {};
  Precision precision = Precision::kFast;
  std::optional<Sha256Digest> sha256 = {};
  Sha256Digest form = {};
  std::string description = {};
  std::shared_ptr<ThreadPool> pool = {};  // that computes, for one model at a time
};

class LanguageModel {
 public:
  // REQUIRES: all parts are there, and the weights fit the config.
  explicit LanguageModel(LanguageModelParts parts)
      : parts_(std::move(parts)), norms_(parts_.weights->weights) {}

  // What another model can share.
  const LanguageModelParts& parts() const { return parts_; }

  const TransformerConfig& config() const { return parts_.config; }
  const TransformerWeights& weights() const { return parts_.weights->weights; }
  const Tokenizer& tokenizer() const { return *parts_.tokenizer; }
  Precision precision() const { return parts_.precision; }
  // Of the file; of several, that of the lines "SHA-256, two spaces, name, line feed" of each,
  // sorted by name. Nothing where it was neither stated nor asked for.
  const std::optional<Sha256Digest>& sha256() const { return parts_.sha256; }
  // Of all that decides what its sessions compute: the files, the types of the weights in memory,
  // the precision, and what was merged into them. A saved session belongs to this.
  const Sha256Digest& form() const { return parts_.form; }
  // What its sessions compute with, one of them at a time.
  ThreadPool& pool() const { return *parts_.pool; }
  // What adapters are made with; as long as the model.
  AdapterBase adapter_base() const { return {config(), weights(), precision(), norms_, pool()}; }
  // JSON: LanguageModelDescription of docs/api.md.
  const std::string& description() const { return parts_.description; }

 private:
  LanguageModelParts parts_;
  mutable RowNorms norms_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_LANGUAGE_MODEL_H_
