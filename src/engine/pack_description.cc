#include "engine/pack_description.h"

#include <charconv>

#include "common/limits.h"
#include "engine/json_members.h"
#include "formats/aprender_fields.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

Result<Json> ParseDescriptionJson(ByteView text) {
  JsonLimits json_limits;
  json_limits.max_bytes = limits::kMaxDescriptionBytes;
  json_limits.max_values = limits::kMaxDescriptionBytes;  // weights: as many as the bytes can hold
  return ParseJson(text, "description", json_limits);
}

// Reads a name with one of the ...FromName functions.
template <typename Enum, typename Setter>
JsonMembers::Handler NameOf(std::optional<Enum> (*from_name)(std::string_view), Setter set) {
  return [from_name, set](const Json& value, const std::string& path) {
    const auto named =
        value.is_string() ? from_name(value.get_ref<const std::string&>()) : std::nullopt;
    if (!named) return DescriptionError(path, "not one of the known names");
    set(*named);
    return Status();
  };
}

Status ParseHyperparameters(const Json& value, const std::string& path,
                            proto::Hyperparameters& out) {
  if (!value.is_object()) return DescriptionError(path, "not an object");
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) return DescriptionError(path + "." + Quoted(key), "not a text");
    (*out.mutable_params())[key] = text.get<std::string>();
  }
  return Status();
}

// Sets the architecture that the type names.
Status ParseType(const Json& value, const std::string& path, proto::ModelArchitecture& out) {
  if (value == "logistic_regression") {
    out.mutable_logistic();
    return Status();
  }
  return NameOf(LinearKindFromName, [&out](auto kind) { out.mutable_linear()->set_kind(kind); })(
      value, path);
}

// What every architecture has.
template <typename Architecture>
void ReadCommon(JsonMembers& members, Architecture& model) {
  model.set_weights_tensor_name("coefficients");
  model.set_intercept_tensor_name("intercept");
  members.Text("weights_tensor", model.mutable_weights_tensor_name())
      .Text("intercept_tensor", model.mutable_intercept_tensor_name())
      .Custom("hyperparameters", [&model](const Json& value, const std::string& path) {
        return ParseHyperparameters(value, path, *model.mutable_hyperparameters());
      });
}

void ReadLinear(JsonMembers& members, proto::LinearModel& model) {
  bool fit_intercept = true;
  double alpha = 0;
  double l1_ratio = 0;
  ReadCommon(members, model);
  members.Bool("fit_intercept", &fit_intercept);
  if (model.kind() != proto::ORDINARY) members.Number("alpha", &alpha);
  if (model.kind() == proto::ELASTIC_NET) members.Number("l1_ratio", &l1_ratio);
  model.set_fit_intercept(fit_intercept);
  model.set_alpha(alpha);
  model.set_l1_ratio(l1_ratio);
}

void ReadLogistic(JsonMembers& members, proto::LogisticModel& model) {
  float learning_rate = 0;
  float tolerance = 0;
  uint32_t max_iter = 0;
  ReadCommon(members, model);
  members.Float("learning_rate", &learning_rate)
      .Float("tolerance", &tolerance)
      .Uint32("max_iter", &max_iter)
      .Custom("class_labels", [&model](const Json& value, const std::string& path) {
        if (!value.is_array()) return DescriptionError(path, "not an array");
        for (const Json& label : value) {
          if (!label.is_string()) return DescriptionError(path, "holds a label that is not a text");
          model.add_class_labels(label.get<std::string>());
        }
        return Status();
      });
  model.set_learning_rate(learning_rate);
  model.set_tolerance(tolerance);
  model.set_max_iter(max_iter);
}

Status ParseModel(const Json& value, const std::string& path, proto::ModelArchitecture& out) {
  JsonMembers members(value, path);
  members.Required("type").Custom(
      "type", [&out](const Json& type, const std::string& at) { return ParseType(type, at, out); });
  if (out.has_linear()) ReadLinear(members, *out.mutable_linear());
  if (out.has_logistic()) ReadLogistic(members, *out.mutable_logistic());
  return members.Finish();
}

