// What the files of a language model say that the transformer is.

#ifndef ANDON_ENGINE_MODEL_CONFIG_H_
#define ANDON_ENGINE_MODEL_CONFIG_H_

#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/status.h"
#include "formats/gguf.h"
#include "transformer/config.h"

namespace andon {

struct ModelConfig {
  std::string architecture;  // llama, qwen2 or qwen3
  TransformerConfig transformer = {};
  std::optional<bool> tied = {};  // whether the head is the embedding; nothing: where the file has no head
};

// From the pairs of a GGUF file, or of the first part of a split one. Errors: UnsupportedArchitecture, GgufPair.
Result<ModelConfig> ConfigOfGguf(const Gguf& gguf);

}  // namespace andon

#endif  // ANDON_ENGINE_MODEL_CONFIG_H_
