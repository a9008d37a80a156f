// The sentences of a verdict: for people, who read them without knowing the formats.

#ifndef ANDON_TRUST_REASONS_H_
#define ANDON_TRUST_REASONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trust/lineage.h"
#include "trust/revocation_list.h"

namespace andon {

// "2026-11-21 15:04:05 UTC". REQUIRES: at most limits::kMaxTimeSeconds.
std::string DateText(uint64_t unix_seconds);

// "'acme-signer', certified by 'acme-ca', certified by 'Acme'": the ancestors up to `last`.
std::string LineageText(const Lineage& lineage, size_t last);

// "'Acme'", or "a key without a name".
std::string AncestorText(const Lineage& lineage, const Ed25519PublicKey& key);

// "a key was compromised", ...
std::string_view RevocationReasonText(RevocationReason reason);

}  // namespace andon

#endif  // ANDON_TRUST_REASONS_H_
