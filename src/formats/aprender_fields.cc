#include "formats/aprender_fields.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "common/limits.h"
#include "formats/semantic_version.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

// The values of each enum are 0, 1, 2, ...: the index into its names.
constexpr std::string_view kLinearKinds[] = {"linear_regression", "ridge", "lasso", "elastic_net"};
constexpr std::string_view kDataTypes[] = {"float32", "float64", "int32",
                                           "int64",   "bool",    "string"};
constexpr std::string_view kCompatibilities[] = {"none", "minor", "major"};

template <typename Enum, size_t kCount>
std::optional<Enum> ValueOf(const std::string_view (&names)[kCount], std::string_view name) {
  const auto found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<Enum>(found - std::begin(names));
}

Status CheckMetadata(const proto::ModelMetadata& metadata) {
  if (!IsUuid(metadata.model_id())) {
    return Error(ErrorCode::kModelIdInvalid, "metadata.pb: model_id ", Quoted(metadata.model_id()));
  }
  if (!IsSemanticVersion(metadata.version())) {
    return Error(ErrorCode::kModelVersionInvalid, "metadata.pb: version ",
                 Quoted(metadata.version()));
  }
  if (!proto::CompatibilityLevel_IsValid(metadata.compatibility())) {
    return Error(ErrorCode::kCompatibilityLevelInvalid, "metadata.pb: compatibility ",
                 int{metadata.compatibility()});
  }
  return Status();
}

Status OutOfRange(std::string_view parameter) {
  return Error(ErrorCode::kArchitectureInvalid, "metadata.pb: ", parameter, " is out of its range");
}

Status CheckLinear(const proto::LinearModel& model) {
  if (!proto::LinearKind_IsValid(model.kind())) return OutOfRange("kind of the linear model");
  if (!std::isfinite(model.alpha()) || model.alpha() < 0) return OutOfRange("alpha");
  if (!(model.l1_ratio() >= 0 && model.l1_ratio() <= 1)) return OutOfRange("l1_ratio");
  return Status();
}

Status CheckLogistic(const proto::LogisticModel& model) {
  if (!std::isfinite(model.learning_rate())) return OutOfRange("learning_rate");
  if (!std::isfinite(model.tolerance())) return OutOfRange("tolerance");
  std::unordered_set<std::string_view> seen;
  for (const std::string& label : model.class_labels()) {
    if (!seen.insert(label).second) {
      return Error(ErrorCode::kClassLabelsMismatch, "metadata.pb: class label ", Quoted(label),
                   " occurs twice");
    }
  }
  return Status();
}

Status CheckArchitecture(const proto::ModelArchitecture& architecture) {
  if (architecture.has_linear()) return CheckLinear(architecture.linear());
  if (architecture.has_logistic()) return CheckLogistic(architecture.logistic());
  return Error(ErrorCode::kArchitectureMissing, "metadata.pb: no architecture that Andon knows");
}

Status CheckFeature(const proto::Feature& feature) {
  if (feature.name().empty() || feature.name().size() > limits::kMaxFeatureNameBytes) {
    return Error(ErrorCode::kFeatureNameInvalid, "metadata.pb: feature name ",
                 Quoted(feature.name()), " of ", uint64_t{feature.name().size()}, " bytes");
  }
  if (!proto::DataType_IsValid(feature.type())) {
    return Error(ErrorCode::kFeatureTypeInvalid, "metadata.pb: feature ", Quoted(feature.name()),
                 " has the data type ", int{feature.type()});
  }
  return Status();
}

Status CheckInputSchema(const proto::InputSchema& schema) {
  const auto count = static_cast<uint64_t>(schema.features_size());
  if (count == 0) {
    return Error(ErrorCode::kInputSchemaEmpty, "metadata.pb: the input schema has no features");
  }
  if (count > limits::kMaxFeatures) {
    return Error(ErrorCode::kTooManyFeatures, "metadata.pb: ", count, " features, the limit is ",
                 limits::kMaxFeatures);
  }
  std::unordered_set<std::string_view> seen;
  for (const proto::Feature& feature : schema.features()) {
    ANDON_RETURN_IF_ERROR(CheckFeature(feature));
    if (!seen.insert(feature.name()).second) {
      return Error(ErrorCode::kFeatureNameDuplicate, "metadata.pb: feature ",
                   Quoted(feature.name()), " occurs twice");
    }
  }
  return Status();
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

bool IsUuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(),
                    [](char c, char form) { return form == 'x' ? IsHexDigit(c) : c == form; });
}

std::string_view LinearKindName(proto::LinearKind kind) { return kLinearKinds[kind]; }
std::optional<proto::LinearKind> LinearKindFromName(std::string_view name) {
  return ValueOf<proto::LinearKind>(kLinearKinds, name);
}

std::string_view DataTypeName(proto::DataType type) { return kDataTypes[type]; }
std::optional<proto::DataType> DataTypeFromName(std::string_view name) {
  return ValueOf<proto::DataType>(kDataTypes, name);
}

std::string_view CompatibilityName(proto::CompatibilityLevel level) {
  return kCompatibilities[level];
}
std::optional<proto::CompatibilityLevel> CompatibilityFromName(std::string_view name) {
  return ValueOf<proto::CompatibilityLevel>(kCompatibilities, name);
}

Status CheckAprenderFields(const proto::ModelPackage& package) {
  ANDON_RETURN_IF_ERROR(CheckMetadata(package.metadata()));
  ANDON_RETURN_IF_ERROR(CheckArchitecture(package.architecture()));
  return CheckInputSchema(package.input_schema());
}

}  // namespace andon
