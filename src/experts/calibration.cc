#include "experts/calibration.h"

#include "common/json.h"

namespace andon {
namespace {

constexpr double kLeast = 0.01, kMost = 100;

}  // namespace

Result<Calibration> ParseCalibration(ByteView json) {
  ANDON_ASSIGN_OR_RETURN(const Json value, ParseJson(json, "calibration"));
  if (!value.is_object()) {
    return Error(ErrorCode::kSectionMalformed, "calibration: not an object");
  }
  Calibration calibration;
  for (const auto& [key, member] : value.items()) {
    if (key != "temperature") {
      return Error(ErrorCode::kSectionMalformed, "calibration: the member ", Quoted(key));
    }
    const double temperature = member.is_number() ? member.get<double>() : 0;
    if (!(temperature >= kLeast && temperature <= kMost)) {
      return Error(ErrorCode::kSectionMalformed,
                   "calibration: a temperature that is no number from 0.01 to 100");
    }
    calibration.temperature = static_cast<float>(temperature);
  }
  return calibration;
}

}  // namespace andon
