#include "language/text_session.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/checked.h"

namespace andon {
namespace {

constexpr uint32_t kDefaultContext = 4096;
}  // namespace

Status CheckTokens(const LanguageModel& model, std::span<const uint32_t> tokens, uint64_t room) {
  if (tokens.size() > room) {
    return Error(ErrorCode::kContextFull, "session: ", tokens.size(), " tokens, room for ", room);
  }
  for (const uint32_t token : tokens) {
    if (token >= model.config().vocabulary)
      return Error(ErrorCode::kTokenOutOfRange, "session: the token ", token);
  }
  return Status();
}

TextSession::TextSession(const LanguageModel& model, KvCache cache)
    : model_(model),
      transformer_(model.config(), model.weights(), model.precision(), model.pool()),
      cache_(std::move(cache)),
      sampler_({}) {}

Result<std::unique_ptr<TextSession>> TextSession::Make(const LanguageModel& model,
                                                       const SessionOptions& options) {
  const uint32_t most = model.config().context;
  if (options.context > most) {
    return Error(ErrorCode::kInvalidArgument, "session: a context of ", options.context,
                 "; the model has ", most);
  }
  const uint32_t context = options.context > 0 ? options.context : std::min(most, kDefaultContext);
  return std::unique_ptr<TextSession>(
      new TextSession(model, KvCache(model.config(), context, options.cache)));
}

Status TextSession::Append(std::span<const uint32_t> tokens) {
  ANDON_RETURN_IF_ERROR(CheckTokens(model_, tokens, context() - tokens_.size()));
  for (const uint32_t token : tokens) sampler_.Accept(token);
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  return Status();
}

void TextSession::Truncate(uint32_t length) {
  tokens_.resize(length);
  cache_.Truncate(std::min(cache_.length(), length));
  sampler_.Restore({.random = sampler_.Save().random, .seen = {}});
  for (const uint32_t token : tokens_) sampler_.Accept(token);
}

void TextSession::SetSampler(const SamplerOptions& options) {
  sampler_ = Sampler(options);
  for (const uint32_t token : tokens_) sampler_.Accept(token);
}

void TextSession::ContinueSampling(const SamplerOptions& options) {
  const Sampler::State state = sampler_.Save();
  sampler_ = Sampler(options);
  sampler_.Restore(state);
}

Result<std::vector<float>> TextSession::Compute(uint32_t count, Logits wanted) {
  ANDON_RETURN_IF_ERROR(cache_.Reserve(count));
  return transformer_.Forward(std::span(tokens_).subspan(cache_.length(), count), cache_, wanted);
}

Status TextSession::Process(uint32_t most) {
  uint32_t left = std::min(most, pending() > 0 ? pending() - 1 : 0);
  while (left > 0) {
    const uint32_t count = std::min(kPromptBatch, left);
    ANDON_RETURN_IF_ERROR(Compute(count, Logits::kNone).status());
    left -= count;
  }
  return Status();
}

Result<NextToken> TextSession::Next(uint32_t alternatives) {
  if (tokens_.size() >= context()) {
    return Error(ErrorCode::kContextFull, "session: ", tokens_.size(), " tokens fill the context");
  }
  if (pending() == 0)
    cache_.Truncate(cache_.length() - 1);  // the last token once more, for its logits
  if (pending() > kPromptBatch) ANDON_RETURN_IF_ERROR(Process(pending() - kPromptBatch));
  ANDON_ASSIGN_OR_RETURN(std::vector<float> logits, Compute(pending(), Logits::kLast));
  const bool finite =
      std::all_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); });
  if (!finite) return Error(ErrorCode::kInferenceFailed, "model: a logit that is no number");
  const std::vector<float> own = logits;
  NextToken next;
  next.token = sampler_.Next(logits);
  next.log_probability = LogProbability(own, next.token);
  if (alternatives > 0) next.alternatives = MostProbable(own, alternatives);
  next.ends = tokenizer().EndsGeneration(next.token);
  tokens_.push_back(next.token);
  return next;
}

std::unique_ptr<TextSession> TextSession::Fork(uint32_t length) const {
  std::unique_ptr<TextSession> fork(new TextSession(model_, cache_));
  fork->tokens_ = tokens_;
  fork->sampler_ = sampler_;
  fork->Truncate(length);
  return fork;
}

}  // namespace andon
