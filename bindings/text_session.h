// A text under way, as JavaScript holds it.

#ifndef ANDON_BINDINGS_TEXT_SESSION_H_
#define ANDON_BINDINGS_TEXT_SESSION_H_

#include <memory>
#include <string>
#include <utility>

#include "bindings/span.h"
#include "bindings/upload.h"
#include "common/status.h"
#include "language/text_session.h"

namespace andon {

class TextModel;

// REQUIRES: the model is deleted after its sessions.
class TextSessionHandle {
 public:
  // `context`: positions; 0: the model's own, within reason. `f32`: of keys and values, instead of
  // f16.
  TextSessionHandle(const TextModel& model, uint32_t context, bool f32);
  static std::unique_ptr<TextSessionHandle> Restore(const TextModel& model, const Upload& saved);

  // What the last of the calls that can fail said, or making it. Where that failed there is only
  // delete().
  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }

  double bytes() const { return static_cast<double>(session_->bytes()); }  // of keys and values
  uint32_t context() const { return session_->context(); }
  uint32_t length() const { return static_cast<uint32_t>(session_->tokens().size()); }
  Span tokens() const { return SpanOf(session_->tokens()); }  // until it changes
  void Append(const Upload& tokens);
  void Truncate(uint32_t length) { session_->Truncate(length); }
  std::unique_ptr<TextSessionHandle> Fork(uint32_t length) const;
  Span Save();  // there until DropSaved()
  void DropSaved() { saved_ = {}; }

  TextSession& session() { return *session_; }

 private:
  explicit TextSessionHandle(Result<std::unique_ptr<TextSession>> session);

  std::unique_ptr<TextSession> session_;
  Status status_;
  Bytes saved_;
};

}  // namespace andon

#endif  // ANDON_BINDINGS_TEXT_SESSION_H_
