// metadata.pb of an .aprender package: a ModelPackage of proto/aprender_models.proto. Parse,
// upgrade, check; serialise.
//
// checksums.metadata_sha256 is the SHA-256 of metadata.pb itself without the field
// ModelMetadata.checksums: of the bytes as they came, that field cut out and the length of
// ModelPackage.metadata made right. So it does not depend on how a reader would serialise again.

#ifndef ANDON_FORMATS_APRENDER_METADATA_H_
#define ANDON_FORMATS_APRENDER_METADATA_H_

#include "aprender_models.pb.h"
#include "common/bytes.h"
#include "common/status.h"

namespace andon {

inline constexpr uint32_t kAprenderSchemaVersion = 2;

// Error: MetadataTooLarge.
Status CheckAprenderMetadataSize(uint64_t size);

// Parses, upgrades an older schema version to the present one and checks every field on its own and
// metadata_sha256; checksums of other files are left to the package reader. Unknown fields are
// kept. Errors: Metadata..., SchemaVersion..., ManifestChecksumPresent and those of
// CheckAprenderFields.
Result<aprender::v2::ModelPackage> ParseAprenderMetadata(ByteView bytes);

// Deterministic bytes, metadata_sha256 filled in.
Bytes SerializeAprenderMetadata(const aprender::v2::ModelPackage& package);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_METADATA_H_
