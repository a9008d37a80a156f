// CALIBRATION: how far the probabilities of an expert can be taken at their word.
//
//   {"temperature": 1.4}      logits are divided by it; above 1: it is less sure than they say
//
// Temperature scaling: Guo et al., "On Calibration of Modern Neural Networks" (arXiv 1706.04599).

#ifndef ANDON_EXPERTS_CALIBRATION_H_
#define ANDON_EXPERTS_CALIBRATION_H_

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

struct Calibration {
  float temperature = 1;  // 0.01 to 100
};

// Errors: Json..., SectionMalformed where a member is not known or has another form.
Result<Calibration> ParseCalibration(ByteView json);

}  // namespace andon

#endif  // ANDON_EXPERTS_CALIBRATION_H_
