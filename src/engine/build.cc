#include "engine/build.h"

#include "engine/describe.h"

namespace andon {
namespace {

namespace proto = aprender::v2;

Status CheckFeatureTypes(const proto::InputSchema& schema) {
  for (const proto::Feature& feature : schema.features()) {
    if (feature.type() == proto::STRING) {
      return Error(ErrorCode::kFeatureTypeUnsupported, "model: feature ", Quoted(feature.name()),
                   " is a text, and the model takes numbers");
    }
  }
  return Status();
}

Result<std::unique_ptr<Predictor>> BuildPredictor(const AprenderPackage& package) {
  const auto features = static_cast<size_t>(package.model.input_schema().features_size());
  const TensorMap& tensors = package.weights.tensors;
  const proto::ModelArchitecture& architecture = package.model.architecture();
  if (architecture.has_linear()) {
    const proto::LinearModel& linear = architecture.linear();
    return BuildLinear({.weights_tensor = linear.weights_tensor_name(),
                        .intercept_tensor = linear.intercept_tensor_name(),
                        .fit_intercept = linear.fit_intercept(),
                        .feature_count = features},
                       tensors);
  }
  const proto::LogisticModel& logistic = architecture.logistic();
  return BuildLogistic({.weights_tensor = logistic.weights_tensor_name(),
                        .intercept_tensor = logistic.intercept_tensor_name(),
                        .feature_count = features,
                        .label_count = static_cast<size_t>(logistic.class_labels_size())},
                       tensors);
}

}  // namespace

Result<std::unique_ptr<Model>> BuildModel(const AprenderContainer& container,
                                          const AprenderPackage& package) {
  ANDON_RETURN_IF_ERROR(CheckFeatureTypes(package.model.input_schema()));
  auto model = std::make_unique<Model>();
  ANDON_ASSIGN_OR_RETURN(model->predictor, BuildPredictor(package));
  model->description = DescribeModel(container, package, *model->predictor);
  return model;
}

}  // namespace andon
