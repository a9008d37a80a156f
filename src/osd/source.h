// Where updates come from: an adapter, or two models of which one was fine-tuned from the other.
// Files are read module by module.

#ifndef ANDON_OSD_SOURCE_H_
#define ANDON_OSD_SOURCE_H_

#include <functional>
#include <string>
#include <vector>

#include "engine/expert_pack.h"
#include "formats/peft.h"
#include "osd/update.h"

namespace andon {

struct UpdateSource {
  uint32_t layer = 0;  // kNoLayer: embed_tokens, lm_head
  AdapterTarget target = AdapterTarget::kQ;
  // Of its weight in the model, such as "model.layers.0.self_attn.q_proj.weight".
  std::string weight = {};
  uint64_t bytes = 0;  // of what is read
  std::function<Result<Update>()> load = {};
};

// "layer 3, q_proj" or "lm_head", for messages.
std::string NameOf(uint32_t layer, AdapterTarget target);

struct UpdateSources {
  std::vector<UpdateSource> modules;  // by layer, kNoLayer last, and target
  // Weights that fine-tuning changed and no adapter can: norms, biases.
  std::vector<std::string> left_out = {};
};

// The modules of a LoRA. REQUIRES: the file outlives the result. Errors: those of ParsePeftConfig
// and PlanPeft; PeftUnsupported where it is no LoRA: the update of a DoRA depends on weights that
// it does not have, those of the other kinds are not of low rank. Loading: those of ReadPeftLayer,
// WeightNotFinite, FileTooLarge beyond limits::kMaxOsdEntries.
Result<UpdateSources> LoraUpdates(InputFile& adapter, const PeftConfig& config);

// Tuned weights less base weights, of each linear module and embedding. Without lm_head.weight in
// either model the embedding is the head as well, and both are changed. REQUIRES: the files outlive
// the result. Errors: Safetensors..., SourceUnreadable, TensorDuplicate, TensorDtype, TensorMissing
// where one of the models lacks a tensor of the other, BaseShapeMismatch naming layer, module and
// both shapes. Loading: WeightNotFinite, FileTooLarge beyond limits::kMaxOsdEntries.
Result<UpdateSources> PairUpdates(const ExpertFiles& base, const ExpertFiles& tuned);

}  // namespace andon

#endif  // ANDON_OSD_SOURCE_H_
