// What a verified expert does to a language model, ready to be used.

#ifndef ANDON_EXPERTS_READY_EXPERT_H_
#define ANDON_EXPERTS_READY_EXPERT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crypto/sha256.h"
#include "experts/calibration.h"
#include "language/text_session.h"
#include "transformer/adapter.h"
#include "transformer/extended_tokenizer.h"

namespace andon {

// Immutable, and shared by sessions.
struct ReadyExpert {
  Sha256Digest identity = {};  // Expert::identity()
  std::string name = {};
  std::string version = {};
  std::string description = {};                 // JSON: ExpertDescription of docs/api.md
  std::shared_ptr<const Adapter> adapter = {};  // nullptr: it has none
  std::string grammar = {};                     // GBNF; empty: none
  SoftPromptValues soft_prompt = {};            // nullptr: none
  uint32_t hidden = 0;                          // of the model
  Calibration calibration = {};
  std::vector<AddedToken> added_tokens = {};
  std::shared_ptr<const Tokenizer> tokenizer = {};  // with its tokens; nullptr: the base's

  uint32_t soft_prompt_tokens() const {
    return soft_prompt == nullptr ? 0 : static_cast<uint32_t>(soft_prompt->size() / hidden);
  }
  uint64_t adapter_bytes() const { return adapter == nullptr ? 0 : adapter->bytes(); }
  // What all of it takes in memory.
  uint64_t bytes() const;
};

}  // namespace andon

#endif  // ANDON_EXPERTS_READY_EXPERT_H_
