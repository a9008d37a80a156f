// A package in the making: hand over the parts, then run().

#include <emscripten/bind.h>

#include <algorithm>
#include <string>

#include "bindings/span.h"
#include "bindings/upload.h"
#include "engine/pack.h"

namespace andon {
namespace {

class Packing {
 public:
  // REQUIRES: both outlive the packing.
  Packing(const Upload& description, const Upload& weights) {
    request_.description = description.bytes();
    request_.weights = weights.bytes();
  }

  void Attach(const std::string& name, const Upload& content) {
    request_.attachments[name] = Bytes(content.bytes().begin(), content.bytes().end());
  }

  // `seed` holds raw bytes. REQUIRES: as many as a seed has.
  void Sign(const std::string& seed) {
    Ed25519Seed& own = request_.signing_seed.emplace();
    std::copy_n(seed.begin(), std::min(seed.size(), own.size()), own.begin());
  }

  void Run() {
    Result<Bytes> result = Pack(request_);
    status_ = result.status();
    if (result.ok()) package_ = std::move(result).value();
  }

  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }
  Span package() const { return SpanOf(package_); }

 private:
  PackRequest request_;
  Status status_;
  Bytes package_;
};

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(packing) {
  using andon::Packing;
  emscripten::class_<Packing>("Packing")
      .constructor<const andon::Upload&, const andon::Upload&>()
      .function("attach", &Packing::Attach)
      .function("sign", &Packing::Sign)
      .function("run", &Packing::Run)
      .function("code", &Packing::code)
      .function("message", &Packing::message)
      .function("package", &Packing::package);
}
