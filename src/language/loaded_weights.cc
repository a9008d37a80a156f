#include "language/loaded_weights.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace andon {
namespace {

constexpr size_t kCacheLine = 64;

}  // namespace

// A failing `new` would not return.
uint8_t* LoadedWeights::Allocate(uint64_t bytes) {
  if (bytes > std::numeric_limits<size_t>::max() / 2) return nullptr;
  const size_t lines = (static_cast<size_t>(bytes) + kCacheLine - 1) / kCacheLine;
  auto* const memory = static_cast<uint8_t*>(std::aligned_alloc(kCacheLine, lines * kCacheLine));
  if (memory != nullptr) memory_.emplace_back(memory, std::free);
  return memory;
}

void LoadedWeights::Share(const LoadedWeights& other) {
  for (const Matrix* const matrix : MatricesOf(weights)) {
    const auto found = std::ranges::find(other.memory_, matrix->data,
                                         [](const auto& memory) { return memory.get(); });
    if (found != other.memory_.end()) memory_.push_back(*found);
  }
}

uint64_t LoadedWeights::MatricesBytes() const {
  uint64_t bytes = 0;
  for (const Matrix* const matrix : MatricesOf(weights))
    bytes += MatrixBytes(matrix->type, matrix->rows, matrix->columns);
  return bytes;
}

std::vector<const Matrix*> MatricesOf(const TransformerWeights& weights) {
  std::vector<const Matrix*> matrices = {&weights.embedding};
  if (weights.head.data != weights.embedding.data) matrices.push_back(&weights.head);
  for (const LayerWeights& layer : weights.layers) {
    matrices.insert(matrices.end(), {&layer.query, &layer.key, &layer.value, &layer.output,
                                     &layer.gate, &layer.up, &layer.down});
  }
  return matrices;
}

}  // namespace andon
