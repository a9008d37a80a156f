// Adapters made part of a copy of the weights, matrix by matrix.

#ifndef ANDON_ADAPTERS_ADAPTER_MERGING_H_
#define ANDON_ADAPTERS_ADAPTER_MERGING_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "common/status.h"
#include "transformer/adapter.h"
#include "transformer/adapter_base.h"

namespace andon {

// Memory of so many bytes, aligned to 64, which outlives the weights; nullptr where there is none.
using AllocateWeights = std::function<uint8_t*(uint64_t bytes)>;

// Makes weights that have every W' of transformer/adapter.h instead of its W, rounded to the type
// of W; where numbers cannot be narrowed to that (CanNarrowTo), to Q8_0. Matrices that no adapter
// changes are those of the base, in its memory. A tied head stays the base's embedding unless an
// adapter changes it.
class AdapterMerging {
 public:
  // REQUIRES: what `base` refers to outlives this; adapters made for it.
  AdapterMerging(const AdapterBase& base, std::vector<AdapterUse> uses);
  AdapterMerging(const AdapterMerging&) = delete;  // changes point into it
  AdapterMerging& operator=(const AdapterMerging&) = delete;

  // That the changed matrices take.
  uint64_t bytes() const { return bytes_; }
  // The memory of all changed matrices. Error: OutOfMemory, with bytes(), where that is more than
  // `limit` or there are not as many.
  Status Allocate(uint64_t limit, const AllocateWeights& allocate);

  // Changed matrices, and those that are merged already.
  size_t total() const { return changes_.size(); }
  size_t merged() const { return merged_; }
  // Merges the next matrix. REQUIRES: merged() < total(), Allocate() was ok. Error: WeightNotFinite
  // where a weight leaves the range of its type.
  Status Step();

  // REQUIRES: merged() == total().
  const TransformerWeights& weights() const { return weights_; }

 private:
  struct Change {
    uint32_t layer;
    Module module;
    Matrix* to;  // in weights_; until it is merged, the base's but for its type
    uint8_t* memory = nullptr;
  };

  void Plan(uint32_t layer, Module module, Matrix& to);
  void MergeBias(uint32_t layer, Module module, std::vector<float>& bias) const;
  std::vector<float> MergedRows(const Change& change, const Matrix& w, uint32_t first,
                                uint32_t last) const;

  const AdapterBase base_;
  std::vector<AdapterUse> uses_;
  TransformerWeights weights_;
  std::vector<Change> changes_;
  uint64_t bytes_ = 0;
  size_t merged_ = 0;
};

}  // namespace andon

#endif  // ANDON_ADAPTERS_ADAPTER_MERGING_H_
