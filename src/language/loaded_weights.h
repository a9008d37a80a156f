// The weights of a transformer, and the memory that they lie in.

#ifndef ANDON_LANGUAGE_LOADED_WEIGHTS_H_
#define ANDON_LANGUAGE_LOADED_WEIGHTS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "transformer/weights.h"

namespace andon {

// Not movable: plans and the transformer point into it.
class LoadedWeights {
 public:
  LoadedWeights() = default;
  LoadedWeights(const LoadedWeights&) = delete;
  LoadedWeights& operator=(const LoadedWeights&) = delete;

  TransformerWeights weights = {};
  std::vector<float> frequency_factors = {};  // of RopeConfig, where the file has them as a tensor

  // Memory that lives as long as this, aligned to a cache line, its content undefined; nullptr
  // where there is none left.
  uint8_t* Allocate(uint64_t bytes);

  // Keeps the memory of others that `weights` uses as well.
  void Share(const LoadedWeights& other);

  // That the matrices of `weights` take, shared or not.
  uint64_t MatricesBytes() const;

 private:
  std::vector<std::shared_ptr<uint8_t>> memory_;
};

// Each matrix once: a tied head is the embedding.
std::vector<const Matrix*> MatricesOf(const TransformerWeights& weights);

}  // namespace andon

#endif  // ANDON_LANGUAGE_LOADED_WEIGHTS_H_
