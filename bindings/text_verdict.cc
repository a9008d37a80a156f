// The verdict on a language model: its files have no signatures, but the policy may ask for one,
// and lists may name them.

#include <emscripten/bind.h>

#include <string>

#include "bindings/span.h"
#include "bindings/text_model.h"
#include "engine/engine.h"
#include "trust/policy.h"

namespace andon {
namespace {

class TextVerdict {
 public:
  TextVerdict(const TextModel& model, const Policy& policy) {
    Verdict verdict;
    verdict.integrity = Integrity::kOk;
    status_ = JudgeModel(model.model(), policy, verdict);
    verdict_ = VerdictJson(verdict);
  }

  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }
  Span verdict() const { return SpanOf(verdict_); }

 private:
  static Status JudgeModel(const LanguageModel& model, const Policy& policy, Verdict& verdict) {
    if (!policy.lists.empty() && !model.sha256())
      return Error(ErrorCode::kInvalidArgument, "model: lists need its SHA-256");
    return Judge({.file_sha256 = model.sha256(),
                  .unsigned_reason = "Files of language models carry no signature."},
                 policy, verdict);
  }

  Status status_;
  std::string verdict_;  // JSON
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(text_verdict) {
  using andon::TextVerdict;
  emscripten::class_<TextVerdict>("TextVerdict")
      .constructor<const andon::TextModel&, const andon::Policy&>()
      .function("code", &TextVerdict::code)
      .function("message", &TextVerdict::message)
      .function("verdict", &TextVerdict::verdict);
}
