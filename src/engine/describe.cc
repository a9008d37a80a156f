#include "engine/describe.h"

#include <cstdio>
#include <cstdlib>

#include "common/json.h"
#include "formats/aprender_fields.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

// The shortest decimal number that is this float: 0.01, not 0.009999999776482582.
double ShortestDecimal(float value) {
  char text[32];
  for (int digits = 6;; ++digits) {  // nine always suffice
    std::snprintf(text, sizeof(text), "%.*g", digits, static_cast<double>(value));
    if (std::strtof(text, nullptr) == value) return std::strtod(text, nullptr);
  }
}

Json DescribeHyperparameters(const proto::Hyperparameters& hyperparameters) {
  // Sorted: a protobuf map has no order.
  const std::map<std::string, std::string> sorted(hyperparameters.params().begin(),
                                                  hyperparameters.params().end());
  return Json(sorted);
}

Json DescribeLinear(const proto::LinearModel& model) {
  Json json = {{"type", LinearKindName(model.kind())}, {"fitIntercept", model.fit_intercept()}};
  if (model.kind() != proto::ORDINARY) json["alpha"] = model.alpha();
  if (model.kind() == proto::ELASTIC_NET) json["l1Ratio"] = model.l1_ratio();
  json["hyperparameters"] = DescribeHyperparameters(model.hyperparameters());
  return json;
}

Json DescribeLogistic(const proto::LogisticModel& model) {
  return {{"type", "logistic_regression"},
          {"learningRate", ShortestDecimal(model.learning_rate())},
          {"maxIter", model.max_iter()},
          {"tolerance", ShortestDecimal(model.tolerance())},
          {"hyperparameters", DescribeHyperparameters(model.hyperparameters())}};
}

Json DescribeArchitecture(const proto::ModelArchitecture& architecture) {
  return architecture.has_linear() ? DescribeLinear(architecture.linear())
                                   : DescribeLogistic(architecture.logistic());
}

Json DescribeClasses(const proto::LogisticModel& model, const Predictor& predictor) {
  Json classes = Json::array();
  if (predictor.task() == Task::kRegression) return classes;
  for (const std::string& label : model.class_labels()) classes.push_back(label);
  for (size_t i = classes.size(); i < predictor.output_count(); ++i) {
    classes.push_back(std::to_string(i));
  }
  return classes;
}

Json DescribeFeatures(const proto::InputSchema& schema) {
  Json features = Json::array();
  for (const proto::Feature& feature : schema.features()) {
    features.push_back({{"name", feature.name()},
                        {"type", DataTypeName(feature.type())},
                        {"nullable", feature.nullable()}});
  }
  return features;
}

Json DescribeProvenance(const proto::Provenance& provenance) {
  Json json = Json::object();
  const auto add = [&json](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  add("gitCommit", provenance.git_commit());
  add("gitDirty", provenance.git_dirty());
  add("datasetHash", provenance.dataset_hash());
  // As text: JavaScript's numbers hold 53 bits.
  if (provenance.has_random_seed()) json["randomSeed"] = std::to_string(provenance.random_seed());
  if (provenance.has_training_timestamp()) {
    json["trainingTimestamp"] = provenance.training_timestamp();
  }
  add("trainingDuration", provenance.training_duration());
  add("platform", provenance.platform());
  add("rustVersion", provenance.rust_version());
  add("aprenderVersion", provenance.aprender_version());
  return json;
}

Json DescribeTensors(const TensorMap& tensors) {
  Json list = Json::array();
  for (const auto& [name, tensor] : tensors) {
    list.push_back({{"name", name}, {"dtype", DTypeName(tensor.dtype)}, {"shape", tensor.shape}});
  }
  return list;
}

Json DescribeFiles(const AprenderManifest& files) {
  Json list = Json::array();
  for (const auto& [name, record] : files) {
    list.push_back({{"name", name}, {"size", record.size}, {"sha256", ToHex(record.sha256)}});
  }
  return list;
}

}  // namespace

std::string DescribeModel(const AprenderContainer& container, const AprenderPackage& package,
                          const Predictor& predictor) {
  const proto::ModelPackage& model = package.model;
  const proto::ModelMetadata& metadata = model.metadata();
  return DumpJson(
      {{"format", "aprender"},
       {"formatVersion", kAprenderFormatVersion},
       {"schemaVersion", metadata.schema_version()},
       {"modelId", metadata.model_id()},
       {"version", metadata.version()},
       {"compatibility", CompatibilityName(metadata.compatibility())},
       {"task", predictor.task() == Task::kRegression ? "regression" : "classification"},
       {"architecture", DescribeArchitecture(model.architecture())},
       {"classes", DescribeClasses(model.architecture().logistic(), predictor)},
       {"features", DescribeFeatures(model.input_schema())},
       {"provenance", DescribeProvenance(metadata.provenance())},
       {"tensors", DescribeTensors(package.weights.tensors)},
       {"files", DescribeFiles(container.files)}});
}

}  // namespace andon
