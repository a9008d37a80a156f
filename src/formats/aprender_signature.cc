#include "formats/aprender_signature.h"

#include <algorithm>
#include <string>

namespace andon {

Bytes AprenderSignedMessage(const AprenderManifest& files) {
  std::string message("APRENDER-SIG-V1\0", 16);
  for (const auto& [name, record] : files) {  // in the order of their bytes
    message.append(name).append(1, '\0');
    message.append(std::to_string(record.size)).append(1, '\0');
    message.append(ToHex(record.sha256)).append(1, '\n');
  }
  return Bytes(message.begin(), message.end());
}

Result<AprenderSignature> ParseAprenderSignature(ByteView bytes) {
  AprenderSignature result;
  if (bytes.size() != result.key.size() + result.signature.size()) {
    return Error(ErrorCode::kSignatureMalformed, "signature.bin: ", uint64_t{bytes.size()},
                 " bytes, not 96");
  }
  std::copy_n(bytes.begin(), result.key.size(), result.key.begin());
  std::copy_n(bytes.begin() + result.key.size(), result.signature.size(), result.signature.begin());
  return result;
}

Bytes WriteAprenderSignature(const AprenderManifest& files, const Ed25519Seed& seed) {
  Bytes entry;
  AppendBytes(entry, Ed25519PublicKeyOf(seed));
  AppendBytes(entry, Ed25519Sign(seed, AprenderSignedMessage(files)));
  return entry;
}

}  // namespace andon
