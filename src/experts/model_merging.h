// Experts made part of a copy of a language model, matrix by matrix. The copy shares with the model
// what merging does not change, and needs neither the model nor the experts afterwards.
//
//   weights      W' of transformer/adapter.h
//   calibration  in the final norm, which scales all logits
//   tokens       in the tokenizer of the copy; at most one expert adds some
//   soft prompt  refused unless the selection leaves it out: it is no weight
//
// Grammars and decoding settings belong to texts, not to models: whoever writes with the copy has
// to bring them.

#ifndef ANDON_EXPERTS_MODEL_MERGING_H_
#define ANDON_EXPERTS_MODEL_MERGING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter_merging.h"
#include "common/status.h"
#include "experts/expert_selection.h"
#include "language/language_model.h"

namespace andon {

class ModelMerging {
 public:
  // Has all the memory that it needs, or fails. REQUIRES: the model outlives this. Errors:
  // InvalidArgument without experts, MergeUnsupported, TokenizerDelta, those of CheckedUses,
  // OutOfMemory with the bytes that are needed, above `memory_limit` too.
  static Result<std::unique_ptr<ModelMerging>> Begin(const LanguageModel& model,
                                                     ExpertSelection experts,
                                                     uint64_t memory_limit = UINT64_MAX);

  // Bytes of the weights that the copy does not share with the model.
  uint64_t bytes() const { return merging_.bytes(); }
  // Matrices that change, and those that have.
  size_t total() const { return merging_.total(); }
  size_t merged() const { return merging_.merged(); }
  // REQUIRES: merged() < total(). Error: WeightNotFinite.
  Status Step() { return merging_.Step(); }
  // Once. REQUIRES: merged() == total().
  std::unique_ptr<LanguageModel> Finish();

 private:
  ModelMerging(const LanguageModel& model, ExpertSelection experts, std::vector<AdapterUse> uses,
               std::shared_ptr<const Tokenizer> tokenizer);

  Sha256Digest Form() const;
  std::string Description() const;

  const LanguageModel& model_;
  const ExpertSelection experts_;
  const std::vector<AdapterUse> uses_;
  const std::shared_ptr<const Tokenizer> tokenizer_;
  std::unique_ptr<LoadedWeights> weights_ = std::make_unique<LoadedWeights>();
  AdapterMerging merging_;
};

}  // namespace andon

#endif  // ANDON_EXPERTS_MODEL_MERGING_H_
