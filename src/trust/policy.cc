#include "trust/policy.h"

#include <algorithm>

#include "trust/chain.h"
#include "trust/lineage.h"
#include "trust/reasons.h"
#include "trust/revocation.h"
#include "trust/scope.h"

namespace andon {
namespace {

// What the checks of one file share.
struct Judgement {
  const Evidence& evidence;
  const Policy& policy;
  Verdict& verdict;
  Lineage lineage = {};

  // A sentence that weighs more than those before it.
  void PutFirst(std::string sentence) {
    verdict.reasons.insert(verdict.reasons.begin(), std::move(sentence));
  }
  void Add(std::string sentence) { verdict.reasons.push_back(std::move(sentence)); }
};

Status CheckSignature(Judgement& judgement) {
  const auto& [evidence, policy, verdict, lineage] = judgement;
  verdict.signer = evidence.key;
  if (Ed25519Verify(*evidence.key, evidence.message, evidence.signature)) {
    verdict.signature = SignatureState::kValid;
    return Status();
  }
  verdict.signature = SignatureState::kInvalid;
  judgement.Add("The signature does not match the content of the package.");
  return Error(ErrorCode::kSignatureInvalid, "signature: does not match the content");
}

Status Identify(Evidence& evidence, Judgement& judgement) {
  if (!evidence.identify) return Status();
  Status status = evidence.identify(evidence);
  if (!status.ok()) judgement.Add(status.message());
  return status;
}

Status CheckCertificates(Judgement& judgement) {
  const Evidence& evidence = judgement.evidence;
  if (evidence.chain.empty()) return Status();
  Status status = CheckChain(evidence.chain, *evidence.key);
  if (status.ok()) return status;
  judgement.Add(
      "The certificates that come with the signature are not in order: " + status.message() + ".");
  judgement.Add("They may be forged. Ask the publisher for a package that is signed correctly.");
  return status;
}

Status RequireKnownSigner(Judgement& judgement) {
  judgement.Add("The signature is valid, but its key is not among those you trust.");
  if (!judgement.evidence.chain.empty()) {
    const Lineage& lineage = judgement.lineage;
    judgement.Add("The signer is called " +
                  LineageText(lineage, judgement.evidence.chain.size() - 1) +
                  " by itself alone: nobody whom you trust confirms these names.");
  }
  if (judgement.policy.allow_unknown_signer) return Status();
  judgement.Add("Only packages signed by trusted keys may load.");
  return Error(ErrorCode::kSignerUnknown, "signature: the key is not among the trusted ones");
}

Status CheckTrust(Judgement& judgement) {
  Lineage& lineage = judgement.lineage;
  lineage = LineageOf(judgement.evidence, judgement.policy);
  if (lineage.voucher == nullptr) return RequireKnownSigner(judgement);
  judgement.verdict.trust = TrustState::kTrusted;
  judgement.verdict.signer_name = lineage.ancestors.front().name;
  judgement.Add(lineage.voucher_place == 0
                    ? "The package is signed by a key that you trust."
                    : "The package is signed by " + LineageText(lineage, lineage.voucher_place) +
                          ", whom you trust.");
  return Status();
}

Status CheckScope(Judgement& judgement) {
  const auto& [evidence, policy, verdict, lineage] = judgement;
  const auto require = [&judgement](std::string_view scope, std::string_view whose) {
    const std::string& name = judgement.evidence.name;
    if (ScopeMatches(scope, name)) return Status();
    const std::string what = name.empty() ? "models without a name" : Quoted(name);
    judgement.verdict.trust = TrustState::kUnknown;
    judgement.PutFirst("The signer may not sign " + what + ": " + std::string(whose) +
                       " covers only " + Quoted(scope) + ".");
    return Error(ErrorCode::kScopeMismatch, "signature: ", what, " is outside the scope ",
                 Quoted(scope));
  };
  if (lineage.voucher != nullptr) {
    ANDON_RETURN_IF_ERROR(require(lineage.voucher->scope, "your trust in the key"));
  }
  if (evidence.chain.empty()) return Status();
  return require(evidence.chain.front().scope, "its certificate");
}

Status Revoke(Judgement& judgement, const RevocationList& list, const Revocation& entry) {
  const std::string issuer = AncestorText(judgement.lineage, list.issuer);
  const std::string_view what = entry.kind == RevocationKind::kSerial
                                    ? "a certificate of the signer"
                                : entry.kind == RevocationKind::kKey ? "a key of the signer"
                                                                     : "this very file";
  judgement.verdict.trust = TrustState::kRevoked;
  judgement.PutFirst("Do not use the package: " + issuer + " revoked " + std::string(what) +
                     " as of " + DateText(entry.revoked_from) + "; " +
                     std::string(RevocationReasonText(entry.reason)) + ".");
  return Error(ErrorCode::kRevoked, "revocation list ", list.number, " of ", issuer, ": revokes ",
               what, ", ", RevocationReasonName(entry.reason));
}

// A list that is not fresh revokes as before; what it does not tell is what happened since.
Status CheckFreshness(Judgement& judgement, const RevocationList& list) {
  const uint64_t now = judgement.policy.now;
  if (now == 0 || (list.issued <= now && now <= list.expires)) return Status();
  const std::string issuer = AncestorText(judgement.lineage, list.issuer);
  const std::string why = now > list.expires
                              ? "ended on " + DateText(list.expires)
                              : "begins only on " + DateText(list.issued) + ": is the clock right?";
  const std::string sentence = "The revocation list of " + issuer + " " + why;
  if (!judgement.policy.require_fresh_lists) {
    judgement.Add(sentence);
    return Status();
  }
  judgement.verdict.trust = TrustState::kExpired;
  judgement.PutFirst(sentence);
  return Error(ErrorCode::kRevocationListStale, "revocation list ", list.number, " of ", issuer,
               ": ", why);
}

Status CheckRevocation(Judgement& judgement) {
  const auto& [evidence, policy, verdict, lineage] = judgement;
  const auto lists = ListsFor(lineage, policy);
  for (const RevocationList* list : lists) {
    const Revocation* entry = FindRevocation(*list, evidence, lineage, policy.now);
    if (entry != nullptr) return Revoke(judgement, *list, *entry);
  }
  for (const RevocationList* list : lists) {
    ANDON_RETURN_IF_ERROR(CheckFreshness(judgement, *list));
  }
  return Status();
}

// The leaf decides: its time lies within that of every certificate above.
Status CheckValidity(Judgement& judgement) {
  const auto& [evidence, policy, verdict, lineage] = judgement;
  if (evidence.chain.empty() || policy.now == 0) return Status();
  const Certificate& leaf = evidence.chain.front();
  if (policy.now < leaf.not_before) {
    verdict.trust = TrustState::kExpired;
    judgement.PutFirst("The certificate of the signer is not valid before " +
                       DateText(leaf.not_before) + ".");
    return Error(ErrorCode::kCertificateNotYetValid, "certificate of ", Quoted(leaf.name),
                 ": not valid before ", DateText(leaf.not_before));
  }
  if (policy.now > leaf.not_after) {
    verdict.trust = TrustState::kExpired;
    judgement.PutFirst("The certificate of the signer expired on " + DateText(leaf.not_after) +
                       ". Ask the publisher for a package with a current one.");
    return Error(ErrorCode::kCertificateExpired, "certificate of ", Quoted(leaf.name),
                 ": expired on ", DateText(leaf.not_after));
  }
  return Status();
}

template <typename Predicate>
const Remembered* FindRemembered(const Judgement& judgement, Predicate predicate) {
  const std::vector<Remembered>& all = judgement.policy.remembered;
  const auto found = std::ranges::find_if(all, [&](const Remembered& remembered) {
    return remembered.name == judgement.evidence.name && predicate(remembered);
  });
  return found == all.end() ? nullptr : &*found;
}

Status CheckDowngrade(Judgement& judgement) {
  const auto* remembered = FindRemembered(judgement, std::mem_fn(&Remembered::is_signed));
  if (remembered == nullptr) return Status();
  const std::string name = Quoted(remembered->name);
  judgement.verdict.trust = TrustState::kRollback;
  judgement.PutFirst("A signed release of " + name +
                     " was accepted before. An unsigned one may come from anybody.");
  return Error(ErrorCode::kDowngrade, "signature: none, and a signed release of ", name,
               " was accepted before");
}

Status CheckRollback(Judgement& judgement) {
  const uint64_t counter = judgement.evidence.release_counter;
  const auto* remembered = FindRemembered(
      judgement, [counter](const Remembered& other) { return other.release_counter > counter; });
  if (remembered == nullptr) return Status();
  const std::string name = Quoted(remembered->name);
  judgement.verdict.trust = TrustState::kRollback;
  judgement.PutFirst("Release " + std::to_string(remembered->release_counter) + " of " + name +
                     " was accepted before, and this is the older release " +
                     std::to_string(counter) + ". Ask the publisher for the current one.");
  return Error(ErrorCode::kRollback, "release counter: ", counter, ", release ",
               remembered->release_counter, " of ", name, " was accepted before");
}

Status RequireSignature(Judgement& judgement) {
  judgement.Add(std::string(judgement.evidence.unsigned_reason));
  ANDON_RETURN_IF_ERROR(CheckDowngrade(judgement));
  if (judgement.policy.allow_unsigned) return Status();
  judgement.Add("Only signed packages may load.");
  return Error(ErrorCode::kSignatureMissing, "signature: none, and the policy requires one");
}

Status CheckSigner(Judgement& judgement) {
  ANDON_RETURN_IF_ERROR(CheckCertificates(judgement));
  ANDON_RETURN_IF_ERROR(CheckTrust(judgement));
  ANDON_RETURN_IF_ERROR(CheckScope(judgement));
  ANDON_RETURN_IF_ERROR(CheckRevocation(judgement));
  return CheckValidity(judgement);
}

}  // namespace

Status Judge(Evidence evidence, const Policy& policy, Verdict& verdict) {
  Judgement judgement{evidence, policy, verdict};
  if (evidence.key) ANDON_RETURN_IF_ERROR(CheckSignature(judgement));
  ANDON_RETURN_IF_ERROR(Identify(evidence, judgement));
  ANDON_RETURN_IF_ERROR(evidence.key ? CheckSigner(judgement) : RequireSignature(judgement));
  return CheckRollback(judgement);
}

}  // namespace andon
