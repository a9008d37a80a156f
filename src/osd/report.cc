#include "osd/report.h"

#include <cmath>

#include "formats/expert_index.h"

namespace andon {
namespace {

double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

Json FiguresJson(const OsdFigures& figures) {
  const double norm = figures.squared_norm;
  return {{"bytes", figures.bytes},
          {"budget", figures.budget},
          {"memoryBytes", figures.memory_bytes},
          {"factorValues", figures.factor_values},
          {"residualValues", figures.residual_values},
          {"energy", Share(figures.squared_spectrum, norm)},
          {"error", std::sqrt(Share(figures.squared_error, norm))},
          {"loraError", std::sqrt(Share(figures.squared_lora_error, norm))},
          {"svd", figures.exact ? "exact" : "randomised"}};
}

}  // namespace

OsdReport::OsdReport(const OsdSettings& settings, bool by_gradient)
    : json_({{"rank", settings.rank},
             {"relaxedRank", settings.relaxed},
             {"sparsity", settings.sparsity},
             {"blend", settings.sparsity > 0 ? Json(settings.blend) : Json()},
             {"sparseFormat", settings.format == SparseFormat::kCsr ? "csr" : "csc"},
             {"dtype", DTypeName(settings.dtype)},
             {"size", settings.size.measure == SizeMeasure::kStored ? "stored" : "memory"},
             {"importance", by_gradient ? "gradient" : "magnitude"},
             {"modules", Json::array()},
             {"grid", Json::array()},
             {"leftOut", Json::array()}}) {}

void OsdReport::AddModule(uint32_t layer, const OsdModule& module) {
  const AdapterModule& form = module.form;
  Json entry = {{"layer", layer == kNoLayer ? Json() : Json(layer)},
                {"module", AdapterTargetName(form.target)},
                {"inFeatures", form.in_features},
                {"outFeatures", form.out_features},
                {"rank", form.rank},
                {"factors", form.sparse_factors ? "sparse" : "dense"}};
  entry.update(FiguresJson(module.figures));
  json_["modules"].push_back(std::move(entry));
  AddFigures(module.figures, total_);
}

void OsdReport::AddGrid(const std::vector<GridCell>& cells) {
  for (const GridCell& cell : cells) {
    Json entry = {{"relaxedRank", cell.settings.relaxed},
                  {"sparsity", cell.settings.sparsity},
                  {"fits", cell.fits},
                  {"bytes", nullptr},
                  {"error", nullptr}};
    if (cell.fits) {
      entry["bytes"] = cell.figures.bytes;
      entry["error"] = std::sqrt(Share(cell.figures.squared_error, cell.figures.squared_norm));
    }
    json_["grid"].push_back(std::move(entry));
  }
}

void OsdReport::AddLeftOut(const std::vector<std::string>& weights) { json_["leftOut"] = weights; }

Json OsdReport::json() const {
  Json json = json_;
  json["total"] = FiguresJson(total_);
  return json;
}

}  // namespace andon
