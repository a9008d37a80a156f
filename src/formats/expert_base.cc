// Whether an adapter fits a base model.

#include "formats/expert_index.h"
#include "formats/expert_params.h"

namespace andon {
namespace {

// 0: the base or the module does not state it.
struct Features {
  uint64_t in = 0, out = 0;
};

Features FeaturesOf(AdapterTarget target, const BaseShapes& base) {
  const uint64_t query = uint64_t{base.heads} * base.head_dim;
  const uint64_t key_value = uint64_t{base.kv_heads} * base.head_dim;
  switch (target) {
    case AdapterTarget::kQ:
      return {base.hidden, query};
    case AdapterTarget::kK:
    case AdapterTarget::kV:
      return {base.hidden, key_value};
    case AdapterTarget::kO:
      return {query, base.hidden};
    case AdapterTarget::kGate:
    case AdapterTarget::kUp:
      return {base.hidden, base.intermediate};
    case AdapterTarget::kDown:
      return {base.intermediate, base.hidden};
    case AdapterTarget::kEmbedTokens:  // rows of the embedding are looked up: it maps ids to them
      return {base.vocabulary, base.hidden};
    case AdapterTarget::kLmHead:
      return {base.hidden, base.vocabulary};
  }
  return {};
}

bool Fits(uint64_t features, uint64_t stated) {
  return features == 0 || stated == 0 || features == stated;
}

}  // namespace

Status CheckAgainstBase(const AdapterLayer& layer, const BaseShapes& base) {
  if (layer.layer != kNoLayer && base.layers != 0 && layer.layer >= base.layers)
    return Error(ErrorCode::kBaseShapeMismatch, "params: layer ", layer.layer, ", the base has ",
                 base.layers);
  for (const AdapterModule& module : layer.modules) {
    const Features stated = FeaturesOf(module.target, base);
    if (Fits(module.in_features, stated.in) && Fits(module.out_features, stated.out)) continue;
    const std::string where =
        layer.layer == kNoLayer ? "outside the layers" : "of layer " + std::to_string(layer.layer);
    return Error(ErrorCode::kBaseShapeMismatch, "params: ", AdapterTargetName(module.target), " ",
                 where, " from ", module.in_features, " to ", module.out_features,
                 " features, the base has ", stated.in, " to ", stated.out);
  }
  return {};
}

}  // namespace andon
