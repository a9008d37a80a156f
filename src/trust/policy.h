// Whom the caller trusts and what may load, and the one function that judges a file by it.

#ifndef ANDON_TRUST_POLICY_H_
#define ANDON_TRUST_POLICY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/status.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"
#include "trust/certificate.h"
#include "trust/revocation_list.h"
#include "trust/verdict.h"

namespace andon {

// A key that the caller trusts, to sign files itself and to vouch for others by certificates.
struct TrustedKey {
  Ed25519PublicKey key = {};
  std::string name;         // shown as the signer
  std::string scope = "*";  // covers these names of experts, as in certificates
};

// The highest release that was accepted under a name.
struct Remembered {
  std::string name;
  uint64_t release_counter = 0;
  bool is_signed = false;
};

// With no trusted keys the caller asks only for integrity: the defaults let unsigned files and
// unknown signers load. A caller who names keys should set both to false.
struct Policy {
  std::vector<TrustedKey> trusted = {};
  bool allow_unsigned = true;
  bool allow_unknown_signer = true;
  std::vector<RevocationList> lists = {};
  bool require_fresh_lists = false;  // lists past their end make the file expired
  std::vector<Remembered> remembered = {};
  uint64_t now = 0;  // Unix seconds; 0: validity is not judged (formats without certificates)
};

// What a file says of its origin. REQUIRES: its integrity was established before, as far as its
// format allows.
struct Evidence {
  std::optional<Ed25519PublicKey> key = {};  // that signed; nothing: not signed
  Ed25519Signature signature = {};
  ByteView message = {};                // what was signed
  std::vector<Certificate> chain = {};  // leaf first; its subject is `key`; empty: a bare key
  std::string name = {};                // of the expert; empty: the format has no names
  uint64_t release_counter = 0;
  std::optional<Sha256Digest> file_sha256 = {};
  // Why there is no key, as a reason of the verdict.
  std::string_view unsigned_reason = "The package is not signed.";
  // Fills in what content says that must not be parsed before the signature, if there is one,
  // holds.
  std::function<Status(Evidence&)> identify = {};
};

// Writes signature, trust, signer and reasons into `verdict`. In this order, first failure wins:
// signature, `identify`, chain (trust/chain.h), whom the caller trusts, scope over the name,
// revocation, validity at `now`, rollback. Of a file that is not signed: `identify`, downgrade,
// then whether such files may load, rollback.
//
// Trusted is a file whose key, or a key above it in the chain, is trusted for its name; the file's
// own certificates never bring trust. A format without names needs a trusted key of scope "*". A
// list counts when one of these keys issued it; the newest of an issuer counts alone. Past its end
// it revokes as before, and so does one from the future, but neither is fresh.
//
// Always errors: SignatureInvalid, ChainLength, ChainBroken, ChainRole, ChainPath, ChainScope,
// ChainValidity, ScopeMismatch, Revoked, CertificateExpired, CertificateNotYetValid, Downgrade,
// Rollback. Where the policy says so: SignatureMissing, SignerUnknown, RevocationListStale. And
// those of `identify`.
Status Judge(Evidence evidence, const Policy& policy, Verdict& verdict);

}  // namespace andon

#endif  // ANDON_TRUST_POLICY_H_
