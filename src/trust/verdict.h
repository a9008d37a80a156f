// What verification found out about a file, in one object. Every surface shows it; none computes
// one.

#ifndef ANDON_TRUST_VERDICT_H_
#define ANDON_TRUST_VERDICT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/ed25519.h"

namespace andon {

enum class Integrity { kOk, kCorrupt };
enum class SignatureState { kNone, kValid, kInvalid };
// kUnknown: not signed, or signed by a key that the caller does not trust.
enum class TrustState { kTrusted, kUnknown, kExpired, kRevoked, kRollback };

struct Verdict {
  Integrity integrity = Integrity::kCorrupt;  // until every byte has been accounted for
  SignatureState signature = SignatureState::kNone;
  TrustState trust = TrustState::kUnknown;
  std::optional<Ed25519PublicKey> signer;  // set whenever the file names one
  // As the caller calls the key, or as a certificate does that a trusted key vouches for. May be
  // empty; never what a file claims by itself.
  std::string signer_name;
  std::vector<std::string> reasons;  // sentences for people, most important first
};

std::string_view IntegrityName(Integrity integrity);        // "ok", "corrupt"
std::string_view SignatureStateName(SignatureState state);  // "none", "valid", "invalid"
std::string_view TrustStateName(TrustState state);          // "trusted", "unknown", ...

}  // namespace andon

#endif  // ANDON_TRUST_VERDICT_H_
