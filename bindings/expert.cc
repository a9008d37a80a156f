// An expert: opened step by step, then read section by section, from ranges that JavaScript reads.

#include <emscripten/bind.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/raw.h"
#include "bindings/span.h"
#include "bindings/upload.h"
#include "common/half.h"
#include "common/json.h"
#include "common/limits.h"
#include "engine/describe_layer.h"
#include "engine/engine.h"
#include "engine/expert_integrity.h"
#include "engine/expert_opening.h"
#include "engine/sniff.h"

namespace andon {
namespace {

// Numbers below 2^53, as JavaScript's are.
struct Range {
  double offset = 0;
  double length = 0;
};

Range RangeOf(const ByteRange& range) {
  return {static_cast<double>(range.offset), static_cast<double>(range.length)};
}

// A negative size stands for one that is not known.
std::optional<uint64_t> SizeOf(double size) {
  if (size < 0) return {};
  return static_cast<uint64_t>(size);
}

class OpeningExpert {
 public:
  OpeningExpert(double size, const Policy& policy) : opening_(SizeOf(size), policy) { Look(); }

  bool done() const { return opening_.done(); }
  Range wanted() const { return RangeOf(opening_.wanted()); }
  void Feed(const Upload& bytes) {
    opening_.Feed(bytes.bytes());
    Look();
  }

  // REQUIRES for all that follows: done().
  std::string code() const { return std::string(ErrorCodeName(outcome_.status.code())); }
  std::string message() const { return outcome_.status.message(); }
  Span verdict() const { return SpanOf(verdict_); }
  // JSON of a release to remember; empty: none.
  Span remember() const { return SpanOf(remember_); }
  std::unique_ptr<Expert> Take() { return std::move(outcome_.expert); }

 private:
  void Look() {
    if (!opening_.done()) return;
    outcome_ = opening_.Take();
    verdict_ = VerdictJson(outcome_.verdict);
    if (!outcome_.remember) return;
    const auto& [name, release_counter, is_signed] = *outcome_.remember;
    remember_ =
        DumpJson({{"name", name}, {"releaseCounter", release_counter}, {"signed", is_signed}});
  }

  ExpertOpening opening_;
  ExpertOutcome outcome_;
  std::string verdict_, remember_;  // JSON
};

class OpenedExpert {
 public:
  // REQUIRES: the opening is done and its code is "Ok"; called once for each.
  explicit OpenedExpert(OpeningExpert& opening) : expert_(opening.Take()) {}

  Span description() const { return SpanOf(expert_->description()); }
  double file_bytes() const { return static_cast<double>(expert_->file().file_bytes); }
  void SetBudget(double bytes) { expert_->SetBudget(static_cast<uint64_t>(bytes)); }
  double cached_bytes() const { return static_cast<double>(expert_->cached_bytes()); }

  // What the last of the following calls that can fail said.
  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }

  Range Needs(uint32_t section) {
    const auto range = expert_->Needs(section);
    status_ = range.status();
    return range.ok() ? RangeOf(*range) : Range{};
  }

  // Content is there until the next Read(). `stored_sha256`: empty, or that of the stored bytes.
  void Read(uint32_t section, const Upload& bytes, const std::string& stored_sha256) {
    std::optional<Sha256Digest> digest;
    if (!stored_sha256.empty()) digest = FromRaw<Sha256Digest>(stored_sha256);
    const auto content = expert_->Read(section, bytes.bytes(), digest);
    status_ = content.status();
    content_ = content.ok() ? *content : nullptr;
  }
  // REQUIRES for all that follows: the last Read() went well.
  Span content() const { return SpanOf(content_->raw()); }
  // JSON. REQUIRES, here and for the next: of a PARAMS section.
  Span Layer() {
    layer_ = DescribeLayer(*content_);
    return SpanOf(layer_);
  }
  Span Summary() {
    layer_ = SummarizeLayer(*content_);
    return SpanOf(layer_);
  }
  // Floats at a place of the content: float32 where it is, others until the next call.
  Span Floats(double offset, double count, const std::string& dtype) {
    const auto place = content_->raw().subspan(static_cast<size_t>(offset));
    const auto size = static_cast<size_t>(count);
    if (dtype == "F32") return {reinterpret_cast<uintptr_t>(place.data()), size * sizeof(float)};
    floats_.resize(size);
    dtype == "F16" ? Widen<F16ToFloat>(place) : Widen<BF16ToFloat>(place);
    return SpanOf(floats_);
  }

