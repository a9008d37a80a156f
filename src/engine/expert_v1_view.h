// An expert of version 1 as the sections that version 2 would have.

#ifndef ANDON_ENGINE_EXPERT_V1_VIEW_H_
#define ANDON_ENGINE_EXPERT_V1_VIEW_H_

#include <memory>

#include "engine/expert.h"
#include "formats/expert_v1.h"

namespace andon {

// Layers of the adapter where it can be read by layers, then every file. Where it cannot, the
// description has a warning.
std::unique_ptr<Expert> ViewExpertV1(ExpertV1 package);

// The same of a PEFT folder, whose files lie in `archive`. Its format version is "peft".
std::unique_ptr<Expert> ViewPeftFolder(ExpertV1 folder);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_V1_VIEW_H_
