#include "trust/policy.h"

#include <emscripten/bind.h>

#include <algorithm>
#include <string>

namespace andon {
namespace {

// `key` holds raw bytes. REQUIRES: as many as a key has.
void Trust(Policy& policy, const std::string& key, const std::string& name) {
  TrustedKey& trusted = policy.trusted.emplace_back();
  std::copy_n(key.begin(), std::min(key.size(), trusted.key.size()), trusted.key.begin());
  trusted.name = name;
}

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(policy) {
  using andon::Policy;
  emscripten::class_<Policy>("Policy")
      .constructor<>()
      .property("allowUnsigned", &Policy::allow_unsigned)
      .property("allowUnknownSigner", &Policy::allow_unknown_signer)
      .function("trust", &andon::Trust);
}
