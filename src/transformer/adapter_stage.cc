#include "transformer/adapter_stage.h"

#include <algorithm>

#include "transformer/parts.h"

namespace andon {
namespace {

constexpr uint32_t kUnitRows = 4;  // of A in a part: a tile of its kernel

// 1 + weight (scale - 1): from the base to the adapter.
float Between(float weight, float scale) { return 1 + weight * (scale - 1); }

}  // namespace

void AdapterStage::Collect(uint32_t layer, std::span<const Module> modules, uint32_t tokens) {
  work_.clear();
  tokens_ = tokens;
  size_t reduced = 0;
  for (uint32_t i = 0; i < modules.size(); ++i) {
    for (const AdapterUse& use : uses_) {
      const ModuleUpdate* const update = use.adapter->Find(layer, modules[i]);
      if (update == nullptr) continue;
      const size_t residual = reduced + size_t{tokens} * update->pieces() * update->a.rows;
      work_.push_back({i, update, use.weight, reduced, residual});
      reduced =
          residual + (update->residual.is_by_column ? size_t{tokens} * update->residual.rows : 0);
    }
  }
  reduced_.resize(reduced);
}

void AdapterStage::Prepare(uint32_t layer, std::span<const Module> modules, const float* x,
                           uint32_t tokens, ThreadPool& pool) {
  Collect(layer, modules, tokens);
  x_ = x;
  uint64_t products = 0;
  std::vector<uint32_t> units;  // of each update its rows of A, then the tokens of R
  for (const Work& work : work_) {
    const Factor& a = work.update->a;
    units.push_back((a.rows + kUnitRows - 1) / kUnitRows);
    units.push_back(work.update->residual.is_by_column ? tokens : 0);
    products += uint64_t{a.rows} * a.columns * work.update->pieces() * tokens;
  }
  RunInParts(pool, units, products, [&](uint32_t i, uint32_t first, uint32_t last) {
    const Work& work = work_[i / 2];
    if (i % 2 == 1) return ReduceResidual(work, first, last);
    Reduce(work, first * kUnitRows, std::min(last * kUnitRows, work.update->a.rows));
  });
}

void AdapterStage::Reduce(const Work& work, uint32_t first, uint32_t last) {
  const ModuleUpdate& update = *work.update;
  const uint32_t inputs = tokens_ * update.pieces();
  float* const reduced = reduced_.data() + work.reduced;
  FactorProduct(update.a, x_, inputs, first, last, reduced);
  for (uint32_t t = 0; t < inputs; ++t) {
    for (uint32_t r = first; r < last; ++r)
      reduced[size_t{t} * update.a.rows + r] *= update.scales[r];
  }
}

void AdapterStage::ReduceResidual(const Work& work, uint32_t first_token, uint32_t last_token) {
  const Factor& residual = work.update->residual;
  FactorProduct(residual, x_ + size_t{first_token} * residual.columns, last_token - first_token, 0,
                residual.rows,
                reduced_.data() + work.residual + size_t{first_token} * residual.rows);
}

void AdapterStage::Apply(uint32_t index, uint32_t first, uint32_t last,
                         const Output& output) const {
  const std::span<const Work> mine = WorkOf(index);
  ScaleBase(mine, first, last, output);
  for (const Work& work : mine) {
    AddReduced(work, first, last, output);
    if (work.update->residual.rows > 0) AddResidual(work, first, last, output);
  }
  if (output.bias != nullptr && !output.bias->empty())
    ForEach(first, last, output, [&](uint32_t r, float& y) { y += (*output.bias)[r]; });
  ScaleOutput(mine, first, last, output);
}

std::span<const AdapterStage::Work> AdapterStage::WorkOf(uint32_t index) const {
  const auto begin = std::ranges::lower_bound(work_, index, {}, &Work::module);
  return {begin, std::ranges::upper_bound(begin, work_.end(), index, {}, &Work::module)};
}

template <typename Use>
void AdapterStage::ForEach(uint32_t first, uint32_t last, const Output& output,
                           const Use& use) const {
  for (uint32_t t = 0; t < tokens_; ++t) {
    float* const y = output.y + size_t{t} * output.rows;
    for (uint32_t r = first; r < last; ++r) use(r, y[r]);
  }
}

// Of DoRA: 1 + the sum over e of w_e (m / |V| - 1).
void AdapterStage::ScaleBase(std::span<const Work> work, uint32_t first, uint32_t last,
                             const Output& output) const {
  std::vector<float> scale;
  for (const Work& each : work) {
    const std::vector<float>& own = each.update->row_scale;
    if (own.empty()) continue;
    scale.resize(last - first, 1);
    for (uint32_t r = first; r < last; ++r) scale[r - first] += each.weight * (own[r] - 1);
  }
  if (scale.empty()) return;
  ForEach(first, last, output, [&](uint32_t r, float& y) { y *= scale[r - first]; });
}

void AdapterStage::AddReduced(const Work& work, uint32_t first, uint32_t last,
                              const Output& output) const {
  const ModuleUpdate& update = *work.update;
  if (update.is_kronecker) return AddKronecker(work, first, last, output);
  if (update.b.rows == 0) return;
  const float* const row_scale = update.row_scale.empty() ? nullptr : update.row_scale.data();
  AddFactorProduct(update.b, reduced_.data() + work.reduced, tokens_, first, last, work.weight,
                   row_scale, output.y);
}

void AdapterStage::AddResidual(const Work& work, uint32_t first, uint32_t last,
                               const Output& output) const {
  const Factor& residual = work.update->residual;
  const float scale = work.weight * work.update->residual_scale;
  if (!residual.is_by_column)
    return AddFactorProduct(residual, x_, tokens_, first, last, scale, nullptr, output.y);
  for (uint32_t t = 0; t < tokens_; ++t) {
    const size_t row = size_t{t} * residual.rows;
    const float* const x = reduced_.data() + work.residual + row;
    for (uint32_t r = first; r < last; ++r) output.y[row + r] += scale * x[r];
  }
}

void AdapterStage::ScaleOutput(std::span<const Work> work, uint32_t first, uint32_t last,
                               const Output& output) const {
  for (const Work& each : work) {
    const std::vector<float>& scale = each.update->output_scale;
    if (scale.empty()) continue;
    ForEach(first, last, output,
            [&](uint32_t r, float& y) { y *= Between(each.weight, scale[r]); });
  }
}

// Row i * w2.rows + k of kron(w1, w2) x is the sum over j of w1[i, j] times row k of w2's product
// with piece j.
void AdapterStage::AddKronecker(const Work& work, uint32_t first, uint32_t last,
                                const Output& output) const {
  const ModuleUpdate& update = *work.update;
  const uint32_t block = update.a.rows, pieces = update.pieces();
  std::vector<float> row(pieces);
  for (uint32_t i = first / block; i * block < last; ++i) {
    FactorRow(update.b, i, row.data());
    const uint32_t from = std::max(first, i * block), to = std::min(last, (i + 1) * block);
    for (uint32_t t = 0; t < tokens_; ++t) {
      const float* x = reduced_.data() + work.reduced + size_t{t} * pieces * block;
      float* const y = output.y + size_t{t} * output.rows;
      for (uint32_t j = 0; j < pieces; ++j, x += block) {
        const float scale = work.weight * row[j];
        for (uint32_t r = from; r < to; ++r) y[r] += scale * x[r - i * block];
      }
    }
  }
}

bool AdapterStage::ScalesInput(uint32_t layer, Module module) const {
  return std::ranges::any_of(uses_, [&](const AdapterUse& use) {
    const ModuleUpdate* const update = use.adapter->Find(layer, module);
    return update != nullptr && !update->input_scale.empty();
  });
}

void AdapterStage::ScaleInput(uint32_t layer, Module module, uint32_t size,
                              std::span<float> x) const {
  for (const AdapterUse& use : uses_) {
    const ModuleUpdate* const update = use.adapter->Find(layer, module);
    if (update == nullptr || update->input_scale.empty()) continue;
    for (size_t i = 0; i < x.size(); ++i)
      x[i] *= Between(use.weight, update->input_scale[i % size]);
  }
}

void AdapterStage::CompleteColumn(uint32_t layer, Module module, uint32_t column, uint32_t first,
                                  uint32_t last, std::span<float> to) {
  Collect(layer, {&module, 1}, 1);
  if (work_.empty()) return;
  const auto rows = static_cast<uint32_t>(to.size());
  const Output output = {.y = to.data(), .rows = rows, .bias = nullptr};
  float one = 1;  // the input: a one at the column, scaled
  for (const Work& work : work_) {
    const std::vector<float>& scale = work.update->input_scale;
    if (!scale.empty()) one *= Between(work.weight, scale[column]);
  }
  for (uint32_t r = first; r < last; ++r) to[r] *= one;
  ScaleBase(work_, first, last, output);
  std::vector<float> values;
  for (const Work& work : work_) {
    ReduceColumn(work, column, one);
    AddReduced(work, first, last, output);
    if (work.update->residual.rows == 0) continue;
    values.resize(rows);
    FactorColumn(work.update->residual, column, values.data());
    const float scale = work.weight * work.update->residual_scale * one;
    for (uint32_t r = first; r < last; ++r) to[r] += scale * values[r];
  }
  ScaleOutput(work_, first, last, output);
}

void AdapterStage::CompleteBias(uint32_t layer, Module module, std::span<float> bias) {
  Collect(layer, {&module, 1}, 1);
  const auto rows = static_cast<uint32_t>(bias.size());
  ScaleOutput(work_, 0, rows, {.y = bias.data(), .rows = rows, .bias = nullptr});
}

// Of an input that is zero but for `scale` at `column`.
void AdapterStage::ReduceColumn(const Work& work, uint32_t column, float scale) {
  const ModuleUpdate& update = *work.update;
  if (update.a.rows == 0) return;
  const std::span<float> all(reduced_.data() + work.reduced,
                             size_t{update.pieces()} * update.a.rows);
  std::ranges::fill(all, 0.0F);
  const auto piece = all.subspan(size_t{column / update.a.columns} * update.a.rows, update.a.rows);
  FactorColumn(update.a, column % update.a.columns, piece.data());
  for (size_t r = 0; r < piece.size(); ++r) piece[r] *= update.scales[r] * scale;
}

}  // namespace andon
