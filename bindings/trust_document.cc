#include "bindings/trust_document.h"

#include <emscripten/bind.h>

#include "bindings/raw.h"
#include "trust/certificate.h"
#include "trust/describe.h"
#include "trust/key_rotation.h"
#include "trust/revocation_list.h"

namespace andon {
namespace {

// Names that nothing has become values that no document may have.
constexpr auto kNoRole = static_cast<CertificateRole>(0);
constexpr auto kNoKind = static_cast<RevocationKind>(0);
constexpr auto kNoReason = static_cast<RevocationReason>(0xFF);

// What certifies whom. Keys and serials are raw bytes, times Unix seconds.
struct CertificateFields {
  std::string role, name, scope, serial, subject;
  uint8_t max_path = 0;
  double not_before = 0, not_after = 0;
};

struct RevocationFields {
  std::string kind, reason, id;
  double revoked_from = 0;
};

TrustDocument Issue(const CertificateFields& fields, const std::string& issuer_seed) {
  return TrustDocument(IssueCertificate({.role = CertificateRoleOf(fields.role).value_or(kNoRole),
                                         .max_path = fields.max_path,
                                         .serial = FromRaw<CertificateSerial>(fields.serial),
                                         .subject = FromRaw<Ed25519PublicKey>(fields.subject),
                                         .not_before = static_cast<uint64_t>(fields.not_before),
                                         .not_after = static_cast<uint64_t>(fields.not_after),
                                         .name = fields.name,
                                         .scope = fields.scope},
                                        FromRaw<Ed25519Seed>(issuer_seed)));
}

class RevocationDraft {
 public:
  RevocationDraft(double number, double issued, double expires) {
    list_.number = static_cast<uint64_t>(number);
    list_.issued = static_cast<uint64_t>(issued);
    list_.expires = static_cast<uint64_t>(expires);
  }

  void Add(const RevocationFields& fields) {
    list_.entries.push_back({.kind = RevocationKindOf(fields.kind).value_or(kNoKind),
                             .reason = RevocationReasonOf(fields.reason).value_or(kNoReason),
                             .revoked_from = static_cast<uint64_t>(fields.revoked_from),
                             .id = FromRaw<std::array<uint8_t, 32>>(fields.id)});
  }

  TrustDocument Issue(const std::string& issuer_seed) const {
    return TrustDocument(IssueRevocationList(list_, FromRaw<Ed25519Seed>(issuer_seed)));
  }

 private:
  RevocationList list_;
};

TrustDocument Rotate(const std::string& from_seed, const std::string& to_seed, double since) {
  return TrustDocument(IssueKeyRotation(FromRaw<Ed25519Seed>(from_seed),
                                        FromRaw<Ed25519Seed>(to_seed),
                                        static_cast<uint64_t>(since)));
}

template <auto Parse, auto ToJson>
TrustDocument Read(const std::string& bytes) {
  const auto parsed = Parse(AsBytes(bytes));
  if (!parsed.ok()) return TrustDocument(Result<std::string>(parsed.status()));
  return TrustDocument(Result<std::string>(ToJson(*parsed)));
}

}  // namespace
}  // namespace andon

EMSCRIPTEN_BINDINGS(trust_document) {
  using andon::CertificateFields;
  using andon::RevocationDraft;
  using andon::RevocationFields;
  using andon::TrustDocument;
  emscripten::class_<TrustDocument>("TrustDocument")
      .function("code", &TrustDocument::code)
      .function("message", &TrustDocument::message)
      .function("bytes", &TrustDocument::bytes)
      .function("description", &TrustDocument::description);
  emscripten::value_object<CertificateFields>("CertificateFields")
      .field("role", &CertificateFields::role)
      .field("name", &CertificateFields::name)
      .field("scope", &CertificateFields::scope)
      .field("serial", &CertificateFields::serial)
      .field("subject", &CertificateFields::subject)
      .field("maxPath", &CertificateFields::max_path)
      .field("notBefore", &CertificateFields::not_before)
      .field("notAfter", &CertificateFields::not_after);
  emscripten::value_object<RevocationFields>("RevocationFields")
      .field("kind", &RevocationFields::kind)
      .field("reason", &RevocationFields::reason)
      .field("id", &RevocationFields::id)
      .field("revokedFrom", &RevocationFields::revoked_from);
  emscripten::class_<RevocationDraft>("RevocationDraft")
      .constructor<double, double, double>()
      .function("add", &RevocationDraft::Add)
      .function("issue", &RevocationDraft::Issue);
  emscripten::function("issueCertificate", &andon::Issue);
  emscripten::function("rotateKey", &andon::Rotate);
  emscripten::function("readCertificates",
                       &andon::Read<andon::ParseChain, andon::CertificatesJson>);
  emscripten::function("readRevocationList",
                       &andon::Read<andon::ParseRevocationList, andon::RevocationListJson>);
  emscripten::function("readKeyRotation",
                       &andon::Read<andon::ParseKeyRotation, andon::KeyRotationJson>);
}
