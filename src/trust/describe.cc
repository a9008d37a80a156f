#include "trust/describe.h"

#include "common/json.h"
#include "crypto/base64.h"
#include "crypto/sha256.h"

namespace andon {
namespace {

Json Describe(const Certificate& certificate) {
  return {{"role", CertificateRoleName(certificate.role)},
          {"name", certificate.name},
          {"scope", certificate.scope},
          {"serial", ToHex(certificate.serial)},
          {"issuer", ToBase64(certificate.issuer)},
          {"subject", ToBase64(certificate.subject)},
          {"notBefore", certificate.not_before},
          {"notAfter", certificate.not_after},
          {"maxPath", certificate.max_path},
          {"signatureHolds", CertificateSignatureHolds(certificate)}};
}

// As people handle it: a key in base64, a serial or the hash of a file in hexadecimal.
std::string IdText(const Revocation& entry) {
  if (entry.kind == RevocationKind::kKey) return ToBase64(entry.id);
  const bool is_serial = entry.kind == RevocationKind::kSerial;
  return ToHex(ByteView(entry.id).first(is_serial ? CertificateSerial().size() : entry.id.size()));
}

Json Describe(const Revocation& entry) {
  return {{"kind", RevocationKindName(entry.kind)},
          {"id", IdText(entry)},
          {"reason", RevocationReasonName(entry.reason)},
          {"revokedFrom", entry.revoked_from}};
}

}  // namespace

std::string CertificatesJson(const std::vector<Certificate>& chain) {
  Json all = Json::array();
  for (const Certificate& certificate : chain) all.push_back(Describe(certificate));
  return DumpJson(all);
}

std::string RevocationListJson(const RevocationList& list) {
  Json entries = Json::array();
  for (const Revocation& entry : list.entries) entries.push_back(Describe(entry));
  return DumpJson({{"number", list.number},
                   {"issued", list.issued},
                   {"expires", list.expires},
                   {"issuer", ToBase64(list.issuer)},
                   {"entries", entries}});
}

std::string KeyRotationJson(const KeyRotation& rotation) {
  return DumpJson({{"from", ToBase64(rotation.from)},
                   {"to", ToBase64(rotation.to)},
                   {"since", rotation.since}});
}

}  // namespace andon
