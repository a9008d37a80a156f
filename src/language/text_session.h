// One text that a model reads and writes.

#ifndef ANDON_LANGUAGE_TEXT_SESSION_H_
#define ANDON_LANGUAGE_TEXT_SESSION_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "language/language_model.h"
#include "transformer/forward.h"
#include "transformer/sampler.h"

namespace andon {

// Errors: ContextFull, where there are more than `room`; TokenOutOfRange.
Status CheckTokens(const LanguageModel& model, std::span<const uint32_t> tokens, uint64_t room);

struct SessionOptions {
  uint32_t context = 0;  // positions; 0: the model's own, at most 4,096
  // Of keys and values. Memory grows with the text: PositionBytes() for each position, 64 at a
  // time.
  CacheType cache = CacheType::kF16;
};

// Tokens of a prompt computed together: enough to use each weight many times, few enough to stop
// soon.
inline constexpr uint32_t kPromptBatch = 32;

struct NextToken {
  uint32_t token = 0;
  float log_probability = 0;                        // natural, of the model's own distribution
  bool ends = false;                                // the model ended its turn
  std::vector<TokenProbability> alternatives = {};  // most probable first
};

// One text: tokens so far, their keys and values, and the state of the sampler.
class TextSession {
 public:
  // REQUIRES: the model outlives the session. Error: OutOfMemory, InvalidArgument.
  static Result<std::unique_ptr<TextSession>> Make(const LanguageModel& model,
                                                   const SessionOptions& options);

  const Tokenizer& tokenizer() const { return model_.tokenizer(); }
  uint32_t vocabulary() const { return model_.config().vocabulary; }
  const std::vector<uint32_t>& tokens() const { return tokens_; }  // all, computed or not
  // Bytes of keys and values, those that are shared with forks included.
  uint64_t bytes() const { return cache_.bytes(); }
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
  // Error: OutOfMemory.
  Status Process(uint32_t most);
  // Computes what is pending, chooses the next token and appends it. REQUIRES: tokens() is not
  // empty. Errors: ContextFull, InferenceFailed, OutOfMemory.
  Result<NextToken> Next(uint32_t alternatives = 0);

  // A session of its own with the first `length` tokens and the sampler as it is now. The keys and
  // values of these are shared until one of both writes. REQUIRES: length <= tokens().size().
  std::unique_ptr<TextSession> Fork(uint32_t length) const;

  // Tokens, keys, values and the state of the sampler as one checked piece of at most 104 bytes, 4
  // for each token, 4 for each that the sampler's penalties look back on, and
  // KvCache::PositionBytes() for each position computed. Restore gives a session that continues
  // identically. Errors: SessionMalformed, SessionForeign where it belongs to another model or form
  // of it, OutOfMemory.
  Bytes Save() const;
  static Result<std::unique_ptr<TextSession>> Restore(const LanguageModel& model, ByteView saved);

 private:
  TextSession(const LanguageModel& model, KvCache cache);
  // The next `count` tokens that are not computed yet.
  Result<std::vector<float>> Compute(uint32_t count, Logits wanted);

  const LanguageModel& model_;
  Transformer transformer_;
  KvCache cache_;
  std::vector<uint32_t> tokens_;
  Sampler sampler_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_TEXT_SESSION_H_