  // Every byte, in order, and every section; `config` is config.json of a base model, or empty.
  void BeginIntegrity(const Upload& config) {
    std::optional<BaseShapes> base;
    status_ = {};
    if (!config.bytes().empty()) {
      const auto shapes = ParseBaseConfig(config.bytes());
      status_ = shapes.status();
      if (shapes.ok()) base = *shapes;
    }
    integrity_.emplace(*expert_, base);
  }
  void AddIntegrity(const Upload& bytes) { status_ = integrity_->Update(bytes.bytes()); }
  void EndIntegrity() {
    status_ = integrity_->Finish();
    integrity_.reset();
  }

 private:
  // Known when compiled: a call through a pointer for each value doubles the time.
  template <float (*kWiden)(uint16_t)>
  void Widen(ByteView place) {
    const auto* halves = reinterpret_cast<const uint16_t*>(place.data());
    for (size_t i = 0; i < floats_.size(); ++i) floats_[i] = kWiden(halves[i]);
  }

  std::unique_ptr<Expert> expert_;
  std::optional<ExpertIntegrity> integrity_;
  Status status_;
  const ExpertContent* content_ = nullptr;  // of expert_
  std::string layer_;                       // JSON
  std::vector<float> floats_;
};

std::string KindName(const Result<FileKind>& kind) {
  return std::string(kind.ok() ? FileKindName(*kind) : "");
}

// "" where it is none that is read: opening it says why.
std::string SniffHead(const Upload& head) { return KindName(Sniff(head.bytes())); }
std::string SniffFile(const Upload& file) { return KindName(SniffWhole(file.bytes())); }

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(expert) {
  using andon::OpenedExpert;
  using andon::OpeningExpert;
  using andon::Range;
  emscripten::constant("maxExpertBytes", static_cast<double>(andon::limits::kMaxExpertBytes));
  emscripten::function("sniffHead", &andon::SniffHead);
  emscripten::function("sniffFile", &andon::SniffFile);
  emscripten::value_object<Range>("Range")
      .field("offset", &Range::offset)
      .field("length", &Range::length);
  emscripten::class_<OpeningExpert>("OpeningExpert")
      .constructor<double, const andon::Policy&>()
      .function("done", &OpeningExpert::done)
      .function("wanted", &OpeningExpert::wanted)
      .function("feed", &OpeningExpert::Feed)
      .function("code", &OpeningExpert::code)
      .function("message", &OpeningExpert::message)
      .function("verdict", &OpeningExpert::verdict)
      .function("remember", &OpeningExpert::remember);
  emscripten::class_<OpenedExpert>("OpenedExpert")
      .constructor<OpeningExpert&>()
      .function("description", &OpenedExpert::description)
      .function("fileBytes", &OpenedExpert::file_bytes)
      .function("setBudget", &OpenedExpert::SetBudget)
      .function("cachedBytes", &OpenedExpert::cached_bytes)
      .function("code", &OpenedExpert::code)
      .function("message", &OpenedExpert::message)
      .function("needs", &OpenedExpert::Needs)
      .function("read", &OpenedExpert::Read)
      .function("content", &OpenedExpert::content)
      .function("layer", &OpenedExpert::Layer)
      .function("summary", &OpenedExpert::Summary)
      .function("floats", &OpenedExpert::Floats)
      .function("beginIntegrity", &OpenedExpert::BeginIntegrity)
      .function("addIntegrity", &OpenedExpert::AddIntegrity)
      .function("endIntegrity", &OpenedExpert::EndIntegrity);
}
