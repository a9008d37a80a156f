#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "formats/expert_index.h"
#include "formats/peft_names.h"
#include "osd/source.h"
#include "osd/weight_files.h"

namespace andon {
namespace {

constexpr std::string_view kWeightSuffix = ".weight";

// The module whose weight this is; nothing where no adapter can change it.
std::optional<PeftName> ModuleOf(std::string_view weight) {
  if (!weight.ends_with(kWeightSuffix)) return std::nullopt;
  return ParseModuleName(weight.substr(0, weight.size() - kWeightSuffix.size()));
}

class Pair {
 public:
  Pair(WeightFiles base, WeightFiles tuned) : base_(std::move(base)), tuned_(std::move(tuned)) {}

  // That both models have the same tensors in the same shapes.
  Status CheckShapes() const {
    for (const auto& [name, weight] : tuned_.weights()) {
      ANDON_RETURN_IF_ERROR(base_.Find(name).status());
    }
    for (const auto& [name, weight] : base_.weights()) {
      ANDON_ASSIGN_OR_RETURN(const Weight* tuned, tuned_.Find(name));
      if (weight.shape == tuned->shape) continue;
      const std::optional<PeftName> module = ModuleOf(name);
      return Error(ErrorCode::kBaseShapeMismatch,
                   "osd: ", module ? NameOf(module->layer, module->target) : Quoted(name),
                   " has the shape ", ShapeText(tuned->shape), ", the base has ",
                   ShapeText(weight.shape));
    }
    return Status();
  }

  const WeightFiles::Weights& weights() const { return base_.weights(); }

  Result<Matrix> Change(std::string_view name) const {
    ANDON_ASSIGN_OR_RETURN(Matrix change, tuned_.Read(name));
    ANDON_ASSIGN_OR_RETURN(const Matrix before, base_.Read(name));
    change -= before;
    return change;
  }

 private:
  WeightFiles base_, tuned_;
};

class PairReader {
 public:
  explicit PairReader(std::shared_ptr<const Pair> pair) : pair_(std::move(pair)) {}

  Result<UpdateSources> Read() {
    for (const auto& [name, weight] : pair_->weights()) ANDON_RETURN_IF_ERROR(Take(name));
    const bool has_head = std::ranges::any_of(sources_.modules, [](const UpdateSource& module) {
      return module.target == AdapterTarget::kLmHead;
    });
    if (!has_head && embedding_) Add(kNoLayer, AdapterTarget::kLmHead, *embedding_, false);
    std::ranges::sort(sources_.modules, {}, [](const UpdateSource& module) {
      return std::tuple(module.layer, module.target);
    });
    return std::move(sources_);
  }

 private:
  Status Take(const std::string& name) {
    const std::optional<PeftName> module = ModuleOf(name);
    if (!module) {
      ANDON_ASSIGN_OR_RETURN(const Matrix change, pair_->Change(name));
      if (!change.isZero(0)) sources_.left_out.push_back(name);
      return Status();
    }
    const bool is_embedding = module->target == AdapterTarget::kEmbedTokens;
    if (is_embedding) embedding_ = name;
    Add(module->layer, module->target, name, is_embedding);
    return Status();
  }

  // An embedding [vocabulary, hidden] maps from the vocabulary: its update is the transpose.
  void Add(uint32_t layer, AdapterTarget target, const std::string& weight, bool transpose) {
    sources_.modules.push_back({layer, target, weight, pair_->weights().find(weight)->second.bytes,
                                [pair = pair_, weight, transpose]() -> Result<Update> {
                                  ANDON_ASSIGN_OR_RETURN(Matrix change, pair->Change(weight));
                                  if (transpose) change.transposeInPlace();
                                  return Update::Dense(std::move(change));
                                }});
  }

  std::shared_ptr<const Pair> pair_;
  UpdateSources sources_;
  std::optional<std::string> embedding_;
};

}  // namespace

Result<UpdateSources> PairUpdates(const ExpertFiles& base, const ExpertFiles& tuned) {
  ANDON_ASSIGN_OR_RETURN(WeightFiles before, WeightFiles::Open(base, "base model"));
  ANDON_ASSIGN_OR_RETURN(WeightFiles after, WeightFiles::Open(tuned, "fine-tuned model"));
  auto pair = std::make_shared<const Pair>(std::move(before), std::move(after));
  ANDON_RETURN_IF_ERROR(pair->CheckShapes());
  return PairReader(std::move(pair)).Read();
}

}  // namespace andon
