#include "trust/policy.h"

#include <emscripten/bind.h>

#include <algorithm>
#include <string>

namespace andon {
namespace {

// `key` holds raw bytes. false: not the size of a key.
bool Trust(Policy& policy, const std::string& key, const std::string& name) {
  TrustedKey trusted{{}, name};
  if (key.size() != trusted.key.size()) return false;
  std::copy(key.begin(), key.end(), trusted.key.begin());
  policy.trusted.push_back(trusted);
  return true;
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
