// An expert of version 2: sections are read from the file as they are needed.

#ifndef ANDON_ENGINE_EXPERT_V2_H_
#define ANDON_ENGINE_EXPERT_V2_H_

#include <memory>

#include "engine/expert.h"

namespace andon {

// `head_sha256`: of the head as it was verified.
std::unique_ptr<Expert> MakeExpertV2(const ExpertIndex& index, const ExpertMetadata& metadata,
                                     const Sha256Digest& head_sha256);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_V2_H_
