// Compresses the modules of an expert, and finds the settings that do it best.

#ifndef ANDON_OSD_SEARCH_H_
#define ANDON_OSD_SEARCH_H_

#include <optional>
#include <vector>

#include "osd/osd.h"
#include "osd/source.h"
#include "osd/weight_files.h"

namespace andon {

class ModuleCompressor {
 public:
  // REQUIRES: the gradients, where there are any, outlive this.
  explicit ModuleCompressor(const WeightFiles* gradients) : gradients_(gradients) {}

  // One result for each of `settings`; nothing where the budget does not hold it. Errors: those of
  // loading the update and of reading gradients.
  Result<std::vector<std::optional<OsdModule>>> Try(const UpdateSource& source,
                                                    const std::vector<OsdSettings>& settings) const;
  // The same for one; InvalidArgument where the budget does not hold it.
  Result<OsdModule> Compress(const UpdateSource& source, const OsdSettings& settings) const;

 private:
  Result<std::optional<Matrix>> Gradient(const UpdateSource& source, const Update& update) const;

  const WeightFiles* gradients_;
};

// What settings made of all modules together.
struct GridCell {
  OsdSettings settings;
  bool fits = true;
  OsdFigures figures = {};
};

// The sum of both.
void AddFigures(const OsdFigures& from, OsdFigures& to);

// Tries each pair of rank and sparsity on every module. Errors: those of ModuleCompressor, what
// `progress` returns.
Result<std::vector<GridCell>> SearchGrid(const std::vector<UpdateSource>& modules,
                                         const ModuleCompressor& compressor,
                                         const OsdOptions& options,
                                         const std::function<Status()>& progress);

// The cell with the smallest weighted error; nothing where none fits.
const GridCell* BestOf(const std::vector<GridCell>& cells);

}  // namespace andon

#endif  // ANDON_OSD_SEARCH_H_
