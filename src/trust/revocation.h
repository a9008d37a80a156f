// What the caller's revocation lists say of a file and of the keys behind it.

#ifndef ANDON_TRUST_REVOCATION_H_
#define ANDON_TRUST_REVOCATION_H_

#include <vector>

#include "trust/lineage.h"
#include "trust/policy.h"
#include "trust/revocation_list.h"

namespace andon {

// The lists that count for these keys: issued by one of them, and the newest by its issuer. Where
// two have the same number, both.
std::vector<const RevocationList*> ListsFor(const Lineage& lineage, const Policy& policy);

// The entry of `list` that hits a certificate that the list's issuer issued, any key behind the
// file, or the file itself, from `now` on or before (0: whenever); none: nullptr.
const Revocation* FindRevocation(const RevocationList& list, const Evidence& evidence,
                                 const Lineage& lineage, uint64_t now);

}  // namespace andon

#endif  // ANDON_TRUST_REVOCATION_H_
