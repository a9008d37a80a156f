// What the fields of metadata.pb may hold, and the names of their values.

#ifndef ANDON_FORMATS_APRENDER_FIELDS_H_
#define ANDON_FORMATS_APRENDER_FIELDS_H_

#include <optional>
#include <string_view>

#include "aprender_models.pb.h"
#include "common/status.h"

namespace andon {

// "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", hexadecimal in either case (RFC 9562, section 4).
bool IsUuid(std::string_view text);

// "linear_regression", "ridge", "lasso", "elastic_net". REQUIRES: a known kind.
std::string_view LinearKindName(aprender::v2::LinearKind kind);
std::optional<aprender::v2::LinearKind> LinearKindFromName(std::string_view name);
// "float32", ..., "string". REQUIRES: a known type.
std::string_view DataTypeName(aprender::v2::DataType type);
std::optional<aprender::v2::DataType> DataTypeFromName(std::string_view name);
// "none", "minor", "major". REQUIRES: a known level.
std::string_view CompatibilityName(aprender::v2::CompatibilityLevel level);
std::optional<aprender::v2::CompatibilityLevel> CompatibilityFromName(std::string_view name);

// Checks every field on its own.
// Errors: ModelIdInvalid, ModelVersionInvalid, CompatibilityLevelInvalid, ArchitectureMissing,
// ArchitectureInvalid, ClassLabelsMismatch (a label twice), InputSchemaEmpty, TooManyFeatures,
// FeatureNameInvalid, FeatureNameDuplicate, FeatureTypeInvalid.
Status CheckAprenderFields(const aprender::v2::ModelPackage& package);

}  // namespace andon

#endif  // ANDON_FORMATS_APRENDER_FIELDS_H_
