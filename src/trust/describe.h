// Certificates, revocation lists and rotations as JSON, see docs/api.md: keys in base64, serials
// and hashes in hexadecimal, times in Unix seconds.

#ifndef ANDON_TRUST_DESCRIBE_H_
#define ANDON_TRUST_DESCRIBE_H_

#include <string>
#include <vector>

#include "trust/certificate.h"
#include "trust/key_rotation.h"
#include "trust/revocation_list.h"

namespace andon {

// An array, leaf first.
std::string CertificatesJson(const std::vector<Certificate>& chain);
std::string RevocationListJson(const RevocationList& list);
std::string KeyRotationJson(const KeyRotation& rotation);

}  // namespace andon

#endif  // ANDON_TRUST_DESCRIBE_H_
