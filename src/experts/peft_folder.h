// A PEFT folder as an expert: nobody signed it, so the policy has to allow that.

#ifndef ANDON_EXPERTS_PEFT_FOLDER_H_
#define ANDON_EXPERTS_PEFT_FOLDER_H_

#include <map>
#include <string>

#include "common/bytes.h"
#include "engine/expert_opening.h"

namespace andon {

using PeftFiles = std::map<std::string, Bytes, std::less<>>;  // by name

// adapter_config.json and adapter_model.safetensors, and what may lie beside them: manifest.json of
// version 1 of the format, grammar.gbnf, calibration.json, tokenizer_delta.json. Errors:
// FileTooLarge (all of it), SignatureMissing, Revoked by the SHA-256 of the adapter's file,
// Json..., ManifestV1.
ExpertOutcome OpenPeftFolder(const PeftFiles& files, const Policy& policy, uint64_t max_bytes);

}  // namespace andon

#endif  // ANDON_EXPERTS_PEFT_FOLDER_H_
