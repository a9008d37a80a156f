// What adapters are made for: a transformer in memory.

#ifndef ANDON_TRANSFORMER_ADAPTER_BASE_H_
#define ANDON_TRANSFORMER_ADAPTER_BASE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/thread_pool.h"
#include "transformer/adapter.h"
#include "transformer/config.h"
#include "transformer/forward.h"
#include "transformer/weights.h"

namespace andon {

// The squared norms of the outputs' weights, each computed when it is first asked for.
class RowNorms {
 public:
  // REQUIRES: the weights outlive this, and one caller at a time.
  explicit RowNorms(const TransformerWeights& weights) : weights_(weights) {}

  // |W_o|^2, [out] of ShapeOf().
  std::span<const double> Of(uint32_t layer, Module module, ThreadPool& pool);

 private:
  const TransformerWeights& weights_;
  std::vector<std::vector<double>> squares_;  // Adapter::PlaceOf()
};

// REQUIRES: all outlive what is made with it.
struct AdapterBase {
  const TransformerConfig& config;
  const TransformerWeights& weights;
  Precision precision;
  RowNorms& norms;
  ThreadPool& pool;
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_ADAPTER_BASE_H_
