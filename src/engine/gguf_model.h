// A language model from a GGUF file: its pairs say what the transformer is, its tensors are packed for the kernels.

#ifndef ANDON_ENGINE_GGUF_MODEL_H_
#define ANDON_ENGINE_GGUF_MODEL_H_

#include <memory>
#include <vector>

#include "common/io.h"
#include "common/status.h"
#include "formats/gguf.h"
#include "transformer/config.h"
#include "transformer/weights.h"

namespace andon {

// Errors: UnsupportedArchitecture, GgufPair.
Result<TransformerConfig> ConfigOfGguf(const Gguf& gguf);

// Owns the memory that the weights point into; not movable, as they do.
class LoadedWeights {
 public:
  LoadedWeights() = default;
  LoadedWeights(const LoadedWeights&) = delete;
  LoadedWeights& operator=(const LoadedWeights&) = delete;

  const TransformerWeights& weights() const { return weights_; }

 private:
  friend class GgufLoader;
  TransformerWeights weights_;
  std::vector<std::vector<uint8_t>> memory_;
};

// Errors: TensorMissing, TensorShape, TensorDtype, WeightNotFinite, SourceUnreadable.
Result<std::unique_ptr<LoadedWeights>> LoadGgufWeights(const Gguf& gguf, const TransformerConfig& config,
                                                       InputFile& file);

}  // namespace andon

#endif  // ANDON_ENGINE_GGUF_MODEL_H_
