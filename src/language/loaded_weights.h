// The weights of a transformer, and the memory that they lie in.

#ifndef ANDON_LANGUAGE_LOADED_WEIGHTS_H_
#define ANDON_LANGUAGE_LOADED_WEIGHTS_H_

#include <cstdint>
#include <cstdlib>
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

 private:
  struct Free {
    void operator()(uint8_t* memory) const { std::free(memory); }
  };
  std::vector<std::unique_ptr<uint8_t[], Free>> memory_;
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_LOADED_WEIGHTS_H_
