// A model that is ready to run: rows of features in, one or more numbers a row out.

#ifndef ANDON_MODELS_PREDICTOR_H_
#define ANDON_MODELS_PREDICTOR_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/status.h"
#include "tensor/tensor.h"

namespace andon {

enum class Task { kRegression, kClassification };

// Immutable and free of shared state: calls from several threads are safe.
class Predictor {
 public:
  virtual ~Predictor() = default;

  virtual Task task() const = 0;
  virtual size_t feature_count() const = 0;
  // Numbers a row that Run writes: 1 for regression, the number of classes for classification.
  virtual size_t output_count() const = 0;
  virtual DType weight_dtype() const = 0;  // kF32 or kF64

  // What the model computes with, for display. Scores: 1, or one a class where there are more
  // than 2.
  virtual std::vector<double> Coefficients() const = 0;  // [scores, features] row-major
  virtual std::vector<double> Intercept() const = 0;     // [scores]; empty where none was fitted

  // rows: [row_count, feature_count] row-major; out: [row_count, output_count].
  // Regression writes predictions, classification writes probabilities that add up to 1.
  // Float rows on F32 weights are computed in float32; everything else in float64. NaN in, NaN out.
  virtual void Run(const float* rows, size_t row_count, float* out) const = 0;
  virtual void Run(const double* rows, size_t row_count, double* out) const = 0;
};

struct LinearSpec {
  std::string weights_tensor;    // [features], or [1, features]
  std::string intercept_tensor;  // [1]; not read when fit_intercept is false
  bool fit_intercept = true;
  size_t feature_count = 0;
};

struct LogisticSpec {
  std::string weights_tensor;    // [features] or [1, features] binary, [classes, features] softmax
  std::string intercept_tensor;  // [1] binary, [classes] softmax
  size_t feature_count = 0;
  size_t label_count = 0;  // of the class labels that the package names; 0 when it names none
};

// Errors: TensorMissing, TensorDtype, TensorShape, WeightNotFinite, ClassLabelsMismatch.
// Both tensors have the same dtype. The predictor copies them; they need not outlive the call.
Result<std::unique_ptr<Predictor>> BuildLinear(const LinearSpec& spec, const TensorMap& tensors);
Result<std::unique_ptr<Predictor>> BuildLogistic(const LogisticSpec& spec,
                                                 const TensorMap& tensors);

}  // namespace andon

#endif  // ANDON_MODELS_PREDICTOR_H_
