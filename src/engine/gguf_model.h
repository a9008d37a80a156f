// A language model from a GGUF file: its pairs say what the transformer is, its tensors are packed for the kernels.

#ifndef ANDON_ENGINE_GGUF_MODEL_H_
#define ANDON_ENGINE_GGUF_MODEL_H_

#include <memory>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "formats/gguf.h"
#include "transformer/config.h"
#include "transformer/vocabulary.h"
#include "transformer/weights.h"

namespace andon {

// Errors: UnsupportedArchitecture, GgufPair.
Result<TransformerConfig> ConfigOfGguf(const Gguf& gguf);
// Error: TokenizerError.
Result<TokenizerData> TokenizerOfGguf(const Gguf& gguf);

// Owns the memory that the weights point into; not movable, as they do.
class LoadedWeights {
 public:
  LoadedWeights() = default;
  LoadedWeights(const LoadedWeights&) = delete;
  LoadedWeights& operator=(const LoadedWeights&) = delete;

  const TransformerWeights& weights() const { return weights_; }

 private:
  friend class GgufPlan;
  TransformerWeights weights_;
  std::vector<std::vector<uint8_t>> memory_;
};

// Where each tensor of the file goes. Checked before the first byte of a tensor is read: all that the architecture needs is
// there, and of the right shape.
class GgufPlan {
 public:
  // Errors: TensorMissing, TensorShape, TensorDtype, OutOfMemory where the packed weights exceed `memory_limit`.
  static Result<std::unique_ptr<GgufPlan>> Make(const Gguf& gguf, const TransformerConfig& config,
                                                uint64_t memory_limit);

  // Bytes that the packed weights take.
  uint64_t memory_bytes() const { return memory_bytes_; }

  // The bytes after the head of the file, in order, in pieces of any size; each is packed as soon as a group of rows is whole,
  // so that no second copy of the file is ever in memory. Errors: WeightNotFinite, GgufPadding.
  Status Push(ByteView piece);
  // Error: GgufTruncated, where tensors are missing.
  Result<std::unique_ptr<LoadedWeights>> Finish();

 private:
  struct Target {
    const GgufTensor* tensor = nullptr;  // nullptr: not needed, skipped
    Matrix* matrix = nullptr;
    uint8_t* memory = nullptr;           // of the matrix
    std::vector<float>* vector = nullptr;
  };

  explicit GgufPlan(const Gguf& gguf) : gguf_(gguf), loaded_(std::make_unique<LoadedWeights>()) {}
  Status PlanAll(const TransformerConfig& config, uint64_t memory_limit);
  Status PlanLayer(const TransformerConfig& config, const std::string& prefix, LayerWeights& layer);
  Status PlanMatrix(const std::string& name, uint32_t rows, uint32_t columns, Matrix& to);
  Status PlanVector(const std::string& name, uint32_t size, std::vector<float>& to);
  Status PlanOptional(const std::string& name, uint32_t size, std::vector<float>& to);
  Status Require(const std::string& name, uint64_t rows, uint64_t columns, size_t* index) const;
  Status Allocate(uint64_t memory_limit);
  uint64_t PartBytes(const Target& target) const;
  Status Take(Target& target, ByteView part);

  const Gguf& gguf_;
  std::unique_ptr<LoadedWeights> loaded_;
  std::vector<Target> targets_;    // of gguf_.tensors
  uint64_t memory_bytes_ = 0;
  uint64_t position_ = 0;          // in the file
  size_t current_ = 0;             // tensor
  uint64_t taken_ = 0;             // bytes of it
  std::vector<uint8_t> part_;      // a group of rows, not whole yet
};

}  // namespace andon

#endif  // ANDON_ENGINE_GGUF_MODEL_H_
