// An expert on its way to a language model: JavaScript reads the ranges that are wanted.

#include "bindings/text_expert.h"

#include <emscripten/bind.h>

#include <optional>
#include <string>

#include "bindings/raw.h"
#include "bindings/text_model.h"
#include "bindings/upload.h"
#include "common/json.h"
#include "engine/engine.h"
#include "experts/expert_attaching.h"

namespace andon {
namespace {

// Offsets and sizes as JavaScript's numbers, exact below 2^53.
double Number(uint64_t value) { return static_cast<double>(value); }

struct WantedRange {
  bool needed = false;  // otherwise the next step takes no bytes
  double offset = 0, length = 0, gap = 0;
};

class ExpertTerms {
 public:
  explicit ExpertTerms(const Policy& policy) { terms_.policy = policy; }
  void AllowAnyBase() { terms_.any_base = true; }
  void SetMaxBytes(double bytes) { terms_.max_bytes = static_cast<uint64_t>(bytes); }
  // A file of a PEFT folder.
  void AddFile(const std::string& name, const Upload& content) {
    const ByteView bytes = content.bytes();
    files_[name] = Bytes(bytes.begin(), bytes.end());
  }

  const AttachTerms& terms() const { return terms_; }
  const PeftFiles& files() const { return files_; }

 private:
  AttachTerms terms_;
  PeftFiles files_;
};

class AttachingExpert {
 public:
  // `size`: of the file; negative: not known. Where the terms have files, it is made of these.
  // REQUIRES: the model is deleted after this.
  AttachingExpert(TextModel& model, const ExpertTerms& terms, double size) {
    if (!terms.files().empty()) {
      attaching_.emplace(model.model(), model.shelf(), terms.files(), terms.terms());
      return;
    }
    const auto bytes = size < 0 ? std::nullopt : std::optional(static_cast<uint64_t>(size));
    attaching_.emplace(model.model(), model.shelf(), bytes, terms.terms());
  }

  bool done() const { return attaching_->done(); }
  bool verified() const { return attaching_->verified(); }
  bool cached() const { return attaching_->cached(); }
  uint32_t layers_ready() const { return attaching_->layers_ready(); }
  WantedRange wanted() const {
    const auto [offset, length] = attaching_->wanted();
    return {attaching_->needs_bytes(), Number(offset), Number(length), Number(attaching_->gap())};
  }
  // `stored_sha256`: empty, or that of the bytes behind the gap.
  void Feed(const Upload& bytes, const std::string& stored_sha256) {
    std::optional<Sha256Digest> digest;
    if (!stored_sha256.empty()) digest = FromRaw<Sha256Digest>(stored_sha256);
    attaching_->Feed(bytes.bytes(), digest);
  }

  // REQUIRES for all that follows: done().
  std::string code() const { return std::string(ErrorCodeName(attaching_->status().code())); }
  std::string message() const { return attaching_->status().message(); }
  Span Verdict() { return Keep(VerdictJson(attaching_->verdict())); }
  // JSON of a release to remember; empty: none.
  Span Remember() {
    const auto& remember = attaching_->remember();
    if (!remember) return Keep("");
    return Keep(DumpJson({{"name", remember->name},
                          {"releaseCounter", remember->release_counter},
                          {"signed", remember->is_signed}}));
  }
  // REQUIRES: code() is "Ok".
  std::unique_ptr<TextExpert> Take() const {
    return std::make_unique<TextExpert>(attaching_->expert());
  }

 private:
  // Until the next call.
  Span Keep(std::string json) {
    json_ = std::move(json);
    return SpanOf(json_);
  }

  std::optional<ExpertAttaching> attaching_;
  std::string json_;
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(text_expert) {
  using andon::AttachingExpert;
  using andon::ExpertTerms;
  using andon::TextExpert;
  using andon::WantedRange;
  emscripten::value_object<WantedRange>("WantedRange")
      .field("needed", &WantedRange::needed)
      .field("offset", &WantedRange::offset)
      .field("length", &WantedRange::length)
      .field("gap", &WantedRange::gap);
  emscripten::class_<ExpertTerms>("ExpertTerms")
      .constructor<const andon::Policy&>()
      .function("allowAnyBase", &ExpertTerms::AllowAnyBase)
      .function("setMaxBytes", &ExpertTerms::SetMaxBytes)
      .function("addFile", &ExpertTerms::AddFile);
  emscripten::class_<AttachingExpert>("AttachingExpert")
      .constructor<andon::TextModel&, const ExpertTerms&, double>()
      .function("done", &AttachingExpert::done)
      .function("verified", &AttachingExpert::verified)
      .function("cached", &AttachingExpert::cached)
      .function("layersReady", &AttachingExpert::layers_ready)
      .function("wanted", &AttachingExpert::wanted)
      .function("feed", &AttachingExpert::Feed)
      .function("code", &AttachingExpert::code)
      .function("message", &AttachingExpert::message)
      .function("verdict", &AttachingExpert::Verdict)
      .function("remember", &AttachingExpert::Remember)
      .function("take", &AttachingExpert::Take);
  emscripten::class_<TextExpert>("TextExpert")
      .function("identity", &TextExpert::identity)
      .function("description", &TextExpert::description)
      .function("hasAdapter", &TextExpert::has_adapter)
      .function("grammar", &TextExpert::grammar)
      .function("hasGrammar", &TextExpert::has_grammar)
      .function("hasCalibration", &TextExpert::has_calibration)
      .function("softPromptTokens", &TextExpert::soft_prompt_tokens)
      .function("addedTokens", &TextExpert::added_tokens)
      .function("adapterBytes", &TextExpert::adapter_bytes)
      .function("bytes", &TextExpert::bytes);
}
