#include "osd/module.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "formats/adapter_values.h"
#include "osd/encoding.h"
#include "osd/residual.h"

namespace andon {
namespace {

constexpr int kRefitSweeps = 3;
constexpr int kSizeRounds = 6;
constexpr double kNearlyFull = 0.98;  // of the budget
constexpr double kBelow = 0.99;       // aims below the budget after a try above it

// Compresses one update.
class Compressor {
 public:
  Compressor(const Update& update, const Svd& svd, const Matrix* gradient,
             const OsdSettings& settings)
      : update_(update),
        svd_(svd.Truncated(settings.relaxed)),
        gradient_(gradient),
        settings_(settings),
        residual_count_(
            static_cast<size_t>(std::floor(settings.sparsity * static_cast<double>(update.in()) *
                                           static_cast<double>(update.out())))) {
    figures_.budget = LoraSize(svd, settings.rank, settings.dtype, settings.size);
    figures_.squared_norm = update.SquaredNorm();
    figures_.squared_lora_error = std::max(figures_.squared_norm - svd.Energy(settings.rank), 0.0);
    figures_.squared_spectrum = svd_.Energy(settings.relaxed);
    figures_.exact = svd.exact;
  }

  std::optional<OsdModule> Compress() const {
    if (residual_count_ > figures_.budget / LeastEntryBytes()) return std::nullopt;
    const Index rank = svd_.rank();
    std::optional<OsdModule> dense =
        Largest(settings_.rank, rank, [this](Index n) { return WithDenseFactors(n); });
    if (dense && dense->form.rank == rank) return dense;
    std::optional<OsdModule> sparse = Largest(EntriesGuess(), svd_.u.size() + svd_.v.size(),
                                              [this](Index n) { return WithSparseFactors(n); });
    if (!dense || !sparse) return dense ? std::move(dense) : std::move(sparse);
    const bool closer = sparse->figures.weighted_error < dense->figures.weighted_error;
    return closer ? std::move(sparse) : std::move(dense);
  }

 private:
  double Blend() const { return static_cast<double>(settings_.blend); }

  // Of an entry of the residual. One that compressed to less would not be worth its place, and with
  // this a residual beyond the budget is not even looked for.
  uint64_t LeastEntryBytes() const {
    const bool stored = settings_.size.measure == SizeMeasure::kStored;
    return stored ? 1 : sizeof(uint32_t) + DTypeSize(settings_.dtype);
  }

  // A sparse entry takes its value and an index, which compresses to about half a byte.
  Index EntriesGuess() const {
    const double value = static_cast<double>(DTypeSize(settings_.dtype));
    const bool stored = settings_.size.measure == SizeMeasure::kStored;
    const double index = stored ? 0.5 : static_cast<double>(sizeof(uint32_t));
    return static_cast<Index>(static_cast<double>(figures_.budget) / (value + index));
  }

  // What `make` makes of the largest number up to `most` that the budget holds, or of one that
  // fills nearly all of it. The size grows with the number, almost in proportion.
  std::optional<OsdModule> Largest(
      Index guess, Index most, const std::function<std::optional<OsdModule>(Index)>& make) const {
    std::optional<OsdModule> best;
    Index fits = 0, too_large = most + 1;
    for (int round = 0; round < kSizeRounds && fits + 1 < too_large; ++round) {
      const Index number = std::clamp(guess, fits + 1, too_large - 1);
      std::optional<OsdModule> made = make(number);
      if (!made) return best;
      const double part =
          static_cast<double>(made->figures.bytes) / static_cast<double>(figures_.budget);
      guess = static_cast<Index>(static_cast<double>(number) * (part > 1 ? kBelow : 1) / part);
      if (part > 1) {
        too_large = number;
      } else {
        fits = number;
        best = std::move(made);
        if (part > kNearlyFull) break;
      }
    }
    return best;
  }

  std::optional<OsdModule> WithDenseFactors(Index rank) const {
    const Svd kept = svd_.Truncated(rank);
    return Store({kept.u, kept.s, kept.v}, false);
  }

  std::optional<OsdModule> WithSparseFactors(Index count) const {
    const Factors selected = gradient_ == nullptr ? SelectByMagnitude(svd_, count)
                                                  : SelectByGradient(svd_, *gradient_, count);
    return Store(Refit(update_, selected, kRefitSweeps), true);
  }

