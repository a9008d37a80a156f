#include "osd/module.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "formats/adapter_values.h"
#include "osd/encoding.h"
#include "osd/residual.h"

namespace andon {
namespace {

constexpr int kRefitSweeps = 3;

// Compresses one update.
class Compressor {
 public:
  Compressor(const Update& update, const Svd& svd, const Matrix* gradient,
             const OsdSettings& settings)
      : update_(update),
        svd_(svd.Truncated(settings.relaxed)),
        gradient_(gradient),
        settings_(settings),
        in_(static_cast<uint64_t>(update.in())),
        out_(static_cast<uint64_t>(update.out())),
        value_bytes_(DTypeSize(settings.dtype)) {
    figures_.budget = LoraBytes(settings.rank, in_, out_, settings.dtype);
    figures_.squared_norm = update.SquaredNorm();
    figures_.squared_lora_error = std::max(figures_.squared_norm - svd.Energy(settings.rank), 0.0);
    figures_.squared_spectrum = svd_.Energy(settings.relaxed);
    figures_.exact = svd.exact;
    residual_count_ = ResidualCount();
  }

  std::optional<OsdModule> Compress() {
    const uint64_t residual_bytes = ResidualBytes();
    if (residual_bytes >= figures_.budget) return std::nullopt;
    const uint64_t room = figures_.budget - residual_bytes;
    std::optional<OsdModule> dense = WithDenseFactors(room);
    if (dense && dense->form.rank == svd_.rank()) return dense;
    std::optional<OsdModule> sparse = WithSparseFactors(room);
    if (!dense || !sparse) return dense ? std::move(dense) : std::move(sparse);
    const bool closer = sparse->figures.squared_error < dense->figures.squared_error;
    return closer ? std::move(sparse) : std::move(dense);
  }

 private:
  double Blend() const { return static_cast<double>(settings_.blend); }
  uint64_t ResidualCount() const {
    const double entries = static_cast<double>(in_) * static_cast<double>(out_);
    return static_cast<uint64_t>(std::floor(settings_.sparsity * entries));
  }
  uint64_t ResidualBytes() const {
    if (residual_count_ == 0) return 0;
    const uint64_t lines = settings_.format == SparseFormat::kCsr ? out_ : in_;
    return SparseIndexBytes(lines, residual_count_) + residual_count_ * value_bytes_;
  }

  std::optional<OsdModule> WithDenseFactors(uint64_t room) const {
    const uint64_t rank =
        std::min(room / (value_bytes_ * (in_ + out_ + 1)), static_cast<uint64_t>(svd_.rank()));
    if (rank == 0) return std::nullopt;
    const Svd kept = svd_.Truncated(static_cast<Index>(rank));
    return Store({kept.u, kept.s, kept.v}, false);
  }

  std::optional<OsdModule> WithSparseFactors(uint64_t room) const {
    const auto rank = static_cast<uint64_t>(svd_.rank());
    const uint64_t fixed = SparseFactorBytes(out_, 0, settings_.dtype) +
                           SparseFactorBytes(rank, 0, settings_.dtype) + rank * value_bytes_;
    // Fewer than one entry of each vector is no approximation.
    const uint64_t entry_bytes = sizeof(uint32_t) + value_bytes_;
    if (room < fixed + 2 * rank * entry_bytes) return std::nullopt;
    const auto count = static_cast<Index>((room - fixed) / entry_bytes);
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
    AddResidual(factors, result);
    Describe(factors, sparse, result);
    return result;
  }

  void AddResidual(const Factors& factors, OsdModule& result) const {
    const bool by_column = settings_.format == SparseFormat::kCsc;
    std::vector<ResidualEntry> entries = LargestRemainders(
        update_, factors, gradient_, static_cast<size_t>(residual_count_), by_column);
    double taken = 0;
    if (!entries.empty()) {
      Vector values(static_cast<Index>(entries.size()));
      for (size_t i = 0; i < entries.size(); ++i) {
        values[static_cast<Index>(i)] = entries[i].value / Blend();
      }
      result.values = BytesOf(values, settings_.dtype);
      const Vector rounded = Rounded(values, settings_.dtype);
      for (size_t i = 0; i < entries.size(); ++i) {
        const double left = entries[i].value - Blend() * rounded[static_cast<Index>(i)];
        taken += entries[i].value * entries[i].value - left * left;
      }
      result.indices =
          ResidualIndices(entries, by_column ? update_.in() : update_.out(), by_column);
    }
    double remaining = 0;
    ForEachRemainder(update_, factors,
                     [&](Index, const Matrix& rows) { remaining += rows.squaredNorm(); });
    result.figures.squared_error = std::max(remaining - taken, 0.0);
  }

  void Describe(const Factors& factors, bool sparse, OsdModule& result) const {
    AdapterModule& module = result.form;
    module.kind = AdapterKind::kOsd;
    module.dtype = settings_.dtype;
    module.sparse_factors = sparse;
    module.rank = static_cast<uint16_t>(factors.rank());
    module.in_features = static_cast<uint32_t>(in_);
    module.out_features = static_cast<uint32_t>(out_);
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
    figures.bytes = result.u.size() + result.s.size() + result.vt.size() + result.indices.size() +
                    result.values.size();
  }

  const Update& update_;
  const Svd svd_;
  const Matrix* gradient_;
  const OsdSettings& settings_;
  const uint64_t in_, out_, value_bytes_;
  uint64_t residual_count_ = 0;
  OsdFigures figures_;
};

}  // namespace

uint64_t LoraBytes(uint64_t rank, uint64_t in, uint64_t out, DType dtype) {
  return rank * (in + out) * DTypeSize(dtype);
}

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
