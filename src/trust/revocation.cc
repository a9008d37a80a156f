#include "trust/revocation.h"

#include <algorithm>

namespace andon {
namespace {

bool HitsSerial(const Revocation& entry, const RevocationList& list, const Evidence& evidence) {
  return std::ranges::any_of(evidence.chain, [&](const Certificate& certificate) {
    return certificate.issuer == list.issuer &&
           std::ranges::equal(certificate.serial,
                              ByteView(entry.id).first(certificate.serial.size()));
  });
}

bool Hits(const Revocation& entry, const RevocationList& list, const Evidence& evidence,
          const Lineage& lineage) {
  if (entry.kind == RevocationKind::kSerial) return HitsSerial(entry, list, evidence);
  if (entry.kind == RevocationKind::kKey) return lineage.Has(entry.id);
  return evidence.file_sha256 == entry.id;
}

}  // namespace

std::vector<const RevocationList*> ListsFor(const Lineage& lineage, const Policy& policy) {
  std::vector<const RevocationList*> counting;
  for (const RevocationList& list : policy.lists) {
    const bool superseded = std::ranges::any_of(policy.lists, [&list](const auto& other) {
      return other.issuer == list.issuer && other.number > list.number;
    });
    if (lineage.Has(list.issuer) && !superseded) counting.push_back(&list);
  }
  return counting;
}

const Revocation* FindRevocation(const RevocationList& list, const Evidence& evidence,
                                 const Lineage& lineage, uint64_t now) {
  const auto hit = std::ranges::find_if(list.entries, [&](const Revocation& entry) {
    const bool in_effect = now == 0 || entry.revoked_from <= now;
    return in_effect && Hits(entry, list, evidence, lineage);
  });
  return hit == list.entries.end() ? nullptr : &*hit;
}

}  // namespace andon
