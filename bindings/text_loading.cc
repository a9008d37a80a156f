// A language model on its way into memory: file by file, each in pieces that JavaScript writes into
// one buffer.

#include <emscripten/bind.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings/raw.h"
#include "bindings/span.h"
#include "bindings/text_model.h"
#include "bindings/upload.h"
#include "language/checksums.h"
#include "language/model_loading.h"

namespace andon {
namespace {

class TextLoading {
 public:
  TextLoading() = default;

  // All before the first begin(). `digest`: 32 raw bytes, that the file of this name must have.
  void Expect(const std::string& name, const std::string& digest) {
    options_.sha256[name] = FromRaw<Sha256Digest>(digest);
  }
  // Lines of sha256sum for the files.
  void ExpectListed(const Upload& list) {
    auto listed = ParseChecksums(list.bytes());
    status_ = listed.status();
    if (listed.ok()) options_.sha256.merge(*listed);
  }
  void SetMemoryLimit(double bytes) { options_.memory_limit = static_cast<uint64_t>(bytes); }
  void SetThreads(uint32_t threads) { options_.threads = threads; }
  void SetExact() { options_.precision = Precision::kExact; }
  // Q8_0, Q4_0, F32, F16 or BF16: what matrices of safetensors become.
  void SetWeightType(uint32_t type) { options_.weight_type = static_cast<WeightType>(type); }

  // SHA-256s are computed also where none is stated.
  void ComputeSha256() { options_.compute_sha256 = true; }

  // Whether the files need a SHA-256, after what came before.
  bool NeedsSha256() { return loading().needs_sha256(); }
  // What the caller hashes of the file, and gives to end().
  void Begin(const std::string& name, double size, bool pieces, bool sha256) {
    status_ =
        loading().Begin(name, static_cast<uint64_t>(size), {.pieces = pieces, .sha256 = sha256});
  }
  // Room for the next piece; moves when it grows.
  Span Room(size_t size) {
    piece_.resize(size);
    return SpanOf(piece_);
  }
  // The first `size` bytes of the room are the next of the file.
  void Push(size_t size) { status_ = loading_->Push(ByteView(piece_).first(size)); }
  // 32 raw bytes each, of what the caller said at begin(); otherwise empty.
  void End(const std::string& pieces, const std::string& sha256) {
    status_ = loading_->End({.pieces = DigestOf(pieces), .sha256 = DigestOf(sha256)});
  }

  // The model; nothing where it went wrong. REQUIRES: a file has begun.
  std::unique_ptr<TextModel> Finish() {
    auto model = loading_->Finish();
    status_ = model.status();
    return model.ok() ? std::make_unique<TextModel>(std::move(*model)) : nullptr;
  }

  // What the last of begin, push, end and finish said. After an error there is only delete().
  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }

 private:
  static std::optional<Sha256Digest> DigestOf(const std::string& raw) {
    return raw.empty() ? std::nullopt : std::optional(FromRaw<Sha256Digest>(raw));
  }
  ModelLoading& loading() {
    if (loading_ == nullptr) loading_ = std::make_unique<ModelLoading>(options_);
    return *loading_;
  }

  ModelLoadOptions options_;
  std::unique_ptr<ModelLoading> loading_;
  Status status_;
  Bytes piece_;
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(text_loading) {
  using andon::TextLoading;
  emscripten::class_<TextLoading>("TextLoading")
      .constructor<>()
      .function("expect", &TextLoading::Expect)
      .function("expectListed", &TextLoading::ExpectListed)
      .function("setMemoryLimit", &TextLoading::SetMemoryLimit)
      .function("setThreads", &TextLoading::SetThreads)
      .function("setExact", &TextLoading::SetExact)
      .function("setWeightType", &TextLoading::SetWeightType)
      .function("computeSha256", &TextLoading::ComputeSha256)
      .function("needsSha256", &TextLoading::NeedsSha256)
      .function("begin", &TextLoading::Begin)
      .function("room", &TextLoading::Room)
      .function("push", &TextLoading::Push)
      .function("end", &TextLoading::End)
      .function("finish", &TextLoading::Finish)
      .function("code", &TextLoading::code)
      .function("message", &TextLoading::message);
}
