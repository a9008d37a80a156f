// metadata.pb of an .aprender package: parse, upgrade, validate; serialise.

#ifndef ANDON_FORMATS_APRENDER_METADATA_H_
#define ANDON_FORMATS_APRENDER_METADATA_H_

#include "aprender_models.pb.h"
#include "common/bytes.h"
#include "common/status.h"

namespace andon {

inline constexpr uint32_t kAprenderSchemaVersion = 2;

// Parses, upgrades an older schema version to the present one and checks every field on its own.
// Unknown fields are kept. checksums.metadata_sha256 is checked here, over the bytes as they came
// with the field cleared; checksums of other files are left to the package reader.
// Errors: Metadata..., SchemaVersion..., ModelIdInvalid, ..., FeatureTypeInvalid.
Result<aprender::v2::ModelPackage> ParseAprenderMetadata(ByteView bytes);

// Deterministic bytes, metadata_sha256 filled in.
Bytes SerializeAprenderMetadata(const aprender::v2::ModelPackage& package);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_METADATA_H_
