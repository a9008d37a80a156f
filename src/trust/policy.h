// Whom the caller trusts and what may load.

#ifndef ANDON_TRUST_POLICY_H_
#define ANDON_TRUST_POLICY_H_

#include <string>
#include <vector>

#include "common/status.h"
#include "crypto/ed25519.h"
#include "trust/verdict.h"

namespace andon {

struct TrustedKey {
  Ed25519PublicKey key;
  std::string name;  // shown as the signer
};

// With no trusted keys the caller asks only for integrity: the defaults let unsigned files and
// unknown signers load. A caller who names keys should set both to false.
struct Policy {
  std::vector<TrustedKey> trusted;
  bool allow_unsigned = true;
  bool allow_unknown_signer = true;
};

// A detached signature as a package carries it.
struct SignatureClaim {
  Ed25519PublicKey key;
  Ed25519Signature signature;
};

// Checks the signature (none: nullptr) over `message` and writes signature, trust, signer and
// reasons into `verdict`. Integrity must have been established before. Errors: SignatureInvalid
// always; SignatureMissing and SignerUnknown where the policy says so.
Status JudgeSignature(const SignatureClaim* claim, ByteView message, const Policy& policy,
                      Verdict& verdict);

}  // namespace andon

#endif  // ANDON_TRUST_POLICY_H_
