#include "bindings/text_session.h"

#include <emscripten/bind.h>

#include "bindings/text_expert.h"
#include "bindings/text_model.h"

namespace andon {

void ExpertChoice::Add(const TextExpert& expert, float weight) {
  selection_.uses.push_back({expert.expert(), weight});
}

TextSessionHandle::TextSessionHandle(Result<std::unique_ptr<TextSession>> session)
    : session_(session.ok() ? std::move(*session) : nullptr), status_(session.status()) {}

TextSessionHandle::TextSessionHandle(const TextModel& model, uint32_t context, bool f32)
    : TextSessionHandle(TextSession::Make(
          model.model(), {.context = context, .cache = f32 ? CacheType::kF32 : CacheType::kF16})) {}

std::unique_ptr<TextSessionHandle> TextSessionHandle::Restore(const TextModel& model,
                                                              const Upload& saved,
                                                              const ExpertChoice& choice) {
  return std::unique_ptr<TextSessionHandle>(
      new TextSessionHandle(RestoreWithExperts(model.model(), saved.bytes(), choice.selection())));
}

void TextSessionHandle::Use(const ExpertChoice& choice) {
  status_ = UseExperts(choice.selection(), *session_);
}

void TextSessionHandle::Append(const Upload& tokens) {
  status_ = session_->Append(TokensOf(tokens));
}

std::unique_ptr<TextSessionHandle> TextSessionHandle::Fork(uint32_t length) const {
  return std::unique_ptr<TextSessionHandle>(new TextSessionHandle(session_->Fork(length)));
}

Span TextSessionHandle::ControlTexts() {
  control_texts_ = ControlTextsOf(session_->tokenizer());
  return SpanOf(control_texts_);
}

Span TextSessionHandle::Save() {
  saved_ = session_->Save();
  return SpanOf(saved_);
}

}  // namespace andon

EMSCRIPTEN_BINDINGS(text_session) {
  using andon::ExpertChoice;
  using andon::TextSessionHandle;
  emscripten::class_<ExpertChoice>("ExpertChoice")
      .constructor<bool, bool>()
      .function("add", &ExpertChoice::Add);
  emscripten::class_<TextSessionHandle>("TextSession")
      .constructor<const andon::TextModel&, uint32_t, bool>()
      .class_function("restore", &TextSessionHandle::Restore)
      .function("code", &TextSessionHandle::code)
      .function("message", &TextSessionHandle::message)
      .function("bytes", &TextSessionHandle::bytes)
      .function("context", &TextSessionHandle::context)
      .function("length", &TextSessionHandle::length)
      .function("tokens", &TextSessionHandle::tokens)
      .function("pending", &TextSessionHandle::pending)
      .function("use", &TextSessionHandle::Use)
      .function("controlTexts", &TextSessionHandle::ControlTexts)
      .function("append", &TextSessionHandle::Append)
      .function("truncate", &TextSessionHandle::Truncate)
      .function("fork", &TextSessionHandle::Fork)
      .function("save", &TextSessionHandle::Save)
      .function("dropSaved", &TextSessionHandle::DropSaved);
}
