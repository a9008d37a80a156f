// What an expert changes of a transformer's matrices, in the form that the forward pass adds it.
//
// With adapters e of weights w_e the matrix W of a module becomes
//
//   W' = diag(g) (W + sum over e of w_e dW_e) diag(f)
//
//   LoRA, rsLoRA   dW = s B A
//   LoKr           dW = s kron(w1, w2)
//   OSD            dW = (1 - alpha) U diag(S) Vt + alpha R
//   DoRA           dW = diag(m / |W + s B A|) (W + s B A) - W, norms by row: the renormalisation is
//                  of the base with this adapter alone, so that the sum does not depend on an order
//                  (PEFT has the same terms for one adapter)
//   IA3            g = product over e of 1 + w_e (l_e - 1); f likewise, of those that scale inputs.
//                  They scale what the other adapters add as well, and g the module's bias (as PEFT
//                  does).
//
// So weight 1 is the adapter as it was trained, 0 the base, and between the two a line. Order does
// not matter: uses are sorted by id, and sums are made in that order.

#ifndef ANDON_TRANSFORMER_ADAPTER_H_
#define ANDON_TRANSFORMER_ADAPTER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/factor.h"
#include "transformer/config.h"
#include "transformer/weights.h"

namespace andon {

// An embedding is a matrix [hidden, vocabulary] here, of which a token is a column.
enum class Module : uint8_t { kQuery, kKey, kValue, kOutput, kGate, kUp, kDown, kEmbedding, kHead };
inline constexpr uint32_t kLayerModules = 7;  // the first so many belong to each layer

// The matrix of a module as adapters see it.
struct ModuleShape {
  uint32_t in = 0, out = 0;
};
ModuleShape ShapeOf(const TransformerConfig& config, Module module);
// REQUIRES: a layer that there is; of kEmbedding [vocabulary, hidden], the other way round.
const Matrix& MatrixOf(const TransformerWeights& weights, uint32_t layer, Module module);

// One module's dW, g and f. What its kind does not have is empty.
struct ModuleUpdate {
  // Low rank, of LoRA, DoRA and OSD: row_scale * (b (scales * (a x))); a [rank, in], b [out, rank].
  // LoKr: the same with a = w2, b = w1: x is read as [w1.columns, w2.columns], its rows are
  // multiplied by w2, and the columns of that by w1.
  Factor a, b;
  std::vector<float> scales = {};     // [a.rows]: s, or (1 - alpha) S
  std::vector<float> row_scale = {};  // [out], of DoRA: m / |W + s B A|
  bool is_kronecker = false;
  // Of OSD: alpha R, [out, in] by row, sparse.
  Factor residual;
  float residual_scale = 0;
  // Of IA3: l, [out] or [in].
  std::vector<float> output_scale = {}, input_scale = {};

  // Rows of length a.columns that an input is read as.
  uint32_t pieces() const { return is_kronecker ? b.columns : 1; }
};

using AdapterId = std::array<uint8_t, 32>;

// Immutable, and shared by the sessions that use it.
class Adapter {
 public:
  struct Parts {
    // Equal ids, equal numbers: a digest of what the adapter was made of.
    AdapterId id = {};
    // The model that it was made for, which outlives it.
    const TransformerWeights* base = nullptr;
    std::vector<std::unique_ptr<const ModuleUpdate>> updates = {};  // PlaceOf(); nullptr: none
    std::vector<std::shared_ptr<const void>> memory = {};           // what factors point into
    uint64_t bytes = 0;                                             // that all of it takes
  };
  explicit Adapter(Parts parts);

  const AdapterId& id() const { return parts_.id; }
  const TransformerWeights* base() const { return parts_.base; }
  uint64_t bytes() const { return parts_.bytes; }
  // Whether keys or values of a text differ with it: an update of the head, or of what follows the
  // last layer's keys and values, changes none.
  bool changes_keys() const { return changes_keys_; }

  // nullptr: the module is as in the base. `layer` is ignored for kEmbedding and kHead.
  const ModuleUpdate* Find(uint32_t layer, Module module) const {
    return parts_.updates[PlaceOf(parts_.base->layers.size(), layer, module)].get();
  }

  // Where an update lies among as many as Places() of them.
  static size_t PlaceOf(size_t layers, uint32_t layer, Module module) {
    const auto index = static_cast<size_t>(module);
    return index < kLayerModules ? layer * kLayerModules + index
                                 : layers * kLayerModules + index - kLayerModules;
  }
  static size_t Places(size_t layers) { return PlaceOf(layers, 0, Module::kHead) + 1; }

 private:
  Parts parts_;
  bool changes_keys_;
};

struct AdapterUse {
  std::shared_ptr<const Adapter> adapter;
  float weight = 1;
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_ADAPTER_H_
