#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "formats/peft.h"
#include "formats/peft_names.h"
#include "formats/safetensors_file.h"

namespace andon {
namespace {

bool IsFactor(PeftSlot slot) {
  return slot == PeftSlot::kW1A || slot == PeftSlot::kW1B || slot == PeftSlot::kW2A ||
         slot == PeftSlot::kW2B;
}

Status CheckDtype(const TensorExtent& extent) {
  const DType dtype = extent.tensor->dtype;
  if (dtype == DType::kF32 || dtype == DType::kF16 || dtype == DType::kBF16) return Status();
  return Error(ErrorCode::kPeftUnsupported, "adapter_model.safetensors: tensor ",
               Quoted(*extent.name), " has the dtype ", DTypeName(dtype));
}

}  // namespace

Result<PeftPlan> PlanPeft(InputFile& adapter) {
  ANDON_ASSIGN_OR_RETURN(SafetensorsFile file, ReadSafetensorsFile(adapter));
  std::map<uint32_t, PeftLayer> layers;  // kNoLayer is the largest number
  std::set<std::tuple<uint32_t, AdapterTarget, PeftSlot>> seen;
  for (const TensorExtent& extent : file.header.extents) {
    ANDON_ASSIGN_OR_RETURN(PeftName name, ParsePeftName(*extent.name));
    ANDON_RETURN_IF_ERROR(CheckDtype(extent));
    if (!seen.emplace(name.layer, name.target, name.slot).second) {
      return Error(ErrorCode::kPeftTensorName, "adapter_model.safetensors: tensor ",
                   Quoted(*extent.name), " says the same as another");
    }
    PeftLayer& layer = layers[name.layer];
    layer.layer = name.layer;
    layer.tensors.push_back({.name = *extent.name,
                             .module = std::move(name.module),
                             .target = name.target,
                             .slot = name.slot,
                             .dtype = extent.tensor->dtype,
                             .shape = extent.tensor->shape,
                             .offset = file.data_offset() + extent.begin,
                             .bytes = extent.end - extent.begin});
  }
  if (layers.empty()) {
    return Error(ErrorCode::kPeftTensorMissing, "adapter_model.safetensors: no tensors");
  }
  PeftPlan plan{.head = std::move(file.head), .layers = {}};
  for (auto& [number, layer] : layers) plan.layers.push_back(std::move(layer));
  return plan;
}

bool IsVerbatim(const PeftPlan& plan, std::optional<DType> dtype) {
  std::map<std::pair<uint32_t, AdapterTarget>, DType> dtypes;
  for (const PeftLayer& layer : plan.layers) {
    for (const PeftTensor& tensor : layer.tensors) {
      const DType agreed =
          dtypes.try_emplace({layer.layer, tensor.target}, tensor.dtype).first->second;
      if (IsFactor(tensor.slot) || tensor.dtype != dtype.value_or(agreed)) return false;
    }
  }
  return true;
}

}  // namespace andon
