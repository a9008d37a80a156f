#include "engine/expert_source.h"

#include <algorithm>

#include "common/limits.h"
#include "crypto/ed25519.h"
#include "formats/expert_index.h"
#include "formats/expert_layout.h"

namespace andon {
namespace {

Result<Bytes> ReadV1File(InputFile& package) {
  if (package.size() > limits::kMaxExpertV1Bytes) {
    return Error(ErrorCode::kFileTooLarge, "expert: version 1 of ", package.size(), " bytes");
  }
  Bytes file(static_cast<size_t>(package.size()));
  ANDON_RETURN_IF_ERROR(package.Read(0, file));
  return file;
}

}  // namespace

Result<bool> IsVersion2(InputFile& package) {
  Bytes start(
      static_cast<size_t>(std::min<uint64_t>(package.size(), ANDON_EXPERT_METADATA_OFFSET)));
  ANDON_RETURN_IF_ERROR(package.Read(0, start));
  return LooksLikeExpert(start);
}

Result<SourceV1> OpenV1(InputFile& package) {
  SourceV1 source;
  ANDON_ASSIGN_OR_RETURN(source.file, ReadV1File(package));
  ANDON_ASSIGN_OR_RETURN(source.package, ReadExpertV1(source.file));
  const auto& signature = source.package.signature;
  if (signature &&
      !Ed25519Verify(signature->key, AsBytes(signature->message), signature->signature)) {
    return Error(ErrorCode::kSignatureInvalid, "expert: the signature of the source");
  }
  return source;
}

}  // namespace andon
