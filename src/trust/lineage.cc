#include "trust/lineage.h"

#include <algorithm>

#include "trust/chain.h"
#include "trust/scope.h"

namespace andon {
namespace {

std::vector<Ancestor> AncestorsOf(const Evidence& evidence) {
  if (evidence.chain.empty()) return {{*evidence.key, ""}};
  std::vector<Ancestor> ancestors;
  for (const Certificate& certificate : evidence.chain) {
    ancestors.push_back({certificate.subject, certificate.name});
  }
  const Certificate& last = evidence.chain.back();
  if (!IsSelfIssued(last)) ancestors.push_back({last.issuer, ""});
  return ancestors;
}

}  // namespace

bool Lineage::Has(const Ed25519PublicKey& key) const {
  return std::ranges::find(ancestors, key, &Ancestor::key) != ancestors.end();
}

Lineage LineageOf(const Evidence& evidence, const Policy& policy) {
  Lineage lineage{.ancestors = AncestorsOf(evidence)};
  bool covered = false;
  for (size_t place = 0; place < lineage.ancestors.size(); ++place) {
    Ancestor& ancestor = lineage.ancestors[place];
    for (const TrustedKey& trusted : policy.trusted) {
      if (trusted.key != ancestor.key) continue;
      if (!trusted.name.empty()) ancestor.name = trusted.name;
      const bool covers = ScopeMatches(trusted.scope, evidence.name);
      if (lineage.voucher != nullptr && (covered || !covers)) continue;
      lineage.voucher = &trusted;
      lineage.voucher_place = place;
      covered = covers;
    }
  }
  return lineage;
}

}  // namespace andon
