// The part of a forward pass that adapters add: A x for all products that share an input, before
// them; then B (A x) and the scales, for the rows of each part of a product while they are in the
// cache.

#ifndef ANDON_TRANSFORMER_ADAPTER_STAGE_H_
#define ANDON_TRANSFORMER_ADAPTER_STAGE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/thread_pool.h"
#include "transformer/adapter.h"

namespace andon {

class AdapterStage {
 public:
  // REQUIRES: all made for one base; sorted by id.
  void SetUses(std::vector<AdapterUse> uses) { uses_ = std::move(uses); }
  const std::vector<AdapterUse>& uses() const { return uses_; }

  // Completes rows [first, last) of a column of the module's matrix, to [out], from the base's: of
  // kEmbedding the embedding of a token.
  void CompleteColumn(uint32_t layer, Module module, uint32_t column, uint32_t first, uint32_t last,
                      std::span<float> to);
  // The same of the module's bias.
  void CompleteBias(uint32_t layer, Module module, std::span<float> bias);

  // Whether an input of the module is scaled, and the scaling of x [tokens, size].
  bool ScalesInput(uint32_t layer, Module module) const;
  void ScaleInput(uint32_t layer, Module module, uint32_t size, std::span<float> x) const;

  // Computes A x for `modules`, which share x [tokens, in]; it outlives Apply().
  void Prepare(uint32_t layer, std::span<const Module> modules, const float* x, uint32_t tokens,
               ThreadPool& pool);
  // Completes rows [first, last) of the product of modules[index], y [tokens, rows]: adds, then the
  // bias where it is not empty, then scales. May run for other rows and modules at once.
  struct Output {
    float* y;
    uint32_t rows;
    const std::vector<float>* bias;  // nullptr or empty: none
  };
  void Apply(uint32_t index, uint32_t first, uint32_t last, const Output& output) const;

 private:
  // An update of a module that is under way.
  struct Work {
    uint32_t module;  // its index among those prepared
    const ModuleUpdate* update;
    float weight;
    size_t reduced;   // where its A x, [tokens, pieces, a.rows], begins in reduced_
    size_t residual;  // where its R x, [tokens, out], begins there, of an R by column
  };

  void Collect(uint32_t layer, std::span<const Module> modules, uint32_t tokens);
  std::span<const Work> WorkOf(uint32_t index) const;
  void Reduce(const Work& work, uint32_t first, uint32_t last);
  void ReduceResidual(const Work& work, uint32_t first_token, uint32_t last_token);
  void ReduceColumn(const Work& work, uint32_t column, float scale);
  // The three steps of Apply().
  void ScaleBase(std::span<const Work> work, uint32_t first, uint32_t last,
                 const Output& output) const;
  void AddResidual(const Work& work, uint32_t first, uint32_t last, const Output& output) const;
  void AddReduced(const Work& work, uint32_t first, uint32_t last, const Output& output) const;
  void AddKronecker(const Work& work, uint32_t first, uint32_t last, const Output& output) const;
  void ScaleOutput(std::span<const Work> work, uint32_t first, uint32_t last,
                   const Output& output) const;
  // Calls use(row, y) for each.
  template <typename Use>
  void ForEach(uint32_t first, uint32_t last, const Output& output, const Use& use) const;

  std::vector<AdapterUse> uses_;
  std::vector<Work> work_;  // by module, then by use
  std::vector<float> reduced_;
  const float* x_ = nullptr;
  uint32_t tokens_ = 0;
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_ADAPTER_STAGE_H_
