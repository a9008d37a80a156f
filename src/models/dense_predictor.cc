#include "models/dense_predictor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "kernels/activation.h"
#include "kernels/dense.h"

namespace andon {
namespace {

// Scores of as many rows as stay in the first-level cache between the dense layer and the head.
constexpr size_t kBlockScores = 1024;

template <typename Weight>
class DensePredictor final : public Predictor {
 public:
  // weights [scores, features]; intercept [scores], or empty for 0 and one score
  DensePredictor(Head head, std::vector<Weight> weights, std::vector<Weight> intercept)
      : head_(head),
        has_intercept_(!intercept.empty()),
        weights_(std::move(weights)),
        bias_(has_intercept_ ? std::move(intercept) : std::vector<Weight>(1)),
        feature_count_(weights_.size() / bias_.size()) {}

  Task task() const override {
    return head_ == Head::kIdentity ? Task::kRegression : Task::kClassification;
  }
  size_t feature_count() const override { return feature_count_; }
  size_t output_count() const override { return head_ == Head::kSigmoid ? 2 : bias_.size(); }
  DType weight_dtype() const override { return sizeof(Weight) == 4 ? DType::kF32 : DType::kF64; }

  std::vector<double> Coefficients() const override { return {weights_.begin(), weights_.end()}; }
  std::vector<double> Intercept() const override {
    return has_intercept_ ? std::vector<double>(bias_.begin(), bias_.end()) : std::vector<double>();
  }

  void Run(const float* rows, size_t row_count, float* out) const override {
    RunBlocks(rows, row_count, out);
  }
  void Run(const double* rows, size_t row_count, double* out) const override {
    RunBlocks(rows, row_count, out);
  }

 private:
  template <typename Row>
  void RunBlocks(const Row* rows, size_t row_count, Row* out) const {
    const size_t block = std::min(row_count, std::max<size_t>(kBlockScores / output_count(), 4));
    std::vector<SumOf<Row, Weight>> scores(block * bias_.size());
    std::vector<SumOf<Row, Weight>> pairs(head_ == Head::kSigmoid ? block * 2 : 0);
    for (size_t done = 0; done < row_count; done += block) {
      const size_t count = std::min(block, row_count - done);
      Dense({count, feature_count_, bias_.size()}, rows + done * feature_count_, weights_.data(),
            bias_.data(), scores.data());
      const auto* results = Finish(count, scores.data(), pairs.data());
      std::transform(results, results + count * output_count(), out + done * output_count(),
                     [](auto result) { return static_cast<Row>(result); });
    }
  }

  // Where the results of `rows` rows are: in `scores` or in `pairs`.
  template <typename Sum>
  const Sum* Finish(size_t rows, Sum* scores, Sum* pairs) const {
    switch (head_) {
      case Head::kIdentity:
        return scores;
      case Head::kSigmoid:
        SigmoidPairs(rows, scores, pairs);
        return pairs;
      case Head::kSoftmax:
        Softmax(rows, bias_.size(), scores);
        return scores;
    }
  }

  Head head_;
  bool has_intercept_;
  std::vector<Weight> weights_;  // [scores, features]
  std::vector<Weight> bias_;     // [scores]
  size_t feature_count_;
};

// Tensors may lie at any address, so their bytes are copied. REQUIRES: the dtype is that of Float.
template <typename Float>
Result<std::vector<Float>> CopyFinite(const NamedTensor& tensor) {
  const ByteView bytes = tensor.view->data;
  std::vector<Float> numbers(bytes.size() / sizeof(Float));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  const auto odd = std::ranges::find_if_not(numbers, [](Float x) { return std::isfinite(x); });
  if (odd == numbers.end()) return numbers;
  return Error(ErrorCode::kWeightNotFinite, "model: element ", odd - numbers.begin(), " of tensor ",
               Quoted(tensor.name), " is not finite");
}

template <typename Weight>
Result<std::unique_ptr<Predictor>> Make(Head head, const NamedTensor& coefficients,
                                        const NamedTensor& intercept) {
  ANDON_ASSIGN_OR_RETURN(std::vector<Weight> weights, CopyFinite<Weight>(coefficients));
  std::vector<Weight> bias;
  if (intercept.view != nullptr) {
    ANDON_ASSIGN_OR_RETURN(bias, CopyFinite<Weight>(intercept));
  }
  return std::unique_ptr<Predictor>(
      std::make_unique<DensePredictor<Weight>>(head, std::move(weights), std::move(bias)));
}

}  // namespace

Result<NamedTensor> FindWeights(const TensorMap& tensors, std::string_view name) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    return Error(ErrorCode::kTensorMissing, "model: tensor ", Quoted(name), " missing");
  }
  const DType dtype = found->second.dtype;
  if (dtype != DType::kF32 && dtype != DType::kF64) {
    return Error(ErrorCode::kTensorDtype, "model: dtype ", DTypeName(dtype), " of tensor ",
                 Quoted(name), ", not F32 or F64");
  }
  return NamedTensor{name, &found->second};
}

Status RequireShape(const NamedTensor& tensor, const Shape& shape) {
  if (tensor.view->shape == shape) return {};
  return Error(ErrorCode::kTensorShape, "model: shape ", ShapeText(tensor.view->shape),
               " of tensor ", Quoted(tensor.name), ", not ", ShapeText(shape));
}

Result<std::unique_ptr<Predictor>> MakeDensePredictor(Head head, const NamedTensor& coefficients,
                                                      const NamedTensor& intercept) {
  const DType dtype = coefficients.view->dtype;
  if (intercept.view != nullptr && intercept.view->dtype != dtype) {
    return Error(ErrorCode::kTensorDtype, "model: dtype ", DTypeName(intercept.view->dtype),
                 " of tensor ", Quoted(intercept.name), ", not ", DTypeName(dtype), " as ",
                 Quoted(coefficients.name));
  }
  return dtype == DType::kF32 ? Make<float>(head, coefficients, intercept)
                              : Make<double>(head, coefficients, intercept);
}

}  // namespace andon
