#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "formats/adapter_values.h"
#include "formats/expert_index.h"
#include "osd/source.h"

namespace andon {
namespace {

Status CheckSize(const PeftLayer& module) {
  uint64_t entries = 0;
  for (const PeftTensor& tensor : module.tensors) entries += tensor.bytes / DTypeSize(tensor.dtype);
  if (entries <= limits::kMaxOsdEntries) return Status();
  return Error(ErrorCode::kFileTooLarge,
               "osd: ", NameOf(module.layer, module.tensors.front().target), " of ", entries,
               " values");
}

Result<Update> LoadLora(InputFile& adapter, const PeftConfig& config, const PeftLayer& module) {
  ANDON_RETURN_IF_ERROR(CheckSize(module));
  ANDON_ASSIGN_OR_RETURN(const PeftAdapterLayer read,
                         ReadPeftLayer(adapter, config, module, DType::kF32));
  const AdapterModule& lora = read.layer.modules.front();
  if (!AllFinite(lora.a, lora.dtype) || !AllFinite(lora.b, lora.dtype)) {
    return Error(ErrorCode::kWeightNotFinite, "osd: ", NameOf(module.layer, lora.target));
  }
  const auto in = static_cast<Index>(lora.in_features), out = static_cast<Index>(lora.out_features);
  const Index rank = lora.rank;
  return Update::Product(MatrixOf(lora.b, lora.dtype, out, rank) * static_cast<double>(lora.scale),
                         MatrixOf(lora.a, lora.dtype, rank, in));
}

}  // namespace

std::string NameOf(uint32_t layer, AdapterTarget target) {
  const std::string name(AdapterTargetName(target));
  return layer == kNoLayer ? name : "layer " + std::to_string(layer) + ", " + name;
}

Result<UpdateSources> LoraUpdates(InputFile& adapter, const PeftConfig& config) {
  if (config.kind != AdapterKind::kLora) {
    return Error(ErrorCode::kPeftUnsupported, "osd: of an adapter of the kind ",
                 AdapterKindName(config.kind), " the update is not to be known from it alone");
  }
  ANDON_ASSIGN_OR_RETURN(const PeftPlan plan, PlanPeft(adapter));
  UpdateSources sources;
  for (const PeftLayer& layer : plan.layers) {
    std::map<AdapterTarget, PeftLayer> modules;
    for (const PeftTensor& tensor : layer.tensors) {
      PeftLayer& module = modules[tensor.target];
      module.layer = layer.layer;
      module.tensors.push_back(tensor);
    }
    for (const auto& entry : modules) {
      const PeftLayer& module = entry.second;
      UpdateSource source{.layer = layer.layer, .target = entry.first};
      source.weight = module.tensors.front().module + ".weight";
      for (const PeftTensor& tensor : module.tensors) source.bytes += tensor.bytes;
      source.load = [&adapter, config, module] { return LoadLora(adapter, config, module); };
      sources.modules.push_back(std::move(source));
    }
  }
  return sources;
}

}  // namespace andon
