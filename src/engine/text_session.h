// One text that a model reads and writes.

#ifndef ANDON_ENGINE_TEXT_SESSION_H_
#define ANDON_ENGINE_TEXT_SESSION_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "engine/language_model.h"
#include "transformer/forward.h"
#include "transformer/sampler.h"

namespace andon {

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

#endif  // ANDON_ENGINE_TEXT_SESSION_H_
