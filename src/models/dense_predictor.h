// What linear and logistic models have in common: a dense layer, then a function of its scores.

#ifndef ANDON_MODELS_DENSE_PREDICTOR_H_
#define ANDON_MODELS_DENSE_PREDICTOR_H_

#include <memory>
#include <string_view>

#include "common/status.h"
#include "models/predictor.h"
#include "tensor/tensor.h"

namespace andon {

enum class Head {
  kIdentity,  // regression: predictions are the scores
  kSigmoid,   // one score a row, two probabilities
  kSoftmax    // one score and one probability a class
};

struct NamedTensor {
  std::string_view name;
  const TensorView* view = nullptr;
};

// The tensor called `name`, which is F32 or F64. Errors: TensorMissing, TensorDtype.
Result<NamedTensor> FindWeights(const TensorMap& tensors, std::string_view name);

// Errors: TensorShape where it is another than `shape`.
Status RequireShape(const NamedTensor& tensor, const Shape& shape);

// coefficients [outputs, features], or [features] for one output; intercept [outputs], or none for
// 0. Errors: TensorDtype where the two differ, WeightNotFinite. REQUIRES: the shapes have been
// checked.
Result<std::unique_ptr<Predictor>> MakeDensePredictor(Head head, const NamedTensor& coefficients,
                                                      const NamedTensor& intercept);

}  // namespace andon

#endif  // ANDON_MODELS_DENSE_PREDICTOR_H_
