#include "trust/policy.h"

#include <emscripten/bind.h>

#include <string>

#include "bindings/raw.h"
#include "bindings/trust_document.h"
#include "trust/describe.h"

namespace andon {
namespace {

void Trust(Policy& policy, const std::string& key, const std::string& name,
           const std::string& scope) {
  policy.trusted.push_back({.key = FromRaw<Ed25519PublicKey>(key), .name = name, .scope = scope});
}

// A list with an error is not added.
TrustDocument AddList(Policy& policy, const std::string& bytes) {
  Result<RevocationList> list = ParseRevocationList(AsBytes(bytes));
  if (!list.ok()) return TrustDocument(Result<std::string>(list.status()));
  policy.lists.push_back(std::move(list).value());
  return TrustDocument(Result<std::string>(RevocationListJson(policy.lists.back())));
}

void Remember(Policy& policy, const std::string& name, double release_counter, bool is_signed) {
  policy.remembered.push_back({name, static_cast<uint64_t>(release_counter), is_signed});
}

double Now(const Policy& policy) { return static_cast<double>(policy.now); }

void SetNow(Policy& policy, double unix_seconds) {
  policy.now = static_cast<uint64_t>(unix_seconds);
}

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(policy) {
  using andon::Policy;
  emscripten::class_<Policy>("Policy")
      .constructor<>()
      .property("allowUnsigned", &Policy::allow_unsigned)
      .property("allowUnknownSigner", &Policy::allow_unknown_signer)
      .property("requireFreshLists", &Policy::require_fresh_lists)
      .property("now", &andon::Now, &andon::SetNow)
      .function("trust", &andon::Trust)
      .function("addList", &andon::AddList)
      .function("remember", &andon::Remember);
}
