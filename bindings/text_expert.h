// An expert of a language model, as JavaScript holds it.

#ifndef ANDON_BINDINGS_TEXT_EXPERT_H_
#define ANDON_BINDINGS_TEXT_EXPERT_H_

#include <memory>
#include <utility>

#include "bindings/span.h"
#include "experts/ready_expert.h"

namespace andon {

class TextExpert {
 public:
  explicit TextExpert(std::shared_ptr<const ReadyExpert> expert) : expert_(std::move(expert)) {}

  const std::shared_ptr<const ReadyExpert>& expert() const { return expert_; }

  Span identity() const { return SpanOf(expert_->identity); }
  Span description() const { return SpanOf(expert_->description); }  // JSON
  bool has_adapter() const { return expert_->adapter != nullptr; }
  Span grammar() const { return SpanOf(expert_->grammar); }  // GBNF; empty: none
  bool has_grammar() const { return !expert_->grammar.empty(); }
  bool has_calibration() const { return expert_->calibration.temperature != 1; }
  uint32_t soft_prompt_tokens() const { return expert_->soft_prompt_tokens(); }
  uint32_t added_tokens() const { return static_cast<uint32_t>(expert_->added_tokens.size()); }
  double adapter_bytes() const { return static_cast<double>(expert_->adapter_bytes()); }
  double bytes() const { return static_cast<double>(expert_->bytes()); }

 private:
  std::shared_ptr<const ReadyExpert> expert_;
};

}  // namespace andon

#endif  // ANDON_BINDINGS_TEXT_EXPERT_H_
