#include "language/text_session.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/checked.h"

namespace andon {
namespace {

constexpr uint32_t kDefaultContext = 4096;

bool AreSame(const std::vector<AdapterUse>& a, const std::vector<AdapterUse>& b) {
  return std::ranges::equal(a, b, [](const AdapterUse& x, const AdapterUse& y) {
    return x.adapter->id() == y.adapter->id() && x.weight == y.weight;
  });
}

std::vector<AdapterUse> ThatChangeKeys(std::vector<AdapterUse> uses) {
  std::erase_if(uses, [](const AdapterUse& use) { return !use.adapter->changes_keys(); });
  return uses;
}

}  // namespace

Result<std::vector<AdapterUse>> CheckedUses(const LanguageModel& model,
                                            std::vector<AdapterUse> uses) {
  std::erase_if(uses, [](const AdapterUse& use) { return use.weight == 0; });
  std::ranges::sort(uses, {}, [](const AdapterUse& use) { return use.adapter->id(); });
  if (uses.size() > kMaxAdapters)
    return Error(ErrorCode::kInvalidArgument, "adapters: ", uses.size(), " at once");
  for (size_t i = 0; i < uses.size(); ++i) {
    if (uses[i].adapter->base() != &model.weights())
      return Error(ErrorCode::kAdapterMismatch, "adapters: one was made for another model");
    if (!std::isfinite(uses[i].weight))
      return Error(ErrorCode::kInvalidArgument, "adapters: a weight that is no number");
    if (i > 0 && uses[i].adapter->id() == uses[i - 1].adapter->id())
      return Error(ErrorCode::kInvalidArgument, "adapters: one of them twice");
  }
  return uses;
}

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

Status TextSession::SetAdapters(std::vector<AdapterUse> uses) {
  ANDON_ASSIGN_OR_RETURN(uses, CheckedUses(model_, std::move(uses)));
  if (!AreSame(ThatChangeKeys(adapters()), ThatChangeKeys(uses))) cache_.Truncate(0);
  transformer_.SetAdapters(std::move(uses));
  return Status();
}

Status TextSession::SetSoftPrompt(SoftPromptValues values) {
  const size_t size = values == nullptr ? 0 : values->size(), hidden = model_.config().hidden;
  if (size % hidden != 0 ||
      (size > 0 && !std::ranges::all_of(*values, [](float x) { return std::isfinite(x); })))
    return Error(ErrorCode::kInvalidArgument, "session: a soft prompt of ", size, " numbers");
  if (size / hidden > context() - tokens_.size())
    return Error(ErrorCode::kContextFull, "session: a soft prompt of ", size / hidden,
                 " positions before ", tokens_.size(), " tokens");
  const std::vector<float> none;
  if ((soft_prompt_ ? *soft_prompt_ : none) != (values ? *values : none)) cache_.Truncate(0);
  soft_prompt_ = std::move(values);
  soft_length_ = static_cast<uint32_t>(size / hidden);
  return Status();
}

Status TextSession::SetLogitScale(float scale) {
  if (!(scale > 0) || !std::isfinite(scale))
    return Error(ErrorCode::kInvalidArgument, "session: a scale of logits that is not above zero");
  logit_scale_ = scale;
  return Status();
}

Status TextSession::Append(std::span<const uint32_t> tokens) {
  ANDON_RETURN_IF_ERROR(CheckTokens(model_, tokens, context() - length()));
  for (const uint32_t token : tokens) sampler_.Accept(token);
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  return Status();
}

void TextSession::Truncate(uint32_t length) {
  tokens_.resize(length);
  cache_.Truncate(std::min(cache_.length(), this->length()));
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
  const uint32_t begin = cache_.length(), end = begin + count;
  const uint32_t soft = std::clamp(soft_length_, begin, end);  // where tokens begin
  std::span<const float> embeddings;
  if (soft > begin) {
    const size_t hidden = model_.config().hidden;
    embeddings = std::span(*soft_prompt_).subspan(begin * hidden, (soft - begin) * hidden);
  }
  return transformer_.Forward(
      std::span(tokens_).subspan(std::max(soft, soft_length_) - soft_length_, end - soft), cache_,
      wanted, embeddings);
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

Result<NextToken> TextSession::Next(uint32_t alternatives, TextConstraint* constraint) {
  if (length() >= context())
    return Error(ErrorCode::kContextFull, "session: ", length(), " positions fill the context");
  if (pending() == 0)
    cache_.Truncate(cache_.length() - 1);  // the last token once more, for its logits
  if (pending() > kPromptBatch) ANDON_RETURN_IF_ERROR(Process(pending() - kPromptBatch));
  ANDON_ASSIGN_OR_RETURN(std::vector<float> logits, Compute(pending(), Logits::kLast));
  const bool finite =
      std::all_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); });
  if (!finite) return Error(ErrorCode::kInferenceFailed, "model: a logit that is no number");
  if (logit_scale_ != 1) {
    for (float& logit : logits) logit *= logit_scale_;
  }
  const std::vector<float> own = logits;
  NextToken next;
  if (constraint != nullptr) {
    ANDON_ASSIGN_OR_RETURN(const bool some, constraint->Restrict(logits));
    next.none = !some;
    if (next.none) return next;
  }
  next.token = sampler_.Next(logits);
  if (constraint != nullptr) ANDON_RETURN_IF_ERROR(constraint->Accept(next.token));
  next.log_probability = LogProbability(own, next.token);
  if (alternatives > 0) next.alternatives = MostProbable(own, alternatives);
  next.ends = tokenizer().EndsGeneration(next.token);
  tokens_.push_back(next.token);
  return next;
}

std::unique_ptr<TextSession> TextSession::Fork(uint32_t length) const {
  std::unique_ptr<TextSession> fork(new TextSession(model_, cache_));
  fork->transformer_.SetAdapters(adapters());
  fork->tokenizer_ = tokenizer_;
  fork->soft_prompt_ = soft_prompt_;
  fork->soft_length_ = soft_length_;
  fork->logit_scale_ = logit_scale_;
  fork->tokens_ = tokens_;
  fork->sampler_ = sampler_;
  fork->Truncate(length);
  return fork;
}

}  // namespace andon
