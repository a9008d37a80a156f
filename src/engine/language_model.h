// A language model in memory, and the texts it writes.

#ifndef ANDON_ENGINE_LANGUAGE_MODEL_H_
#define ANDON_ENGINE_LANGUAGE_MODEL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "crypto/sha256.h"
#include "engine/gguf_model.h"
#include "transformer/forward.h"
#include "transformer/sampler.h"
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

struct SessionOptions {
  uint32_t context = 0;  // positions; 0: the model's own, at most 4,096
};

struct NextToken {
  uint32_t token = 0;
  float log_probability = 0;
  bool ends = false;  // the model ended its turn
};

// One text: tokens so far, their keys and values, and the state of the sampler.
class TextSession {
 public:
  // REQUIRES: the model outlives the session. Error: OutOfMemory, InvalidArgument.
  static Result<std::unique_ptr<TextSession>> Make(const LanguageModel& model, const SessionOptions& options);

  const std::vector<uint32_t>& tokens() const { return tokens_; }  // all, computed or not
  uint32_t context() const { return cache_.capacity(); }
  uint32_t pending() const { return static_cast<uint32_t>(tokens_.size()) - cache_.length(); }

  // Appends tokens of a prompt. Errors: TokenOutOfRange, ContextFull.
  Status Append(std::span<const uint32_t> tokens);
  // Keeps the first `length` tokens. REQUIRES: length <= tokens().size().
  void Truncate(uint32_t length);
  // Starts a sampler that has seen the tokens so far.
  void SetSampler(const SamplerOptions& options);
  // Other options, the same state: after Restore, with the options of before.
  void ContinueSampling(const SamplerOptions& options);

  // Computes up to `most` pending tokens, all but the last, so that a caller can stop between.
  void Process(uint32_t most);
  // Computes what is pending, chooses the next token and appends it. REQUIRES: tokens() is not empty.
  // Errors: ContextFull, InferenceFailed.
  Result<NextToken> Next();

  // Tokens, keys, values and the state of the sampler as one checked piece. Restore gives a session that continues identically.
  // Errors: SessionMalformed, SessionForeign where it belongs to another model.
  Bytes Save();
  static Result<std::unique_ptr<TextSession>> Restore(const LanguageModel& model, ByteView saved);

 private:
  TextSession(const LanguageModel& model, uint32_t context);

  const LanguageModel& model_;
  Transformer transformer_;
  KvCache cache_;
  std::vector<uint32_t> tokens_;
  Sampler sampler_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_LANGUAGE_MODEL_H_
