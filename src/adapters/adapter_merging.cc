#include "adapters/adapter_merging.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include "tensor/quantize.h"
#include "transformer/adapter_stage.h"

namespace andon {
namespace {

constexpr uint32_t kBlockRows = 64 * kGroupRows;  // that are merged at once: some megabytes

WeightType MergedType(WeightType type) { return CanNarrowTo(type) ? type : WeightType::kQ8_0; }

uint64_t BytesOf(const Matrix& matrix) {
  return MatrixBytes(matrix.type, matrix.rows, matrix.columns);
}

// Rows from `first`, the start of a group, on. Whether all are numbers in the matrix's type.
bool PackRows(const Matrix& to, const std::vector<float>& rows, uint32_t first, uint8_t* memory) {
  const auto group_bytes = static_cast<size_t>(MatrixBytes(to.type, kGroupRows, to.columns));
  const size_t group_weights = size_t{kGroupRows} * to.columns;
  uint8_t* packed = memory + first / kGroupRows * group_bytes;
  bool finite = true;
  for (size_t at = 0; at < rows.size(); at += group_weights, packed += group_bytes) {
    const auto group = std::span(rows).subspan(at, std::min(group_weights, rows.size() - at));
    Bytes narrowed;
    NarrowWeights(to.type, group, narrowed);
    finite = finite && AreFinite(to.type, narrowed);
    PackGroup(to.type, narrowed.data(), static_cast<uint32_t>(group.size() / to.columns),
              to.columns, packed);
  }
  return finite;
}

}  // namespace

AdapterMerging::AdapterMerging(const AdapterBase& base, std::vector<AdapterUse> uses)
    : base_(base), uses_(std::move(uses)), weights_(base.weights) {
  std::ranges::sort(uses_, {}, [](const AdapterUse& use) { return use.adapter->id(); });
  for (uint32_t layer = 0; layer < base.config.layers; ++layer) {
    LayerWeights& to = weights_.layers[layer];
    Plan(layer, Module::kQuery, to.query);
    Plan(layer, Module::kKey, to.key);
    Plan(layer, Module::kValue, to.value);
    Plan(layer, Module::kOutput, to.output);
    Plan(layer, Module::kGate, to.gate);
    Plan(layer, Module::kUp, to.up);
    Plan(layer, Module::kDown, to.down);
    MergeBias(layer, Module::kQuery, to.query_bias);
    MergeBias(layer, Module::kKey, to.key_bias);
    MergeBias(layer, Module::kValue, to.value_bias);
    MergeBias(layer, Module::kOutput, to.output_bias);
  }
  Plan(0, Module::kEmbedding, weights_.embedding);
  Plan(0, Module::kHead, weights_.head);
}

void AdapterMerging::Plan(uint32_t layer, Module module, Matrix& to) {
  const bool is_changed = std::ranges::any_of(
      uses_, [&](const AdapterUse& use) { return use.adapter->Find(layer, module) != nullptr; });
  if (!is_changed) return;
  to.type = MergedType(to.type);
  changes_.push_back({.layer = layer, .module = module, .to = &to});
  bytes_ += BytesOf(to);
}

void AdapterMerging::MergeBias(uint32_t layer, Module module, std::vector<float>& bias) const {
  if (bias.empty()) return;
  AdapterStage stage;
  stage.SetUses(uses_);
  stage.CompleteBias(layer, module, bias);
}

Status AdapterMerging::Allocate(uint64_t limit, const AllocateWeights& allocate) {
  const auto too_much = [this](std::string_view why) {
    return Error(ErrorCode::kOutOfMemory, "merge: the weights that change need ", bytes_,
                 " bytes; ", why);
  };
  if (bytes_ > limit) return too_much("the limit is " + std::to_string(limit));
  for (Change& change : changes_) {
    change.memory = allocate(BytesOf(*change.to));
    if (change.memory == nullptr) return too_much("there are not as many");
  }
  return Status();
}

Status AdapterMerging::Step() {
  const Change& change = changes_[merged_];
  Matrix& to = *change.to;
  const Matrix& w = MatrixOf(base_.weights, change.layer, change.module);
  std::atomic<bool> finite = true;
  base_.pool.Run((to.rows + kBlockRows - 1) / kBlockRows, [&](uint32_t block, uint32_t) {
    const uint32_t first = block * kBlockRows, last = std::min(first + kBlockRows, to.rows);
    if (!PackRows(to, MergedRows(change, w, first, last), first, change.memory)) finite = false;
  });
  if (!finite)
    return Error(ErrorCode::kWeightNotFinite, "merge: a weight beyond the range of its type");
  to.data = change.memory;
  ++merged_;
  return Status();
}

// Rows [first, last) of W', [last - first, columns]; of an embedding, whose rows are the columns of
// W, so many tokens.
std::vector<float> AdapterMerging::MergedRows(const Change& change, const Matrix& w, uint32_t first,
                                              uint32_t last) const {
  const bool by_token = change.module == Module::kEmbedding;
  std::vector<float> rows(size_t{last - first} * w.columns);
  const auto row = [&](uint32_t r) {
    return std::span(rows).subspan(size_t{r - first} * w.columns, w.columns);
  };
  AdapterStage stage;
  stage.SetUses(uses_);
  for (uint32_t r = first; r < last; ++r) {
    UnpackRow(w, r, row(r).data());
    if (by_token) stage.CompleteColumn(0, change.module, r, 0, w.columns, row(r));
  }
  if (by_token) return rows;
  std::vector<float> column(w.rows);
  for (uint32_t c = 0; c < w.columns; ++c) {
    for (uint32_t r = first; r < last; ++r) column[r] = row(r)[c];
    stage.CompleteColumn(change.layer, change.module, c, first, last, column);
    for (uint32_t r = first; r < last; ++r) row(r)[c] = column[r];
  }
  return rows;
}

}  // namespace andon
