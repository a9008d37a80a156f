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
#include "language/text_constraint.h"
#include "transformer/adapter.h"
#include "transformer/forward.h"
#include "transformer/sampler.h"

namespace andon {

// Errors: ContextFull, where there are more than `room`; TokenOutOfRange.
Status CheckTokens(const LanguageModel& model, std::span<const uint32_t> tokens, uint64_t room);

// Experts that work at once: each costs time with every token.
inline constexpr uint32_t kMaxAdapters = 10;

// Those that count, by id: a weight of 0 is none. Errors: AdapterMismatch where one was made for
// another model; InvalidArgument for a weight that is no number, one id twice, or more than
// kMaxAdapters.
Result<std::vector<AdapterUse>> CheckedUses(const LanguageModel& model,
                                            std::vector<AdapterUse> uses);

struct SessionOptions {
  uint32_t context = 0;  // positions; 0: the model's own, at most 4,096
  // Of keys and values. Memory grows with the text: PositionBytes() for each position, 64 at a
  // time.
  CacheType cache = CacheType::kF16;
};

// Tokens of a prompt computed together: enough to use each weight many times, few enough to stop
// soon.
inline constexpr uint32_t kPromptBatch = 32;

// Embeddings that stand before those of the tokens, [count, hidden].
using SoftPromptValues = std::shared_ptr<const std::vector<float>>;

struct NextToken {
  uint32_t token = 0;
  float log_probability = 0;                        // natural, of the model's own distribution
  bool ends = false;                                // the model ended its turn
  bool none = false;                                // no token satisfies the constraint
  std::vector<TokenProbability> alternatives = {};  // most probable first
};

// One text: tokens so far, their keys and values, and the state of the sampler.
class TextSession {
 public:
  // REQUIRES: the model outlives the session. Error: OutOfMemory, InvalidArgument.
  static Result<std::unique_ptr<TextSession>> Make(const LanguageModel& model,
                                                   const SessionOptions& options);

  // What texts are read and written with; nullptr: the model's.
  void SetTokenizer(std::shared_ptr<const Tokenizer> tokenizer) { tokenizer_ = tokenizer; }
  const Tokenizer& tokenizer() const { return tokenizer_ ? *tokenizer_ : model_.tokenizer(); }
  uint32_t vocabulary() const { return model_.config().vocabulary; }
  const std::vector<uint32_t>& tokens() const { return tokens_; }  // all, computed or not
  // Bytes of keys and values, those that are shared with forks included.
  uint64_t bytes() const { return cache_.bytes(); }
  uint32_t context() const { return cache_.capacity(); }
  // Positions: those of the soft prompt, then one a token.
  uint32_t length() const { return soft_length_ + static_cast<uint32_t>(tokens_.size()); }
  uint32_t pending() const { return length() - cache_.length(); }  // that are not computed yet

  // The experts whose adapters are added from now on (transformer/adapter.h); equal sets compute
  // equal bits in any order, and a weight of 0 is none. Tokens stay; keys and values do where none
  // depends on what changed, otherwise they become pending. Errors, with the session as it was:
  // those of CheckedUses.
  Status SetAdapters(std::vector<AdapterUse> uses);
  const std::vector<AdapterUse>& adapters() const { return transformer_.adapters(); }

  // A soft prompt before the first token, or nullptr: none. Other values than before make all
  // positions pending. Errors, with the session as it was: ContextFull; InvalidArgument where it is
  // not whole embeddings or not finite.
  Status SetSoftPrompt(SoftPromptValues values);
  const SoftPromptValues& soft_prompt() const { return soft_prompt_; }

  // Multiplies logits, before probabilities are made of them and tokens drawn: 1 / temperature of a
  // calibration (Guo et al. 2017, "On Calibration of Modern Neural Networks"). Error:
  // InvalidArgument where it is not above zero and finite.
  Status SetLogitScale(float scale);

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
  // With a constraint the token is one of those that it leaves, and is told it; its probability is
  // of the model's own distribution all the same. Where it leaves none, none is appended.
  Result<NextToken> Next(uint32_t alternatives = 0, TextConstraint* constraint = nullptr);

  // A session of its own with the first `length` tokens and the sampler as it is now. The keys and
  // values of these are shared until one of both writes. REQUIRES: length <= tokens().size().
  std::unique_ptr<TextSession> Fork(uint32_t length) const;

  // Tokens, keys, values and the state of the sampler as one checked piece of at most 104 bytes, 4
  // for each token, 4 for each that the sampler's penalties look back on, and
  // KvCache::PositionBytes() for each position computed. Restore gives a session that continues
  // identically, given the adapters and the soft prompt that it had: their digest is saved, not
  // they. Errors: SessionMalformed, SessionForeign where it belongs to another model, form of it,
  // adapters or soft prompt, OutOfMemory, those of SetAdapters and SetSoftPrompt.
  Bytes Save() const;
  static Result<std::unique_ptr<TextSession>> Restore(const LanguageModel& model, ByteView saved,
                                                      std::vector<AdapterUse> adapters = {},
                                                      SoftPromptValues soft_prompt = nullptr);

 private:
  TextSession(const LanguageModel& model, KvCache cache);
  // Of all that keys and values depend on but the tokens.
  Sha256Digest Form() const;
  // The next `count` positions that are not computed yet.
  Result<std::vector<float>> Compute(uint32_t count, Logits wanted);

  const LanguageModel& model_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  Transformer transformer_;
  KvCache cache_;
  std::vector<uint32_t> tokens_;
  Sampler sampler_;
  SoftPromptValues soft_prompt_;
  uint32_t soft_length_ = 0;  // positions
  float logit_scale_ = 1;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_TEXT_SESSION_H_
