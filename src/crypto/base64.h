// Base64 (RFC 4648, section 4), over libsodium: how keys are shown.

#ifndef ANDON_CRYPTO_BASE64_H_
#define ANDON_CRYPTO_BASE64_H_

#include <string>

#include "common/bytes.h"

namespace andon {

std::string ToBase64(ByteView bytes);

}  // namespace andon

#endif  // ANDON_CRYPTO_BASE64_H_
