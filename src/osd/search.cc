#include "osd/search.h"

#include <algorithm>
#include <utility>

namespace andon {

Result<std::optional<Matrix>> ModuleCompressor::Gradient(const UpdateSource& source,
                                                         const Update& update) const {
  if (gradients_ == nullptr) return std::optional<Matrix>();
  ANDON_ASSIGN_OR_RETURN(Matrix gradient, gradients_->Read(source.weight));
  if (source.target == AdapterTarget::kEmbedTokens) gradient.transposeInPlace();
  if (gradient.rows() == update.out() && gradient.cols() == update.in()) {
    return std::optional<Matrix>(std::move(gradient));
  }
  return Error(ErrorCode::kBaseShapeMismatch, "osd: ", NameOf(source.layer, source.target),
               " from ", update.in(), " to ", update.out(), " features, its gradient from ",
               gradient.cols(), " to ", gradient.rows());
}

Result<std::vector<std::optional<OsdModule>>> ModuleCompressor::Try(
    const UpdateSource& source, const std::vector<OsdSettings>& settings) const {
  ANDON_ASSIGN_OR_RETURN(const Update update, source.load());
  ANDON_ASSIGN_OR_RETURN(const std::optional<Matrix> gradient, Gradient(source, update));
  int rank = 0;
  for (const OsdSettings& one : settings) rank = std::max({rank, one.rank, one.relaxed});
  const Svd svd = TruncatedSvd(update, rank);
  std::vector<std::optional<OsdModule>> made;
  for (const OsdSettings& one : settings) {
    made.push_back(CompressUpdate(update, svd, gradient ? &*gradient : nullptr, one));
    if (made.back()) made.back()->form.target = source.target;
  }
  return made;
}

Result<OsdModule> ModuleCompressor::Compress(const UpdateSource& source,
                                             const OsdSettings& settings) const {
  ANDON_ASSIGN_OR_RETURN(auto made, Try(source, {settings}));
  if (made.front()) return *std::move(made.front());
  return Error(
      ErrorCode::kInvalidArgument, "osd: ", NameOf(source.layer, source.target),
      ": the size of a LoRA of rank ", settings.rank,
      " does not hold the residual and factors of rank 1, or their values are beyond the range of ",
      DTypeName(settings.dtype));
}

void AddFigures(const OsdFigures& from, OsdFigures& to) {
  to.budget += from.budget;
  to.bytes += from.bytes;
  to.memory_bytes += from.memory_bytes;
  to.factor_values += from.factor_values;
  to.residual_values += from.residual_values;
  to.squared_norm += from.squared_norm;
  to.squared_error += from.squared_error;
  to.weighted_error += from.weighted_error;
  to.squared_lora_error += from.squared_lora_error;
  to.squared_spectrum += from.squared_spectrum;
  to.exact = to.exact && from.exact;
}

Result<std::vector<GridCell>> SearchGrid(const std::vector<UpdateSource>& modules,
                                         const ModuleCompressor& compressor,
                                         const OsdOptions& options,
                                         const std::function<Status()>& progress) {
  std::vector<GridCell> cells;
  std::vector<OsdSettings> all;
  for (const int rank : options.grid_ranks) {
    for (const double sparsity : options.grid_sparsities) {
      OsdSettings& settings = all.emplace_back(options.settings);
      settings.relaxed = rank;
      settings.sparsity = sparsity;
      cells.push_back({.settings = settings});
    }
  }
  for (const UpdateSource& source : modules) {
    ANDON_RETURN_IF_ERROR(progress());
    ANDON_ASSIGN_OR_RETURN(const auto made, compressor.Try(source, all));
    for (size_t i = 0; i < cells.size(); ++i) {
      cells[i].fits = cells[i].fits && made[i];
      if (made[i]) AddFigures(made[i]->figures, cells[i].figures);
    }
  }
  return cells;
}

const GridCell* BestOf(const std::vector<GridCell>& cells) {
  const GridCell* best = nullptr;
  for (const GridCell& cell : cells) {
    if (!cell.fits) continue;
    if (best == nullptr || cell.figures.weighted_error < best->figures.weighted_error) best = &cell;
  }
  return best;
}

}  // namespace andon
