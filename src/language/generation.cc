#include "language/generation.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace andon {
namespace {

// Bytes at the end of `text` that begin a stop text: the longest such.
size_t BeginsAtEnd(std::string_view text, std::string_view stop) {
  for (size_t length = std::min(text.size(), stop.size() - 1); length > 0; --length) {
    if (text.ends_with(stop.substr(0, length))) return length;
  }
  return 0;
}

Status Check(const GenerationOptions& options, const TextSession& session) {
  const auto fail = [](std::string_view what) {
    return Error(ErrorCode::kInvalidArgument, "generation: ", what);
  };
  if (session.tokens().empty()) return fail("a session without tokens");
  if (std::ranges::count(options.stop, "") > 0) return fail("an empty stop text");
  ANDON_RETURN_IF_ERROR(CheckSampler(options.sampler, session.vocabulary()));
  return options.alternatives <= session.vocabulary() ? Status()
                                                      : fail("more alternatives than tokens");
}

}  // namespace

Result<std::unique_ptr<Generation>> Generation::Make(TextSession& session,
                                                     const GenerationOptions& options) {
  ANDON_RETURN_IF_ERROR(Check(options, session));
  return std::unique_ptr<Generation>(new Generation(session, options));
}

Generation::Generation(TextSession& session, const GenerationOptions& options)
    : session_(session),
      options_(options),
      prompt_(session.pending()),
      detokenizer_(session.tokenizer(), false, options.special) {
  if (!options.constraint) detokenizer_.ContinueAfter(session.tokens());
  options.continues ? session.ContinueSampling(options.sampler)
                    : session.SetSampler(options.sampler);
}

Result<GenerationStep> Generation::Step() {
  if (stopped_) return Finish(FinishReason::kStop);
  if (options_.constraint && options_.constraint->MustEnd()) return Finish(FinishReason::kEnd);
  if (written_ >= options_.max_tokens) return Finish(FinishReason::kLength);
  if (session_.length() >= session_.context()) return Finish(FinishReason::kContext);
  if (session_.pending() <= kPromptBatch) return WriteToken();
  ANDON_RETURN_IF_ERROR(session_.Process(kPromptBatch));
  return GenerationStep{.prompt_done = prompt_ - session_.pending(), .prompt_total = prompt_};
}

Result<GenerationStep> Generation::WriteToken() {
  ANDON_ASSIGN_OR_RETURN(NextToken next,
                         session_.Next(options_.alternatives, options_.constraint.get()));
  if (next.ends || next.none) return Finish(FinishReason::kEnd);
  if (std::ranges::count(options_.stop_tokens, next.token) > 0) return Finish(FinishReason::kStop);
  ++written_;
  return GenerationStep{.kind = GenerationStep::Kind::kToken,
                        .token = next.token,
                        .log_probability = next.log_probability,
                        .alternatives = std::move(next.alternatives),
                        .text = Release(detokenizer_.Push(next.token))};
}

// What may be told of the text once `fresh` is written.
std::string Generation::Release(std::string fresh) {
  held_ += fresh;
  size_t end = std::string::npos;
  size_t waiting = 0;
  for (const std::string& stop : options_.stop) {
    end = std::min(end, held_.find(stop));
    waiting = std::max(waiting, BeginsAtEnd(held_, stop));
  }
  stopped_ = end != std::string::npos;
  std::string told = held_.substr(0, stopped_ ? end : held_.size() - waiting);
  held_.erase(0, stopped_ ? held_.size() : told.size());
  if (options_.constraint) told_ += told;
  return told;
}

// What was written and is not told yet. Part of a character is no text that could be completed.
std::string Generation::Rest() {
  if (!stopped_ && !options_.constraint) held_ += detokenizer_.Finish();
  return std::exchange(held_, {});
}

GenerationStep Generation::Finish(FinishReason reason) {
  std::string text = Rest();
  std::string completion;
  if (options_.constraint) completion = options_.constraint->CompletionOf(told_ + text);
  const bool completed = !completion.empty();
  return {.kind = GenerationStep::Kind::kFinish,
          .text = std::move(text) + completion,
          .reason = reason,
          .completed = completed};
}

}  // namespace andon
