#include "trust/verdict.h"

namespace andon {

std::string_view IntegrityName(Integrity integrity) {
  return integrity == Integrity::kOk ? "ok" : "corrupt";
}

std::string_view SignatureStateName(SignatureState state) {
  constexpr std::string_view kNames[] = {"none", "valid", "invalid"};
  return kNames[static_cast<size_t>(state)];
}

std::string_view TrustStateName(TrustState state) {
  constexpr std::string_view kNames[] = {"trusted", "unknown", "expired", "revoked", "rollback"};
  return kNames[static_cast<size_t>(state)];
}

}  // namespace andon
