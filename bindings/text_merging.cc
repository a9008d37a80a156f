// Experts on their way into a copy of a language model.

#include <emscripten/bind.h>

#include <memory>
#include <string>
#include <utility>

#include "bindings/text_model.h"
#include "bindings/text_session.h"
#include "experts/model_merging.h"

namespace andon {
namespace {

class TextMerging {
 public:
  // `max_memory`: of the weights that change; negative: no limit. REQUIRES: the model is deleted
  // after this.
  TextMerging(const TextModel& model, const ExpertChoice& choice, double max_memory) {
    const uint64_t limit = max_memory < 0 ? UINT64_MAX : static_cast<uint64_t>(max_memory);
    auto merging = ModelMerging::Begin(model.model(), choice.selection(), limit);
    status_ = merging.status();
    if (merging.ok()) merging_ = std::move(*merging);
  }

  // What making it or the last step said. After an error there is only delete().
  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }

  // Matrices.
  uint32_t merged() const { return static_cast<uint32_t>(merging_->merged()); }
  uint32_t total() const { return static_cast<uint32_t>(merging_->total()); }
  void Step() { status_ = merging_->Step(); }
  // Once, when all are merged.
  std::unique_ptr<TextModel> Finish() { return std::make_unique<TextModel>(merging_->Finish()); }

 private:
  std::unique_ptr<ModelMerging> merging_;
  Status status_;
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(text_merging) {
  using andon::TextMerging;
  emscripten::class_<TextMerging>("TextMerging")
      .constructor<const andon::TextModel&, const andon::ExpertChoice&, double>()
      .function("code", &TextMerging::code)
      .function("message", &TextMerging::message)
      .function("merged", &TextMerging::merged)
      .function("total", &TextMerging::total)
      .function("step", &TextMerging::Step)
      .function("finish", &TextMerging::Finish);
}
