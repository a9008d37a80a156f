#include "transformer/adapter.h"

#include <utility>

namespace andon {
namespace {

bool ChangesKeys(const Adapter::Parts& parts) {
  const size_t layers = parts.base->layers.size();
  const auto has = [&](uint32_t layer, Module module) {
    return parts.updates[Adapter::PlaceOf(layers, layer, module)] != nullptr;
  };
  if (has(0, Module::kEmbedding)) return true;
  for (uint32_t layer = 0; layer < layers; ++layer) {
    for (uint32_t module = 0; module < kLayerModules; ++module) {
      const bool comes_after = layer + 1 == layers &&
                               module != static_cast<uint32_t>(Module::kKey) &&
                               module != static_cast<uint32_t>(Module::kValue);
      if (!comes_after && has(layer, static_cast<Module>(module))) return true;
    }
  }
  return false;
}

}  // namespace

ModuleShape ShapeOf(const TransformerConfig& config, Module module) {
  switch (module) {
    case Module::kQuery:
      return {config.hidden, config.query_features()};
    case Module::kKey:
    case Module::kValue:
      return {config.hidden, config.kv_features()};
    case Module::kOutput:
      return {config.query_features(), config.hidden};
    case Module::kGate:
    case Module::kUp:
      return {config.hidden, config.intermediate};
    case Module::kDown:
      return {config.intermediate, config.hidden};
    case Module::kEmbedding:
      return {config.vocabulary, config.hidden};
    case Module::kHead:
      return {config.hidden, config.vocabulary};
  }
  __builtin_unreachable();
}

const Matrix& MatrixOf(const TransformerWeights& weights, uint32_t layer, Module module) {
  switch (module) {
    case Module::kQuery:
      return weights.layers[layer].query;
    case Module::kKey:
      return weights.layers[layer].key;
    case Module::kValue:
      return weights.layers[layer].value;
    case Module::kOutput:
      return weights.layers[layer].output;
    case Module::kGate:
      return weights.layers[layer].gate;
    case Module::kUp:
      return weights.layers[layer].up;
    case Module::kDown:
      return weights.layers[layer].down;
    case Module::kEmbedding:
      return weights.embedding;
    case Module::kHead:
      return weights.head;
  }
  __builtin_unreachable();
}

Adapter::Adapter(Parts parts) : parts_(std::move(parts)), changes_keys_(ChangesKeys(parts_)) {}

}  // namespace andon
