// The keys that stand behind a signature, and which of them the caller trusts.

#ifndef ANDON_TRUST_LINEAGE_H_
#define ANDON_TRUST_LINEAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/ed25519.h"
#include "trust/policy.h"

namespace andon {

struct Ancestor {
  Ed25519PublicKey key = {};
  std::string name;  // as the caller calls it, else as its certificate does; may be empty
};

struct Lineage {
  std::vector<Ancestor> ancestors;      // the signer itself first, then each issuer above
  const TrustedKey* voucher = nullptr;  // the trusted key among them that counts; may be none
  size_t voucher_place = 0;             // in `ancestors`

  bool Has(const Ed25519PublicKey& key) const;
};

// The voucher is the lowest trusted key whose scope covers the file's name; where none covers it,
// the lowest trusted key. REQUIRES: the evidence names a key, its chain was checked; the policy
// outlives the result.
Lineage LineageOf(const Evidence& evidence, const Policy& policy);

}  // namespace andon

#endif  // ANDON_TRUST_LINEAGE_H_
