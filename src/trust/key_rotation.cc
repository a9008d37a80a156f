#include "trust/key_rotation.h"

#include "common/limits.h"
#include "trust/fields.h"

namespace andon {
namespace {

constexpr uint16_t kVersion = 1;
constexpr std::string_view kDomain = "HLLMEXP-ROTATE-V1";
constexpr size_t kBodyBytes = 80;

template <typename... Parts>
Status Malformed(const Parts&... parts) {
  return Error(ErrorCode::kRotationMalformed, "key rotation: ", parts...);
}

}  // namespace

Result<KeyRotation> ParseKeyRotation(ByteView bytes) {
  if (bytes.size() != kKeyRotationBytes) {
    return Malformed(bytes.size(), " bytes, not ", kKeyRotationBytes);
  }
  FieldReader reader(bytes);
  if (const auto version = reader.Take<uint16_t>(); version != kVersion) {
    return Malformed("version ", version, " is unknown");
  }
  if (!reader.TakeZeros(6)) return Malformed("reserved bytes are not zero");
  KeyRotation rotation;
  rotation.from = reader.TakeArray<Ed25519PublicKey>();
  rotation.to = reader.TakeArray<Ed25519PublicKey>();
  rotation.since = reader.Take<uint64_t>();
  if (rotation.from == rotation.to) return Malformed("the old key is the new one");
  if (rotation.since > limits::kMaxTimeSeconds) return Malformed("begins after the year 9999");
  const Bytes message = SignedMessage(kDomain, bytes.first(kBodyBytes));
  for (const Ed25519PublicKey& key : {rotation.from, rotation.to}) {
    if (!Ed25519Verify(key, message, reader.TakeArray<Ed25519Signature>())) {
      return Error(ErrorCode::kRotationSignature, "key rotation: the signature of the ",
                   key == rotation.from ? "old" : "new", " key does not match");
    }
  }
  return rotation;
}

Result<Bytes> IssueKeyRotation(const Ed25519Seed& from, const Ed25519Seed& to, uint64_t since) {
  Bytes bytes;
  AppendU16(bytes, kVersion);
  AppendU16(bytes, 0);
  AppendU32(bytes, 0);
  AppendBytes(bytes, Ed25519PublicKeyOf(from));
  AppendBytes(bytes, Ed25519PublicKeyOf(to));
  AppendU64(bytes, since);
  const Bytes message = SignedMessage(kDomain, bytes);
  AppendBytes(bytes, Ed25519Sign(from, message));
  AppendBytes(bytes, Ed25519Sign(to, message));
  ANDON_RETURN_IF_ERROR(ParseKeyRotation(bytes).status());
  return bytes;
}

}  // namespace andon
