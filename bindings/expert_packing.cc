// An expert in the making. Its files stay with JavaScript: they are read and written by calls back,
// each of which says whether it succeeded and throws nothing.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bindings/raw.h"
#include "bindings/span.h"
#include "common/io.h"
#include "engine/expert_pack.h"
#include "osd/osd.h"

namespace andon {
namespace {

// Offsets and sizes as JavaScript's numbers, exact below 2^53.
double Number(uint64_t value) { return static_cast<double>(value); }

// `calls` has read(file, offset, address, length).
class JsInput : public InputFile {
 public:
  JsInput(emscripten::val calls, double index, double size)
      : calls_(std::move(calls)), index_(index), size_(static_cast<uint64_t>(size)) {}

  uint64_t size() const override { return size_; }
  Status Read(uint64_t offset, std::span<uint8_t> to) override {
    const Span span = SpanOf(to);
    if (calls_.call<bool>("read", index_, Number(offset), span.address, span.size)) return Status();
    return Error(ErrorCode::kSourceUnreadable, "source: bytes from ", offset);
  }

 private:
  emscripten::val calls_;
  double index_;
  uint64_t size_;
};

// `calls` has append(address, length), readBack and replace(offset, address, length).
class JsOutput : public OutputFile {
 public:
  explicit JsOutput(emscripten::val calls) : calls_(std::move(calls)) {}

  uint64_t size() const override { return size_; }
  Status Read(uint64_t offset, std::span<uint8_t> to) override {
    const Span span = SpanOf(to);
    return Written(calls_.call<bool>("readBack", Number(offset), span.address, span.size));
  }
  Status Append(ByteView bytes) override {
    const Span span = SpanOf(bytes);
    size_ += bytes.size();
    return Written(calls_.call<bool>("append", span.address, span.size));
  }
  Status Replace(uint64_t offset, ByteView bytes) override {
    const Span span = SpanOf(bytes);
    return Written(calls_.call<bool>("replace", Number(offset), span.address, span.size));
  }

 private:
  static Status Written(bool done) {
    return done ? Status() : Error(ErrorCode::kOutputUnwritable, "output: a call that failed");
  }

  emscripten::val calls_;
  uint64_t size_ = 0;
};

class ExpertPacking {
 public:
  // `calls` has those of both and progress(done, total).
  explicit ExpertPacking(emscripten::val calls) : calls_(calls), output_(calls) {
    options_.progress = [this](uint64_t done, uint64_t total) {
      const bool on = calls_.call<bool>("progress", Number(done), Number(total));
      return on ? Status() : Error(ErrorCode::kOutputUnwritable, "progress: a call that stopped");
    };
  }

  // Files are counted from 0 in the order in which they are added.
  void AddFile(const std::string& path, double size) {
    inputs_.push_back(std::make_unique<JsInput>(calls_, Number(inputs_.size()), size));
    files_[path] = inputs_.back().get();
  }
  void SetVersion(int version) { options_.version = version; }
  void SetMetadata(const std::string& json) { options_.metadata = json; }
  void SetCodecs(int level, bool zstd, bool shuffle) { options_.writer = {level, zstd, shuffle}; }
  void SetDtype(const std::string& name) { options_.dtype = DTypeFromName(name); }
  // Raw bytes. REQUIRES: as many as a seed has.
  void SetSigning(const std::string& seed, const std::string& chain, double now) {
    options_.signing = ExpertSigning{.seed = FromRaw<Ed25519Seed>(seed),
                                     .chain = Bytes(chain.begin(), chain.end()),
                                     .now = static_cast<uint64_t>(now)};
  }

  void SetOsd(int rank, int relaxed, double sparsity, double blend, bool by_column,
              bool in_memory) {
    osd_.settings = {.rank = rank,
                     .relaxed = relaxed,
                     .sparsity = sparsity,
                     .blend = static_cast<float>(blend),
                     .format = by_column ? SparseFormat::kCsc : SparseFormat::kCsr,
                     .size = {in_memory ? SizeMeasure::kMemory : SizeMeasure::kStored}};
  }
  void AddGridRank(int rank) { osd_.grid_ranks.push_back(rank); }
  void AddGridSparsity(double sparsity) { osd_.grid_sparsities.push_back(sparsity); }
  void SetBaseName(const std::string& name) { base_name_ = name; }

  void Pack() { Keep(PackExpert(files_, options_, output_)); }
  // REQUIRES for both: one file; for Sign also SetSigning.
  void Convert() { Keep(ConvertExpert(*inputs_.front(), options_, output_)); }
  void Sign() { Keep(SignExpert(*inputs_.front(), *options_.signing, output_)); }

  // REQUIRES: SetOsd and SetDtype; files as OsdInputOf takes them.
  void Osd() { Keep(MakeOsd()); }

  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }
  Span report() const { return SpanOf(report_); }  // JSON

 private:
  Result<ExpertPackReport> MakeOsd() {
    ANDON_ASSIGN_OR_RETURN(OsdInput input, OsdInputOf(files_));
    input.base_name = base_name_;
    osd_.settings.dtype = *options_.dtype;
    return ConvertToOsd(input, osd_, options_, output_);
  }
  void Keep(const Result<ExpertPackReport>& result) {
    status_ = result.status();
    if (result.ok()) report_ = result->description;
  }

  emscripten::val calls_;
  ExpertPackOptions options_;
  OsdOptions osd_;
  std::string base_name_;
  std::vector<std::unique_ptr<JsInput>> inputs_;
  ExpertFiles files_;
  JsOutput output_;
  Status status_;
  std::string report_;
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(expert_packing) {
  using andon::ExpertPacking;
  emscripten::class_<ExpertPacking>("ExpertPacking")
      .constructor<emscripten::val>()
      .function("addFile", &ExpertPacking::AddFile)
      .function("setVersion", &ExpertPacking::SetVersion)
      .function("setMetadata", &ExpertPacking::SetMetadata)
      .function("setCodecs", &ExpertPacking::SetCodecs)
      .function("setDtype", &ExpertPacking::SetDtype)
      .function("setSigning", &ExpertPacking::SetSigning)
      .function("setOsd", &ExpertPacking::SetOsd)
      .function("addGridRank", &ExpertPacking::AddGridRank)
      .function("addGridSparsity", &ExpertPacking::AddGridSparsity)
      .function("setBaseName", &ExpertPacking::SetBaseName)
      .function("osd", &ExpertPacking::Osd)
      .function("pack", &ExpertPacking::Pack)
      .function("convert", &ExpertPacking::Convert)
      .function("sign", &ExpertPacking::Sign)
      .function("code", &ExpertPacking::code)
      .function("message", &ExpertPacking::message)
      .function("report", &ExpertPacking::report);
}
