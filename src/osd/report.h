// What was made of an update, as JSON.

#ifndef ANDON_OSD_REPORT_H_
#define ANDON_OSD_REPORT_H_

#include <string>
#include <vector>

#include "common/json.h"
#include "osd/search.h"

namespace andon {

class OsdReport {
 public:
  OsdReport(const OsdSettings& settings, bool by_gradient);

  void AddModule(uint32_t layer, const OsdModule& module);
  void AddGrid(const std::vector<GridCell>& cells);
  void AddLeftOut(const std::vector<std::string>& weights);

  Json json() const;

 private:
  Json json_;
  OsdFigures total_;
};

}  // namespace andon

#endif  // ANDON_OSD_REPORT_H_