Status ParseFeature(const Json& value, const std::string& path, proto::Feature& feature) {
  bool nullable = false;
  feature.set_type(proto::FLOAT64);
  ANDON_RETURN_IF_ERROR(
      JsonMembers(value, path)
          .Required("name")
          .Text("name", feature.mutable_name())
          .Custom("type",
                  NameOf(DataTypeFromName, [&feature](auto type) { feature.set_type(type); }))
          .Bool("nullable", &nullable)
          .Finish());
  feature.set_nullable(nullable);
  return Status();
}

Status ParseFeatures(const Json& value, const std::string& path, proto::InputSchema& schema) {
  if (!value.is_array()) return DescriptionError(path, "not an array");
  for (size_t i = 0; i < value.size(); ++i) {
    const std::string at = path + "[" + std::to_string(i) + "]";
    ANDON_RETURN_IF_ERROR(ParseFeature(value[i], at, *schema.add_features()));
  }
  return Status();
}

// A number, or its decimal digits as a text: JavaScript's numbers hold 53 bits.
Status ParseSeed(const Json& value, const std::string& path, proto::Provenance& provenance) {
  uint64_t seed = 0;
  if (value.is_number_unsigned()) {
    seed = value.get<uint64_t>();
  } else {
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, seed);
    if (error != std::errc() || rest != end) {
      return DescriptionError(path, "not a whole number below 2^64");
    }
  }
  provenance.set_random_seed(seed);
  return Status();
}

Status ParseTimestamp(const Json& value, const std::string& path, proto::Provenance& provenance) {
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX})) {
    return DescriptionError(path, "not a whole number of seconds");
  }
  provenance.set_training_timestamp(value.get<int64_t>());
  return Status();
}

Status ParseProvenance(const Json& value, const std::string& path, proto::Provenance& out) {
  return JsonMembers(value, path)
      .Text("git_commit", out.mutable_git_commit())
      .Text("git_dirty", out.mutable_git_dirty())
      .Text("dataset_hash", out.mutable_dataset_hash())
      .Custom("random_seed",
              [&out](const Json& seed, const std::string& at) { return ParseSeed(seed, at, out); })
      .Custom(
          "training_timestamp",
          [&out](const Json& time, const std::string& at) { return ParseTimestamp(time, at, out); })
      .Text("training_duration", out.mutable_training_duration())
      .Text("platform", out.mutable_platform())
      .Text("rust_version", out.mutable_rust_version())
      .Text("aprender_version", out.mutable_aprender_version())
      .Finish();
}

}  // namespace

Result<PackDescription> ParsePackDescription(ByteView text) {
  ANDON_ASSIGN_OR_RETURN(const Json json, ParseDescriptionJson(text));
  PackDescription description;
  proto::ModelPackage& model = description.model;
  proto::ModelMetadata& metadata = *model.mutable_metadata();
  ANDON_RETURN_IF_ERROR(
      JsonMembers(json, "description")
          .Required("model_id")
          .Text("model_id", metadata.mutable_model_id())
          .Required("version")
          .Text("version", metadata.mutable_version())
          .Custom("compatibility", NameOf(CompatibilityFromName,
                                          [&](auto level) { metadata.set_compatibility(level); }))
          .Required("model")
          .Custom("model",
                  [&](const Json& value, const std::string& at) {
                    return ParseModel(value, at, *model.mutable_architecture());
                  })
          .Required("features")
          .Custom("features",
                  [&](const Json& value, const std::string& at) {
                    return ParseFeatures(value, at, *model.mutable_input_schema());
                  })
          .Custom("provenance",
                  [&](const Json& value, const std::string& at) {
                    return ParseProvenance(value, at, *metadata.mutable_provenance());
                  })
          .Custom("weights",
                  [&](const Json& value, const std::string& at) -> Status {
                    ANDON_ASSIGN_OR_RETURN(description.weights, ParseDescribedWeights(value, at));
                    return Status();
                  })
          .Finish());
  return description;
}

}  // namespace andon
