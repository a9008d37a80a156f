// Whether certificates may stand above one another as they do. Says nothing on whom to trust.

#ifndef ANDON_TRUST_CHAIN_H_
#define ANDON_TRUST_CHAIN_H_

#include <vector>

#include "common/status.h"
#include "crypto/ed25519.h"
#include "trust/certificate.h"

namespace andon {

// `chain`: leaf first; `signer`: the key that signed the file. In this order, each rule over the
// whole chain:
//   length      1 to kMaxChain certificates
//   order       the leaf is for the signer's key, every other for the key that issued the one below
//   signatures  each by its issuer; the last issuer's key need not be in the chain
//   roles       files are signed by signers, certificates issued by CAs and roots; a root is issued
//               by itself, and nothing else is, but for a signer alone, which carries its key
//   path        no more CAs below one than it allows
//   scope       only narrows on the way down
//   validity    lies within that of the certificate above
// Errors: ChainLength, ChainBroken, ChainRole, ChainPath, ChainScope, ChainValidity.
Status CheckChain(const std::vector<Certificate>& chain, const Ed25519PublicKey& signer);

bool IsSelfIssued(const Certificate& certificate);

}  // namespace andon

#endif  // ANDON_TRUST_CHAIN_H_
