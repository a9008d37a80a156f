// An answer under way: its options, and then step by step.

#include <emscripten/bind.h>

#include <memory>
#include <string>
#include <utility>

#include "bindings/span.h"
#include "bindings/text_expert.h"
#include "bindings/text_model.h"
#include "bindings/text_session.h"
#include "bindings/upload.h"
#include "language/generation.h"

namespace andon {
namespace {

// Numbers of SamplerOptions and GenerationOptions.
struct TextOptions {
  float temperature, top_p, min_p, typical_p, repetition_penalty, presence_penalty,
      frequency_penalty;
  uint32_t top_k, penalty_window, max_tokens, alternatives;
  double seed;  // a whole number below 2^53
  bool special, continues;
};

struct TextStep {
  std::string kind;  // prompt, token, finish; error: see code()
  uint32_t prompt_done = 0, prompt_total = 0, token = 0;
  float log_probability = 0;
  std::string text, reason;  // end, stop, length, context
  bool completed = false;
};

std::string KindName(GenerationStep::Kind kind) {
  switch (kind) {
    case GenerationStep::Kind::kPrompt:
      return "prompt";
    case GenerationStep::Kind::kToken:
      return "token";
    case GenerationStep::Kind::kFinish:
      return "finish";
  }
}

std::string ReasonName(FinishReason reason) {
  switch (reason) {
    case FinishReason::kEnd:
      return "end";
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kContext:
      return "context";
  }
}

class TextGeneration {
 public:
  explicit TextGeneration(const TextOptions& o) {
    options_.sampler = {.temperature = o.temperature,
                        .top_k = o.top_k,
                        .top_p = o.top_p,
                        .min_p = o.min_p,
                        .typical_p = o.typical_p,
                        .repetition_penalty = o.repetition_penalty,
                        .presence_penalty = o.presence_penalty,
                        .frequency_penalty = o.frequency_penalty,
                        .penalty_window = o.penalty_window,
                        .seed = static_cast<uint64_t>(o.seed)};
    options_.max_tokens = o.max_tokens;
    options_.alternatives = o.alternatives;
    options_.special = o.special;
    options_.continues = o.continues;
  }
  void AddStop(const std::string& text) { options_.stop.push_back(text); }
  void AddStopToken(uint32_t token) { options_.stop_tokens.push_back(token); }
  void AddBias(uint32_t token, float bias) {
    options_.sampler.logit_bias.emplace_back(token, bias);
  }

  // The text is to be this, for which the model keeps what it finds out; see code().
  void SetGbnf(TextModel& model, const Upload& source) {
    Constrain(model, GrammarForm::kGbnf, source.bytes());
  }
  void SetJsonSchema(TextModel& model, const Upload& source) {
    Constrain(model, GrammarForm::kJsonSchema, source.bytes());
  }
  void SetGrammarOf(TextModel& model, const TextExpert& expert) {
    Constrain(model, GrammarForm::kGbnf, AsBytes(expert.expert()->grammar));
  }

  // REQUIRES: the session is deleted after the generation, and changes only through it.
  void Start(TextSessionHandle& session) {
    auto generation = Generation::Make(session.session(), options_);
    status_ = generation.status();
    if (generation.ok()) generation_ = std::move(*generation);
  }
  // REQUIRES: start() gave "Ok", and no step was of the kind "finish" or "error".
  TextStep Step() {
    auto result = generation_->Step();
    status_ = result.status();
    if (!result.ok()) return {.kind = "error", .text = {}, .reason = {}};
    step_ = std::move(*result);
    return {.kind = KindName(step_.kind),
            .prompt_done = step_.prompt_done,
            .prompt_total = step_.prompt_total,
            .token = step_.token,
            .log_probability = step_.log_probability,
            .text = step_.text,
            .reason = ReasonName(step_.reason),
            .completed = step_.completed};
  }
  // Of the last step: pairs of uint32 and float32, most probable first.
  Span alternatives() const { return SpanOf(step_.alternatives); }

  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }

 private:
  void Constrain(TextModel& model, GrammarForm form, ByteView source) {
    auto constraint = model.grammars().Constrain(form, AsText(source));
    status_ = constraint.status();
    if (constraint.ok()) options_.constraint = std::move(*constraint);
  }

  GenerationOptions options_;
  std::unique_ptr<Generation> generation_;
  GenerationStep step_;
  Status status_;
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(text_generation) {
  using andon::TextGeneration;
  using andon::TextOptions;
  using andon::TextStep;
  emscripten::value_object<TextOptions>("TextOptions")
      .field("temperature", &TextOptions::temperature)
      .field("topK", &TextOptions::top_k)
      .field("topP", &TextOptions::top_p)
      .field("minP", &TextOptions::min_p)
      .field("typicalP", &TextOptions::typical_p)
      .field("repetitionPenalty", &TextOptions::repetition_penalty)
      .field("presencePenalty", &TextOptions::presence_penalty)
      .field("frequencyPenalty", &TextOptions::frequency_penalty)
      .field("penaltyWindow", &TextOptions::penalty_window)
      .field("seed", &TextOptions::seed)
      .field("maxTokens", &TextOptions::max_tokens)
      .field("alternatives", &TextOptions::alternatives)
      .field("special", &TextOptions::special)
      .field("continues", &TextOptions::continues);
  emscripten::value_object<TextStep>("TextStep")
      .field("kind", &TextStep::kind)
      .field("promptDone", &TextStep::prompt_done)
      .field("promptTotal", &TextStep::prompt_total)
      .field("token", &TextStep::token)
      .field("logProbability", &TextStep::log_probability)
      .field("text", &TextStep::text)
      .field("reason", &TextStep::reason)
      .field("completed", &TextStep::completed);
  emscripten::class_<TextGeneration>("TextGeneration")
      .constructor<const TextOptions&>()
      .function("addStop", &TextGeneration::AddStop)
      .function("addStopToken", &TextGeneration::AddStopToken)
      .function("addBias", &TextGeneration::AddBias)
      .function("setGbnf", &TextGeneration::SetGbnf)
      .function("setJsonSchema", &TextGeneration::SetJsonSchema)
      .function("setGrammarOf", &TextGeneration::SetGrammarOf)
      .function("start", &TextGeneration::Start)
      .function("step", &TextGeneration::Step)
      .function("alternatives", &TextGeneration::alternatives)
      .function("code", &TextGeneration::code)
      .function("message", &TextGeneration::message);
}
