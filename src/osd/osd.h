// Makes OSD experts: of a LoRA, or of a base model and one that was fine-tuned from it.

#ifndef ANDON_OSD_OSD_H_
#define ANDON_OSD_OSD_H_

#include <string>
#include <vector>

#include "engine/expert_pack.h"
#include "osd/module.h"

namespace andon {

// One of: `adapter`, the files of a PEFT folder; `package`, an expert of either version; `base` and
// `tuned`, the files of two models as Hugging Face stores them. REQUIRES: the files outlive the
// call.
struct OsdInput {
  ExpertFiles adapter = {};
  InputFile* package = nullptr;
  ExpertFiles base = {}, tuned = {};
  // With a pair: what else the expert shall have, as a PEFT folder would: expert.json,
  // grammar.gbnf.
  ExpertFiles extra = {};
  // With a pair: what the base is called, where the metadata do not say it.
  std::string base_name = {};
  // Gradients of a loss by the weights, of the names and shapes of the weights; may be missing.
  InputFile* gradients = nullptr;
};

// The same from one list: "adapter/...", "base/...", "tuned/..." and "extra/..." by their paths
// there, "package" and "gradients". Error: InvalidArgument where there is neither one source nor
// both halves of a pair.
Result<OsdInput> OsdInputOf(const ExpertFiles& files);

struct OsdOptions {
  OsdSettings settings = {};  // its `relaxed` and `sparsity` are replaced where there is a grid
  // Every pair of these is tried on all modules, and the one with the smallest reconstruction error
  // in the budget is taken; of equals the first. Empty: no search.
  std::vector<int> grid_ranks = {};
  std::vector<double> grid_sparsities = {};
};

// The rest of `packing` counts as for PackExpert, with version 2 and the dtype of the settings. The
// report's description has a member "osd": rank, relaxedRank, sparsity, blend, dtype, importance;
// modules and total with bytes, budget, energy (share of |dW|^2 in the k largest singular values),
// error and loraError (relative, Frobenius: of what is stored; of the best approximation of rank
// r); grid; leftOut, the weights that fine-tuning changed and no adapter can. Memory: one module's.
// Errors: those of LoraUpdates, PairUpdates, UnpackPackage and PackExpert; InvalidArgument
// (options, a budget that does not hold the residual and rank 1, nothing that was changed);
// TensorMissing and BaseShapeMismatch (gradients).
Result<ExpertPackReport> ConvertToOsd(const OsdInput& input, const OsdOptions& options,
                                      const ExpertPackOptions& packing, OutputFile& out);

}  // namespace andon

#endif  // ANDON_OSD_OSD_H_
