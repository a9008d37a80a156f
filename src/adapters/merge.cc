#include "adapters/merge.h"

#include <algorithm>
#include <utility>

#include "tensor/quantize.h"
#include "transformer/adapter_stage.h"

namespace andon {
namespace {

constexpr uint32_t kBlockRows = 64 * kGroupRows;  // that are merged at once: some megabytes

class Merger {
 public:
  Merger(const AdapterBase& base, std::vector<AdapterUse> uses, const AllocateWeights& allocate)
      : base_(base), uses_(std::move(uses)), allocate_(allocate) {
    std::ranges::sort(uses_, {}, [](const AdapterUse& use) { return use.adapter->id(); });
  }

  Status MergeLayer(uint32_t layer, LayerWeights& to) {
    for (const auto& [module, matrix] : {std::pair{Module::kQuery, &to.query},
                                         {Module::kKey, &to.key},
                                         {Module::kValue, &to.value},
                                         {Module::kOutput, &to.output},
                                         {Module::kGate, &to.gate},
                                         {Module::kUp, &to.up},
                                         {Module::kDown, &to.down}}) {
      ANDON_RETURN_IF_ERROR(MergeMatrix(layer, module, *matrix));
    }
    AdapterStage stage;
    stage.SetUses(uses_);
    for (const auto& [module, bias] : {std::pair{Module::kQuery, &to.query_bias},
                                       {Module::kKey, &to.key_bias},
                                       {Module::kValue, &to.value_bias},
                                       {Module::kOutput, &to.output_bias}}) {
      if (!bias->empty()) stage.CompleteBias(layer, module, *bias);
    }
    return Status();
  }

  // `to`: the base's.
  Status MergeMatrix(uint32_t layer, Module module, Matrix& to) {
    const bool is_changed = std::ranges::any_of(
        uses_, [&](const AdapterUse& use) { return use.adapter->Find(layer, module) != nullptr; });
    if (!is_changed) return Status();
    Matrix merged = {.type = CanNarrowTo(to.type) ? to.type : WeightType::kQ8_0,
                     .rows = to.rows,
                     .columns = to.columns};
    const uint64_t bytes = MatrixBytes(merged.type, merged.rows, merged.columns);
    uint8_t* const memory = allocate_(bytes);
    if (memory == nullptr)
      return Error(ErrorCode::kOutOfMemory, "merge: ", bytes, " bytes for merged weights");
    merged.data = memory;
    base_.pool.Run((to.rows + kBlockRows - 1) / kBlockRows, [&](uint32_t block, uint32_t) {
      const uint32_t first = block * kBlockRows, last = std::min(first + kBlockRows, to.rows);
      const std::vector<float> rows = module == Module::kEmbedding
                                          ? MergedTokens(to, first, last)
                                          : MergedRows(layer, module, to, first, last);
      PackRows(merged, rows, first, memory);
    });
    to = merged;
    return Status();
  }

 private:
  // Rows [first, last) of W', [last - first, columns].
  std::vector<float> MergedRows(uint32_t layer, Module module, const Matrix& w, uint32_t first,
                                uint32_t last) const {
    std::vector<float> rows(size_t{last - first} * w.columns);
    for (uint32_t r = first; r < last; ++r)
      UnpackRow(w, r, rows.data() + size_t{r - first} * w.columns);
    AdapterStage stage;
    stage.SetUses(uses_);
    std::vector<float> column(w.rows);
    for (uint32_t c = 0; c < w.columns; ++c) {
      const auto at = [&](uint32_t r) -> float& { return rows[size_t{r - first} * w.columns + c]; };
      for (uint32_t r = first; r < last; ++r) column[r] = at(r);
      stage.CompleteColumn(layer, module, c, first, last, column);
      for (uint32_t r = first; r < last; ++r) at(r) = column[r];
    }
    return rows;
  }

  // Of an embedding, whose rows are the columns of W.
  std::vector<float> MergedTokens(const Matrix& w, uint32_t first, uint32_t last) const {
    std::vector<float> rows(size_t{last - first} * w.columns);
    AdapterStage stage;
    stage.SetUses(uses_);
    for (uint32_t token = first; token < last; ++token) {
      const auto row = std::span(rows).subspan(size_t{token - first} * w.columns, w.columns);
      UnpackRow(w, token, row.data());
      stage.CompleteColumn(0, Module::kEmbedding, token, 0, w.columns, row);
    }
    return rows;
  }

  // Rows from `first`, the start of a group, on.
  static void PackRows(const Matrix& to, const std::vector<float>& rows, uint32_t first,
                       uint8_t* memory) {
    const auto group_bytes = static_cast<size_t>(MatrixBytes(to.type, kGroupRows, to.columns));
    for (size_t at = 0; at < rows.size(); at += size_t{kGroupRows} * to.columns) {
      const auto group =
          std::span(rows).subspan(at, std::min(size_t{kGroupRows} * to.columns, rows.size() - at));
      Bytes narrowed;
      NarrowWeights(to.type, group, narrowed);
      PackGroup(to.type, narrowed.data(), static_cast<uint32_t>(group.size() / to.columns),
                to.columns,
                memory + (first / kGroupRows + at / to.columns / kGroupRows) * group_bytes);
    }
  }

  const AdapterBase& base_;
  std::vector<AdapterUse> uses_;
  const AllocateWeights& allocate_;
};

}  // namespace

Result<TransformerWeights> Merge(const AdapterBase& base, std::vector<AdapterUse> uses,
                                 const AllocateWeights& allocate) {
  Merger merger(base, std::move(uses), allocate);
  TransformerWeights merged = base.weights;
  for (uint32_t layer = 0; layer < base.config.layers; ++layer)
    ANDON_RETURN_IF_ERROR(merger.MergeLayer(layer, merged.layers[layer]));
  ANDON_RETURN_IF_ERROR(merger.MergeMatrix(0, Module::kEmbedding, merged.embedding));
  ANDON_RETURN_IF_ERROR(merger.MergeMatrix(0, Module::kHead, merged.head));
  return merged;
}

}  // namespace andon
