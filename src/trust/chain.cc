#include "trust/chain.h"

#include "trust/scope.h"

namespace andon {
namespace {

using Chain = std::vector<Certificate>;

template <typename... Parts>
Status Refuse(ErrorCode code, const Certificate& certificate, const Parts&... parts) {
  return Error(code, "certificate of ", Quoted(certificate.name), ": ", parts...);
}

Status CheckLength(const Chain& chain) {
  if (!chain.empty() && chain.size() <= kMaxChain) return Status();
  return Error(ErrorCode::kChainLength, "certificate chain: ", chain.size(),
               " certificates, not 1 to ", kMaxChain);
}

Status CheckOrder(const Chain& chain, const Ed25519PublicKey& signer) {
  if (chain.front().subject != signer) {
    return Refuse(ErrorCode::kChainBroken, chain.front(), "is not for the key that signed");
  }
  for (size_t i = 1; i < chain.size(); ++i) {
    if (chain[i].subject == chain[i - 1].issuer) continue;
    return Refuse(ErrorCode::kChainBroken, chain[i - 1], "was not issued by ",
                  Quoted(chain[i].name), ", the next of the chain");
  }
  return Status();
}

Status CheckSignatures(const Chain& chain) {
  for (const Certificate& certificate : chain) {
    if (CertificateSignatureHolds(certificate)) continue;
    return Refuse(ErrorCode::kChainBroken, certificate, "the signature of its issuer is invalid");
  }
  return Status();
}

Status CheckRoles(const Chain& chain) {
  for (size_t i = 0; i < chain.size(); ++i) {
    const Certificate& certificate = chain[i];
    const CertificateRole role = certificate.role;
    const auto refuse = [&](std::string_view why) {
      return Refuse(ErrorCode::kChainRole, certificate, "a ", CertificateRoleName(role), why);
    };
    const bool is_leaf = i == 0, is_last = i + 1 == chain.size();
    if (is_leaf && role != CertificateRole::kSigner) return refuse(" signs no files");
    if (!is_leaf && role == CertificateRole::kSigner) return refuse(" issues no certificates");
    if (IsSelfIssued(certificate)) {
      if (role == CertificateRole::kCa) return refuse(" may not issue itself");
      if (!is_last) return refuse(" that issued itself needs no issuer above");
    } else if (role == CertificateRole::kRoot) {
      return refuse(" is issued by itself alone");
    }
  }
  return Status();
}

Status CheckPaths(const Chain& chain) {
  for (size_t i = 1; i < chain.size(); ++i) {
    const size_t cas_below = i - 1;
    if (cas_below <= chain[i].max_path) continue;
    return Refuse(ErrorCode::kChainPath, chain[i], cas_below, " further CAs follow, it allows ",
                  chain[i].max_path);
  }
  return Status();
}

Status CheckScopes(const Chain& chain) {
  for (size_t i = 1; i < chain.size(); ++i) {
    if (ScopeContains(chain[i].scope, chain[i - 1].scope)) continue;
    return Refuse(ErrorCode::kChainScope, chain[i - 1], "covers ", Quoted(chain[i - 1].scope),
                  ", its issuer only ", Quoted(chain[i].scope));
  }
  return Status();
}

Status CheckPeriods(const Chain& chain) {
  for (size_t i = 1; i < chain.size(); ++i) {
    const Certificate &own = chain[i - 1], &issuer = chain[i];
    if (own.not_before >= issuer.not_before && own.not_after <= issuer.not_after) continue;
    return Refuse(ErrorCode::kChainValidity, own, "is valid when that of ", Quoted(issuer.name),
                  ", its issuer, is not");
  }
  return Status();
}

}  // namespace

bool IsSelfIssued(const Certificate& certificate) {
  return certificate.issuer == certificate.subject;
}

Status CheckChain(const Chain& chain, const Ed25519PublicKey& signer) {
  ANDON_RETURN_IF_ERROR(CheckLength(chain));
  ANDON_RETURN_IF_ERROR(CheckOrder(chain, signer));
  ANDON_RETURN_IF_ERROR(CheckSignatures(chain));
  ANDON_RETURN_IF_ERROR(CheckRoles(chain));
  ANDON_RETURN_IF_ERROR(CheckPaths(chain));
  ANDON_RETURN_IF_ERROR(CheckScopes(chain));
  return CheckPeriods(chain);
}

}  // namespace andon
