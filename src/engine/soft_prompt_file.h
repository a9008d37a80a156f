// Soft prompts as PEFT folders have them: safetensors files of one matrix [tokens, hidden].

#ifndef ANDON_ENGINE_SOFT_PROMPT_FILE_H_
#define ANDON_ENGINE_SOFT_PROMPT_FILE_H_

#include "common/bytes.h"
#include "common/io.h"
#include "common/status.h"

namespace andon {

// Whether the file is one, as far as its header says.
bool IsSoftPromptFile(InputFile& file);

// The content of a SOFT_PROMPT section. REQUIRES: IsSoftPromptFile. Errors: ExpertSectionLength,
// SourceUnreadable, those of WriteSoftPrompt.
Result<Bytes> ReadSoftPromptFile(InputFile& file);

}  // namespace andon

#endif  // ANDON_ENGINE_SOFT_PROMPT_FILE_H_