  // With the values as they will be read again, and the residual that then remains.
  std::optional<OsdModule> Store(Factors factors, bool sparse) const {
    const bool has_residual = residual_count_ > 0;
    const double share = has_residual ? 1 - Blend() : 1;
    factors.u = Rounded(factors.u, settings_.dtype);
    factors.v = Rounded(factors.v, settings_.dtype);
    const Vector stored = Rounded(factors.s / share, settings_.dtype);
    if (factors.rank() == 0 || !stored.allFinite()) return std::nullopt;

    OsdModule result{.figures = figures_};
    result.u =
        sparse ? SparseFactorOf(factors.u, settings_.dtype) : BytesOf(factors.u, settings_.dtype);
    result.s = BytesOf(stored, settings_.dtype);
    const Matrix vt = factors.v.transpose();
    result.vt = sparse ? SparseFactorOf(vt, settings_.dtype) : BytesOf(vt, settings_.dtype);
    factors.s = stored * share;
    MeasureErrors(factors, result.figures);
    if (has_residual) AddResidual(factors, result);
    Describe(factors, sparse, result);
    return result;
  }

  double Weight(Index row, Index column) const {
    return gradient_ == nullptr ? 1 : (*gradient_)(row, column);
  }

  void MeasureErrors(const Factors& factors, OsdFigures& figures) const {
    ForEachRemainder(update_, factors, [&](Index first, const Matrix& rows) {
      figures.squared_error += rows.squaredNorm();
      if (gradient_ == nullptr) return;
      const auto weights = gradient_->middleRows(first, rows.rows());
      figures.weighted_error += rows.cwiseProduct(weights).squaredNorm();
    });
    if (gradient_ == nullptr) figures.weighted_error = figures.squared_error;
  }

  // The entries that the factors say worst, and how much less wrong they make it.
  void AddResidual(const Factors& factors, OsdModule& result) const {
    const bool by_column = settings_.format == SparseFormat::kCsc;
    const std::vector<ResidualEntry> entries =
        LargestRemainders(update_, factors, gradient_, residual_count_, by_column);
    Vector values(static_cast<Index>(entries.size()));
    for (size_t i = 0; i < entries.size(); ++i) {
      values[static_cast<Index>(i)] = entries[i].value / Blend();
    }
    result.values = BytesOf(values, settings_.dtype);
    result.indices = ResidualIndices(entries, by_column ? update_.in() : update_.out(), by_column);
    const Vector stored = Rounded(values, settings_.dtype) * Blend();
    OsdFigures& figures = result.figures;
    for (size_t i = 0; i < entries.size(); ++i) {
      const auto& [row, column, value] = entries[i];
      const double weight = Weight(row, column), left = value - stored[static_cast<Index>(i)];
      figures.squared_error -= value * value - left * left;
      figures.weighted_error -= weight * weight * (value * value - left * left);
    }
    figures.squared_error = std::max(figures.squared_error, 0.0);  // of rounding
    figures.weighted_error = std::max(figures.weighted_error, 0.0);
  }

  void Describe(const Factors& factors, bool sparse, OsdModule& result) const {
    AdapterModule& module = result.form;
    module.kind = AdapterKind::kOsd;
    module.dtype = settings_.dtype;
    module.sparse_factors = sparse;
    module.rank = static_cast<uint16_t>(factors.rank());
    module.in_features = static_cast<uint32_t>(update_.in());
    module.out_features = static_cast<uint32_t>(update_.out());
    module.sparse_count = residual_count_;
    if (residual_count_ > 0) {
      module.sparse_format = settings_.format;
      module.sparse_weight = settings_.blend;
    }
    OsdFigures& figures = result.figures;
    figures.factor_values =
        static_cast<uint64_t>(sparse ? factors.entries() + factors.rank()
                                     : factors.u.size() + factors.v.size() + factors.rank());
    figures.residual_values = residual_count_;
    figures.memory_bytes = SizeOf(result.module(), {.measure = SizeMeasure::kMemory});
    figures.bytes = SizeOf(result.module(), settings_.size);
  }

  const Update& update_;
  const Svd svd_;
  const Matrix* gradient_;
  const OsdSettings& settings_;
  const size_t residual_count_;
  OsdFigures figures_;
};

}  // namespace

AdapterModule OsdModule::module() const {
  AdapterModule module = form;
  module.a = u;
  module.b = s;
  module.c = vt;
  module.sparse_indices = indices;
  module.sparse_values = values;
  return module;
}

std::optional<OsdModule> CompressUpdate(const Update& update, const Svd& svd,
                                        const Matrix* gradient, const OsdSettings& settings) {
  return Compressor(update, svd, gradient, settings).Compress();
}

}  // namespace andon
