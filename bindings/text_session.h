// A text under way, as JavaScript holds it.

#ifndef ANDON_BINDINGS_TEXT_SESSION_H_
#define ANDON_BINDINGS_TEXT_SESSION_H_

#include <memory>
#include <string>
#include <utility>

#include "bindings/span.h"
#include "bindings/upload.h"
#include "common/status.h"
#include "experts/expert_selection.h"
#include "language/text_session.h"

namespace andon {

class TextExpert;
class TextModel;

// Experts that are to write together.
class ExpertChoice {
 public:
  ExpertChoice(bool soft_prompt, bool calibration)
      : selection_{.uses = {}, .soft_prompt = soft_prompt, .calibration = calibration} {}
  void Add(const TextExpert& expert, float weight);

  const ExpertSelection& selection() const { return selection_; }

 private:
  ExpertSelection selection_;
};

// REQUIRES: the model is deleted after its sessions.
class TextSessionHandle {
 public:
  // `context`: positions; 0: the model's own, within reason. `f32`: of keys and values, instead of
  // f16.
  TextSessionHandle(const TextModel& model, uint32_t context, bool f32);
  // `choice`: what the session had when it was saved.
  static std::unique_ptr<TextSessionHandle> Restore(const TextModel& model, const Upload& saved,
                                                    const ExpertChoice& choice);

  // What the last of the calls that can fail said, or making it. Where that failed there is only
  // delete().
  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }

  double bytes() const { return static_cast<double>(session_->bytes()); }  // of keys and values
  uint32_t context() const { return session_->context(); }
  uint32_t length() const { return static_cast<uint32_t>(session_->tokens().size()); }
  Span tokens() const { return SpanOf(session_->tokens()); }  // until it changes
  // Positions that are to be computed, those of a soft prompt among them.
  uint32_t pending() const { return session_->pending(); }
  void Use(const ExpertChoice& choice);
  void Append(const Upload& tokens);
  void Truncate(uint32_t length) { session_->Truncate(length); }
  std::unique_ptr<TextSessionHandle> Fork(uint32_t length) const;
  Span Save();  // there until DropSaved()
  void DropSaved() { saved_ = {}; }

  TextSession& session() { return *session_; }
  const Tokenizer& tokenizer() const { return session_->tokenizer(); }
  // JSON: as that of the model, with what its experts add; there until the next call.
  Span ControlTexts();

 private:
  explicit TextSessionHandle(Result<std::unique_ptr<TextSession>> session);

  std::unique_ptr<TextSession> session_;
  Status status_;
  Bytes saved_;
  std::string control_texts_;
};

}  // namespace andon

#endif  // ANDON_BINDINGS_TEXT_SESSION_H_
