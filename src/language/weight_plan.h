// Which tensors a model needs, where each goes, and how much memory they take.

#ifndef ANDON_LANGUAGE_WEIGHT_PLAN_H_
#define ANDON_LANGUAGE_WEIGHT_PLAN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/status.h"
#include "language/loaded_weights.h"
#include "language/model_config.h"
#include "tensor/stored_tensor.h"

namespace andon {

// How a format names the tensors of a transformer. Those of a layer follow its prefix and number.
struct WeightNames {
  std::string_view embedding, final_norm, head, frequency_factors, layer;
  std::string_view attention_norm, query, key, value, query_bias, key_bias, value_bias, query_norm,
      key_norm;
  std::string_view output, output_bias, ffn_norm, gate, up, down;
};
extern const WeightNames kGgufNames, kHuggingFaceNames;

// Where one tensor goes: to a matrix or to a vector.
struct WeightTarget {
  uint64_t rows = 0, columns = 0;
  bool required = true;
  Matrix* matrix = nullptr;
  std::vector<float>* vector = nullptr;
  bool bound = false;         // a file has it
  uint8_t* memory = nullptr;  // of the matrix, once allocated
};

class WeightPlan {
 public:
  // `quantize`: the type that matrices become; nothing: they keep the one they have.
  WeightPlan(const ModelConfig& config, const WeightNames& names,
             std::optional<WeightType> quantize);

  // The tensors of a file, before its weights are read: checks them, and allocates what they
  // become. `last`: no file follows. The result is in the order of `tensors`; nullptr for what the
  // model does not use. Errors: UnsupportedArchitecture for a tensor of another kind of model,
  // TensorShape, TensorDtype, TensorDuplicate, TensorMissing where the last file leaves one out,
  // OutOfMemory with the bytes that all files need.
  Result<std::vector<WeightTarget*>> Bind(const std::vector<StoredTensor>& tensors, bool last,
                                          uint64_t memory_limit);

  uint64_t memory_bytes() const { return memory_bytes_; }  // of what was bound
  const std::map<WeightType, uint32_t>& types() const {
    return types_;
  }  // how many tensors have it in memory

  // The weights, once all were read. Error: WeightNotFinite where a factor of a frequency is not
  // above zero.
  Result<std::unique_ptr<LoadedWeights>> Finish();

 private:
  void AddLayer(const ModelConfig& config, const WeightNames& names, const std::string& prefix,
                LayerWeights& layer);
  void AddMatrix(std::string name, uint64_t rows, uint64_t columns, Matrix& to,
                 bool required = true);
  void AddVector(std::string name, uint64_t size, std::vector<float>& to, bool required = true);
  bool IsIgnored(std::string_view name) const;
  Result<WeightTarget*> BindOne(const StoredTensor& tensor);
  WeightType TypeInMemory(const StoredTensor& tensor) const;
  Status RequireAll() const;
  uint64_t BytesNeeded() const;
  Status Allocate(const std::vector<WeightTarget*>& targets, uint64_t memory_limit);

  std::string architecture_;
  std::optional<WeightType> quantize_;
  std::string_view unused_head_;  // a tied model may have one all the same
  std::map<std::string, WeightTarget, std::less<>> targets_;
  std::unique_ptr<LoadedWeights> loaded_ = std::make_unique<LoadedWeights>();
  uint64_t memory_bytes_ = 0;
  std::map<WeightType, uint32_t> types_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_WEIGHT_PLAN_H_
