// PEFT's two files, made from the PARAMS sections of a package.

#ifndef ANDON_ENGINE_EXPERT_PEFT_H_
#define ANDON_ENGINE_EXPERT_PEFT_H_

#include "common/bytes.h"
#include "common/status.h"
#include "engine/expert_package.h"

namespace andon {

// adapter_model.safetensors with the header that it had, its data copied from PARAMS. Errors: those
// of reading sections; SectionMalformed, where the header does not describe what PARAMS hold.
Result<Bytes> RestoreAdapter(const ExpertPackage& package, Bytes head);

struct PeftFiles {
  Bytes tensors;
  Bytes config;
};
// Both as PEFT would write them. `config_before`: the configuration that the package has, empty
// where it has none; its members are kept where PARAMS say nothing else. Errors: those of reading
// sections and of writing safetensors; PeftUnsupported, where PEFT has no such adapter.
Result<PeftFiles> MakePeftFiles(const ExpertPackage& package, ByteView config_before);

// A safetensors file of the one tensor "prompt_embeddings". Errors: those of ParseSoftPrompt.
Result<Bytes> SoftPromptFile(ByteView section);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_PEFT_H_
