// LogisticRegression: one score against the other class, or one score a class.

#include "common/limits.h"
#include "models/dense_predictor.h"

namespace andon {
namespace {

// Scores a row: the first dimension of [classes, features]; 1 for [features]. Errors: TensorShape.
Result<uint64_t> ScoreCount(const NamedTensor& coefficients, uint64_t feature_count) {
  const Shape& shape = coefficients.view->shape;
  if (shape.size() != 2) {
    ANDON_RETURN_IF_ERROR(RequireShape(coefficients, {feature_count}));
    return 1;
  }
  if (shape[0] == 0 || shape[0] > limits::kMaxClasses) {
    return Error(ErrorCode::kTensorShape, "model: shape ", ShapeText(shape), " of tensor ",
                 Quoted(coefficients.name), ", not 1 to ", limits::kMaxClasses, " classes");
  }
  ANDON_RETURN_IF_ERROR(RequireShape(coefficients, {shape[0], feature_count}));
  return shape[0];
}

}  // namespace

Result<std::unique_ptr<Predictor>> BuildLogistic(const LogisticSpec& spec,
                                                 const TensorMap& tensors) {
  ANDON_ASSIGN_OR_RETURN(const NamedTensor coefficients, FindWeights(tensors, spec.weights_tensor));
  ANDON_ASSIGN_OR_RETURN(const uint64_t scores, ScoreCount(coefficients, spec.feature_count));
  ANDON_ASSIGN_OR_RETURN(const NamedTensor intercept, FindWeights(tensors, spec.intercept_tensor));
  ANDON_RETURN_IF_ERROR(RequireShape(intercept, {scores}));

  const uint64_t classes = scores == 1 ? 2 : scores;
  if (spec.label_count != 0 && spec.label_count != classes) {
    return Error(ErrorCode::kClassLabelsMismatch, "model: ", spec.label_count, " class labels for ",
                 classes, " classes");
  }
  const Head head = scores == 1 ? Head::kSigmoid : Head::kSoftmax;
  return MakeDensePredictor(head, coefficients, intercept);
}

}  // namespace andon
