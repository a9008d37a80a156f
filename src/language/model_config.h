// What the files of a language model say that the transformer is.

#ifndef ANDON_LANGUAGE_MODEL_CONFIG_H_
#define ANDON_LANGUAGE_MODEL_CONFIG_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/status.h"
#include "formats/gguf.h"
#include "transformer/config.h"

namespace andon {

struct ModelConfig {
  std::string architecture = {};  // llama, qwen2 or qwen3
  TransformerConfig transformer = {};
  std::optional<bool> tied =
      {};  // whether the head is the embedding; nothing: where the file has no head
};

// From the pairs of a GGUF file, or of the first part of a split one. Errors:
// UnsupportedArchitecture, GgufPair.
Result<ModelConfig> ConfigOfGguf(const Gguf& gguf);

// From config.json of a Hugging Face folder, of transformers 4 and 5. Errors: those of ParseJson;
// ModelConfig, UnsupportedArchitecture, QuantizationUnsupported.
Result<ModelConfig> ConfigOfJson(ByteView config_json);

bool IsSupportedArchitecture(std::string_view name);

// Whether heads divide and positions turn: what both formats must say. `rope.dimensions` is set.
bool HasSoundHeads(const TransformerConfig& config);
bool HasSoundRope(const TransformerConfig& config);

}  // namespace andon

#endif  // ANDON_LANGUAGE_MODEL_CONFIG_H_
