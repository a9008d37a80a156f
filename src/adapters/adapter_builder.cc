#include "adapters/adapter_builder.h"

#include <utility>

#include "adapters/dora.h"
#include "adapters/module_factors.h"
#include "formats/expert_index.h"

namespace andon {
namespace {

BaseShapes ShapesOf(const TransformerConfig& config) {
  return {.layers = config.layers,
          .hidden = config.hidden,
          .intermediate = config.intermediate,
          .heads = config.heads,
          .kv_heads = config.kv_heads,
          .head_dim = config.head_dim,
          .vocabulary = config.vocabulary};
}

}  // namespace

AdapterBuilder::AdapterBuilder(const AdapterBase& base, const AdapterId& id) : base_(base) {
  parts_.id = id;
  parts_.base = &base.weights;
  parts_.updates.resize(Adapter::Places(base.config.layers));
}

Status AdapterBuilder::Add(const AdapterLayer& layer, std::shared_ptr<const void> memory) {
  if (is_whole_ || layer.layer < layers_ready_)
    return Error(ErrorCode::kInvalidArgument, "adapter: layer ", layer.layer, " out of order");
  ANDON_RETURN_IF_ERROR(CheckAgainstBase(layer, ShapesOf(base_.config)));
  for (const AdapterModule& module : layer.modules) AddModule(layer.layer, module);
  parts_.memory.push_back(std::move(memory));
  is_whole_ = layer.layer == kNoLayer;
  layers_ready_ = is_whole_ ? base_.config.layers : layer.layer + 1;
  return Status();
}

void AdapterBuilder::AddModule(uint32_t layer, const AdapterModule& module) {
  auto update = std::make_unique<ModuleUpdate>(UpdateOf(module));
  const auto target = static_cast<Module>(module.target);
  if (module.kind == AdapterKind::kDora)
    update->row_scale = DoraScale(base_, layer, target, *update, MagnitudeOf(module));
  parts_.bytes += BytesOf(module, *update);
  parts_.updates[Adapter::PlaceOf(base_.config.layers, layer, target)] = std::move(update);
}

std::shared_ptr<const Adapter> AdapterBuilder::Finish() {
  return std::make_shared<const Adapter>(std::move(parts_));
}

}  // namespace andon
