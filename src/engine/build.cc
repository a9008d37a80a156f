#include "engine/build.h"

#include <cstring>

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

template <typename Float>
std::vector<double> NumbersAs(ByteView bytes) {
  std::vector<Float> numbers(bytes.size() / sizeof(Float));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return std::vector<double>(numbers.begin(), numbers.end());
}

// REQUIRES: a predictor was built from the tensor, so it is there, F32 or F64.
std::vector<double> Numbers(const TensorMap& tensors, std::string_view name) {
  const TensorView& tensor = tensors.find(name)->second;
  return tensor.dtype == DType::kF32 ? NumbersAs<float>(tensor.data)
                                     : NumbersAs<double>(tensor.data);
}

}  // namespace

Result<std::unique_ptr<Model>> BuildModel(const AprenderContainer& container,
                                          const AprenderPackage& package) {
  ANDON_RETURN_IF_ERROR(CheckFeatureTypes(package.model.input_schema()));
  auto model = std::make_unique<Model>();
  ANDON_ASSIGN_OR_RETURN(model->predictor, BuildPredictor(package));
  model->description = DescribeModel(container, package, *model->predictor);

  const TensorMap& tensors = package.weights.tensors;
  const proto::ModelArchitecture& architecture = package.model.architecture();
  if (architecture.has_linear()) {
    const proto::LinearModel& linear = architecture.linear();
    model->coefficients = Numbers(tensors, linear.weights_tensor_name());
    if (linear.fit_intercept()) {
      model->intercept = Numbers(tensors, linear.intercept_tensor_name());
    }
  } else {
    const proto::LogisticModel& logistic = architecture.logistic();
    model->coefficients = Numbers(tensors, logistic.weights_tensor_name());
    model->intercept = Numbers(tensors, logistic.intercept_tensor_name());
  }
  return model;
}

}  // namespace andon
