// A language model in memory.

#ifndef ANDON_ENGINE_LANGUAGE_MODEL_H_
#define ANDON_ENGINE_LANGUAGE_MODEL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/sha256.h"
#include "engine/gguf_model.h"
#include "transformer/forward.h"
#include "transformer/tokenizer.h"

namespace andon {

class LanguageModel {
 public:
  const TransformerConfig& config() const { return config_; }
  const TransformerWeights& weights() const { return weights_->weights(); }
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  Precision precision() const { return precision_; }
  const Sha256Digest& sha256() const { return sha256_; }  // of the file
  // JSON: LanguageModelDescription of docs/api.md.
  const std::string& description() const { return description_; }

 private:
  friend class ModelLoading;
  TransformerConfig config_;
  std::unique_ptr<LoadedWeights> weights_;
  std::unique_ptr<Tokenizer> tokenizer_;
  Precision precision_ = Precision::kFast;
  Sha256Digest sha256_ = {};
  std::string description_;
};

struct ModelLoadOptions {
  std::optional<Sha256Digest> sha256 = {};  // what the file must have; checked before the model exists
  uint64_t memory_limit = UINT64_MAX;       // of the packed weights, bytes
  Precision precision = Precision::kFast;
};

// Loads a GGUF file from pieces in their order. The file is hashed on the way; weights are packed as they arrive.
class ModelLoading {
 public:
  ModelLoading(uint64_t file_bytes, const ModelLoadOptions& options);

  // Errors: Gguf..., UnsupportedArchitecture, TokenizerError, Tensor..., WeightNotFinite, OutOfMemory.
  Status Push(ByteView piece);
  // Errors: GgufTruncated, FileHash.
  Result<std::unique_ptr<LanguageModel>> Finish();

 private:
  Status TryHead();

  uint64_t file_bytes_;
  ModelLoadOptions options_;
  Sha256 hash_;
  Bytes head_;                    // until it is whole
  uint64_t next_try_ = 64 * 1024; // bytes of head to wait for before it is parsed again
  Gguf gguf_;
  std::unique_ptr<GgufPlan> plan_;
  std::unique_ptr<LanguageModel> model_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_LANGUAGE_MODEL_H_
