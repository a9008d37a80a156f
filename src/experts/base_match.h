// Whether an expert was made for this base model, as far as its manifest says.

#ifndef ANDON_EXPERTS_BASE_MATCH_H_
#define ANDON_EXPERTS_BASE_MATCH_H_

#include <string_view>

#include "common/json.h"
#include "common/status.h"
#include "transformer/config.h"

namespace andon {

// Whether one name contains the other, apart from folders, case and punctuation: "Qwen/Qwen3-0.6B"
// is "qwen3 0.6b instruct". Names without letters or digits match all.
bool NamesMatch(std::string_view a, std::string_view b);

// `manifest` as version 2 has it; `model_name` empty: not known. Errors: BaseModelMismatch with
// both names, unless `any_name`; BaseShapeMismatch with the first shape that differs, and both
// sizes.
Status CheckBaseModel(const Json& manifest, std::string_view model_name,
                      const TransformerConfig& config, bool any_name);

}  // namespace andon

#endif  // ANDON_EXPERTS_BASE_MATCH_H_
