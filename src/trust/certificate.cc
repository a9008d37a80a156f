#include "trust/certificate.h"

#include "common/limits.h"
#include "common/utf8.h"
#include "trust/fields.h"

namespace andon {
namespace {

constexpr uint16_t kVersion = 1;
constexpr std::string_view kDomain = "HLLMEXP-CERT-V1";
constexpr size_t kTextBytes = 128;
constexpr std::string_view kRoleNames[] = {"root", "ca", "signer"};  // from 1

template <typename... Parts>
Status Malformed(const Parts&... parts) {
  return Error(ErrorCode::kCertificateMalformed, "certificate: ", parts...);
}

bool IsPlainText(std::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> code_point = TakeCodePoint(text);
    if (!code_point || IsDeceptive(*code_point)) return false;
  }
  return true;
}

Result<std::string> TextOf(ByteView padded, std::string_view what) {
  const std::string_view all = AsText(padded);
  const std::string_view text = all.substr(0, all.find('\0'));
  if (text.empty()) return Malformed(what, " is empty");
  if (all.find_first_not_of('\0', text.size()) != std::string_view::npos) {
    return Malformed(what, " is not padded with zeros");
  }
  if (!IsPlainText(text)) return Malformed(what, " is not plain text in UTF-8");
  return std::string(text);
}

void AppendText(Bytes& out, std::string_view text) {
  AppendBytes(out, AsBytes(text));
  out.resize(out.size() + kTextBytes - text.size());
}

Bytes BodyOf(const Certificate& certificate) {
  Bytes body;
  body.reserve(kCertificateBytes);
  AppendU16(body, kVersion);
  body.push_back(static_cast<uint8_t>(certificate.role));
  body.push_back(certificate.max_path);
  AppendBytes(body, certificate.serial);
  AppendBytes(body, certificate.issuer);
  AppendBytes(body, certificate.subject);
  AppendU64(body, certificate.not_before);
  AppendU64(body, certificate.not_after);
  AppendText(body, certificate.name);
  AppendText(body, certificate.scope);
  return body;
}

Status CheckValues(const Certificate& certificate) {
  const auto role = static_cast<uint8_t>(certificate.role);
  if (role < 1 || role > 3) return Malformed("role ", role, " is unknown");
  if (certificate.role == CertificateRole::kSigner && certificate.max_path != 0) {
    return Malformed("a signer has the path limit ", certificate.max_path);
  }
  if (certificate.not_before > certificate.not_after) return Malformed("ends before it begins");
  if (certificate.not_after > limits::kMaxTimeSeconds) return Malformed("ends after the year 9999");
  return Status();
}

}  // namespace

std::string_view CertificateRoleName(CertificateRole role) {
  return kRoleNames[static_cast<size_t>(role) - 1];
}

std::optional<CertificateRole> CertificateRoleOf(std::string_view name) {
  const auto* found = std::ranges::find(kRoleNames, name);
  if (found == std::end(kRoleNames)) return std::nullopt;
  return static_cast<CertificateRole>(found - kRoleNames + 1);
}

Result<Certificate> ParseCertificate(ByteView bytes) {
  if (bytes.size() != kCertificateBytes) {
    return Malformed(bytes.size(), " bytes, not ", kCertificateBytes);
  }
  FieldReader reader(bytes);
  if (const auto version = reader.Take<uint16_t>(); version != kVersion) {
    return Malformed("version ", version, " is unknown");
  }
  Certificate certificate;
  certificate.role = static_cast<CertificateRole>(reader.Take<uint8_t>());
  certificate.max_path = reader.Take<uint8_t>();
  certificate.serial = reader.TakeArray<CertificateSerial>();
  certificate.issuer = reader.TakeArray<Ed25519PublicKey>();
  certificate.subject = reader.TakeArray<Ed25519PublicKey>();
  certificate.not_before = reader.Take<uint64_t>();
  certificate.not_after = reader.Take<uint64_t>();
  ANDON_RETURN_IF_ERROR(CheckValues(certificate));
  ANDON_ASSIGN_OR_RETURN(certificate.name, TextOf(reader.Take(kTextBytes), "name"));
  ANDON_ASSIGN_OR_RETURN(certificate.scope, TextOf(reader.Take(kTextBytes), "scope"));
  certificate.signature = reader.TakeArray<Ed25519Signature>();
  return certificate;
}

Result<std::vector<Certificate>> ParseChain(ByteView bytes) {
  const size_t count = bytes.size() / kCertificateBytes;
  if (bytes.empty() || bytes.size() > kMaxChain * kCertificateBytes) {
    return Error(ErrorCode::kChainLength, "certificate chain: ", bytes.size(), " bytes, not 1 to ",
                 kMaxChain, " certificates");
  }
  if (bytes.size() != count * kCertificateBytes) {
    return Malformed("the chain has ", bytes.size(), " bytes, no multiple of ", kCertificateBytes);
  }
  std::vector<Certificate> chain;
  for (FieldReader reader(bytes); chain.size() < count;) {
    ANDON_ASSIGN_OR_RETURN(Certificate next, ParseCertificate(reader.Take(kCertificateBytes)));
    chain.push_back(std::move(next));
  }
  return chain;
}

Bytes SerializeCertificate(const Certificate& certificate) {
  Bytes bytes = BodyOf(certificate);
  AppendBytes(bytes, certificate.signature);
  return bytes;
}

Result<Bytes> IssueCertificate(Certificate certificate, const Ed25519Seed& issuer) {
  for (const std::string& text : {certificate.name, certificate.scope}) {
    if (text.size() > kTextBytes) {
      return Malformed(Quoted(text), " has ", text.size(), " bytes, the limit is ", kTextBytes);
    }
  }
  certificate.issuer = Ed25519PublicKeyOf(issuer);
  certificate.signature = Ed25519Sign(issuer, SignedMessage(kDomain, BodyOf(certificate)));
  Bytes bytes = SerializeCertificate(certificate);
  ANDON_RETURN_IF_ERROR(ParseCertificate(bytes).status());
  return bytes;
}

bool CertificateSignatureHolds(const Certificate& certificate) {
  return Ed25519Verify(certificate.issuer, SignedMessage(kDomain, BodyOf(certificate)),
                       certificate.signature);
}

}  // namespace andon
