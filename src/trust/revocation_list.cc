#include "trust/revocation_list.h"

#include <algorithm>
#include <tuple>

#include "common/limits.h"
#include "trust/fields.h"

namespace andon {
namespace {

constexpr uint16_t kVersion = 1;
constexpr std::string_view kDomain = "HLLMEXP-CRL-V1";
constexpr size_t kHeaderBytes = 64;
constexpr size_t kEntryBytes = 48;
constexpr size_t kSignatureBytes = 64;
constexpr size_t kSerialBytes = 16;
constexpr std::string_view kKindNames[] = {"serial", "key", "file"};  // from 1
constexpr std::string_view kReasonNames[] = {"unspecified", "key-compromise", "superseded",
                                             "withdrawn", "malicious"};

template <typename... Parts>
Status Malformed(const Parts&... parts) {
  return Error(ErrorCode::kRevocationListMalformed, "revocation list: ", parts...);
}

auto OrderOf(const Revocation& entry) { return std::tie(entry.kind, entry.id); }

bool Ascends(const std::vector<Revocation>& entries) {
  const auto not_below = [](const Revocation& a, const Revocation& b) {
    return OrderOf(a) >= OrderOf(b);
  };
  return std::ranges::adjacent_find(entries, not_below) == entries.end();
}

Result<Revocation> ParseEntry(FieldReader& reader) {
  Revocation entry;
  const auto kind = reader.Take<uint8_t>();
  const auto reason = reader.Take<uint8_t>();
  const bool reserved = reader.TakeZeros(6);
  entry.kind = static_cast<RevocationKind>(kind);
  entry.reason = static_cast<RevocationReason>(reason);
  entry.revoked_from = reader.Take<uint64_t>();
  entry.id = reader.TakeArray<std::array<uint8_t, 32>>();
  if (kind < 1 || kind > 3) return Malformed("kind ", kind, " is unknown");
  if (reason > 4) return Malformed("reason ", reason, " is unknown");
  if (!reserved) return Malformed("reserved bytes of an entry are not zero");
  if (entry.revoked_from > limits::kMaxTimeSeconds) {
    return Malformed("an entry begins after the year 9999");
  }
  FieldReader padding(ByteView(entry.id).subspan(kSerialBytes));
  if (entry.kind == RevocationKind::kSerial && !padding.TakeZeros(entry.id.size() - kSerialBytes)) {
    return Malformed("a serial is not padded with zeros");
  }
  return entry;
}

Status CheckPeriod(const RevocationList& list) {
  if (list.number > limits::kMaxCounter) return Malformed("number ", list.number, " is too large");
  if (list.expires > limits::kMaxTimeSeconds) return Malformed("ends after the year 9999");
  if (list.issued > list.expires) return Malformed("ends before it was issued");
  if (list.expires - list.issued > kMaxListSeconds) return Malformed("is meant for above 7 days");
  return Status();
}

// REQUIRES: at least a header.
Result<RevocationList> ParseFields(ByteView bytes) {
  FieldReader reader(bytes);
  if (const auto version = reader.Take<uint16_t>(); version != kVersion) {
    return Malformed("version ", version, " is unknown");
  }
  if (!reader.TakeZeros(2)) return Malformed("reserved bytes are not zero");
  const size_t count = reader.Take<uint32_t>();
  if (count > kMaxRevocations) {
    return Malformed(count, " entries, the limit is ", kMaxRevocations);
  }
  if (bytes.size() != kHeaderBytes + count * kEntryBytes) {
    return Malformed("has not the size of ", count, " entries");
  }
  RevocationList list;
  list.issuer = reader.TakeArray<Ed25519PublicKey>();
  list.number = reader.Take<uint64_t>();
  list.issued = reader.Take<uint64_t>();
  list.expires = reader.Take<uint64_t>();
  ANDON_RETURN_IF_ERROR(CheckPeriod(list));
  list.entries.reserve(count);
  while (list.entries.size() < count) {
    ANDON_ASSIGN_OR_RETURN(const Revocation entry, ParseEntry(reader));
    list.entries.push_back(entry);
  }
  if (!Ascends(list.entries)) return Malformed("entries do not ascend");
  return list;
}

Bytes FieldsOf(const RevocationList& list) {
  Bytes bytes;
  bytes.reserve(kHeaderBytes + list.entries.size() * kEntryBytes + kSignatureBytes);
  AppendU16(bytes, kVersion);
  AppendU16(bytes, 0);
  AppendU32(bytes, static_cast<uint32_t>(list.entries.size()));
  AppendBytes(bytes, list.issuer);
  AppendU64(bytes, list.number);
  AppendU64(bytes, list.issued);
  AppendU64(bytes, list.expires);
  for (const Revocation& entry : list.entries) {
    bytes.push_back(static_cast<uint8_t>(entry.kind));
    bytes.push_back(static_cast<uint8_t>(entry.reason));
    AppendU16(bytes, 0);
    AppendU32(bytes, 0);
    AppendU64(bytes, entry.revoked_from);
    AppendBytes(bytes, entry.id);
  }
  return bytes;
}

}  // namespace

std::string_view RevocationKindName(RevocationKind kind) {
  return kKindNames[static_cast<size_t>(kind) - 1];
}

std::string_view RevocationReasonName(RevocationReason reason) {
  return kReasonNames[static_cast<size_t>(reason)];
}

std::optional<RevocationKind> RevocationKindOf(std::string_view name) {
  const auto* found = std::ranges::find(kKindNames, name);
  if (found == std::end(kKindNames)) return std::nullopt;
  return static_cast<RevocationKind>(found - kKindNames + 1);
}

std::optional<RevocationReason> RevocationReasonOf(std::string_view name) {
  const auto* found = std::ranges::find(kReasonNames, name);
  if (found == std::end(kReasonNames)) return std::nullopt;
  return static_cast<RevocationReason>(found - kReasonNames);
}

Result<RevocationList> ParseRevocationList(ByteView bytes) {
  if (bytes.size() < kHeaderBytes + kSignatureBytes) {
    return Malformed("is cut off after ", bytes.size(), " bytes");
  }
  const ByteView fields = bytes.first(bytes.size() - kSignatureBytes);
  ANDON_ASSIGN_OR_RETURN(RevocationList list, ParseFields(fields));
  FieldReader tail(bytes.last(kSignatureBytes));
  const auto signature = tail.TakeArray<Ed25519Signature>();
  if (!Ed25519Verify(list.issuer, SignedMessage(kDomain, fields), signature)) {
    return Error(ErrorCode::kRevocationListSignature,
                 "revocation list: the signature does not match");
  }
  return list;
}

Result<Bytes> IssueRevocationList(RevocationList list, const Ed25519Seed& issuer) {
  list.issuer = Ed25519PublicKeyOf(issuer);
  std::ranges::sort(list.entries, {}, OrderOf);
  Bytes bytes = FieldsOf(list);
  AppendBytes(bytes, Ed25519Sign(issuer, SignedMessage(kDomain, bytes)));
  ANDON_RETURN_IF_ERROR(ParseRevocationList(bytes).status());
  return bytes;
}

}  // namespace andon
