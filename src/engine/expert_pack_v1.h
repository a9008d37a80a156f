// Packages of version 1, made whole in memory.

#ifndef ANDON_ENGINE_EXPERT_PACK_V1_H_
#define ANDON_ENGINE_EXPERT_PACK_V1_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/expert_pack.h"
#include "formats/expert_metadata.h"

namespace andon {

using OwnedFiles = std::vector<std::pair<std::string, Bytes>>;

// `files` in their order, with manifest.json among them; with `signing`, in the order and with the
// manifest that WriteExpertV1 gives them. Errors: those of WriteExpertV1; InvalidArgument, where
// there is a chain, as version 1 has no place for one; OutputUnwritable.
Result<ExpertPackReport> WriteV1(const OwnedFiles& files,
                                 const std::optional<ExpertSigning>& signing,
                                 bool signature_dropped, OutputFile& out);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_PACK_V1_H_
