// LinearRegression, Ridge, Lasso and ElasticNet: they differ in training only.

#include "models/dense_predictor.h"

namespace andon {

Result<std::unique_ptr<Predictor>> BuildLinear(const LinearSpec& spec, const TensorMap& tensors) {
  ANDON_ASSIGN_OR_RETURN(const NamedTensor coefficients, FindWeights(tensors, spec.weights_tensor));
  Shape shape = {spec.feature_count};
  if (coefficients.view->shape.size() == 2) shape.insert(shape.begin(), 1);
  ANDON_RETURN_IF_ERROR(RequireShape(coefficients, shape));

  NamedTensor intercept;
  if (spec.fit_intercept) {
    ANDON_ASSIGN_OR_RETURN(intercept, FindWeights(tensors, spec.intercept_tensor));
    ANDON_RETURN_IF_ERROR(RequireShape(intercept, {1}));
  }
  return MakeDensePredictor(Head::kIdentity, coefficients, intercept);
}

}  // namespace andon
