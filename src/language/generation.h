// An answer under way: a prompt is computed and tokens are written, step by step, so that a caller
// can stop between any two.

#ifndef ANDON_LANGUAGE_GENERATION_H_
#define ANDON_LANGUAGE_GENERATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/status.h"
#include "language/text_session.h"
#include "transformer/sampler.h"
#include "transformer/tokenizer.h"

namespace andon {

struct GenerationOptions {
  SamplerOptions sampler = {};
  uint32_t max_tokens = UINT32_MAX;
  std::vector<std::string> stop = {};      // texts that end the answer and are not part of it
  std::vector<uint32_t> stop_tokens = {};  // beside those of the model, which always end it
  uint32_t alternatives = 0;               // most probable tokens told with each token
  bool special = false;                    // control tokens are written out in the text
  bool continues =
      false;  // the session's sampler goes on, as after Restore, instead of starting anew
  // What the answer has to be; nullptr: anything. Of this answer alone.
  std::shared_ptr<TextConstraint> constraint = {};
};

enum class FinishReason : uint8_t {
  kEnd,      // the model ended its turn, or the constraint left it nothing else
  kStop,     // a stop text or token
  kLength,   // max_tokens
  kContext,  // the session's context is full; nothing is dropped to make room
};

struct GenerationStep {
  enum class Kind : uint8_t { kPrompt, kToken, kFinish };
  Kind kind = Kind::kPrompt;

  uint32_t prompt_done = 0, prompt_total = 0;  // tokens; kPrompt

  uint32_t token = 0;         // kToken
  float log_probability = 0;  // kToken; natural, of the model's own distribution
  std::vector<TokenProbability> alternatives = {};  // kToken, most probable first
  // kToken, kFinish. Whole characters, the first of which may have begun in the session's tokens;
  // text that may become a stop text waits until it cannot.
  std::string text = {};

  FinishReason reason = FinishReason::kEnd;  // kFinish
  // kFinish. The text ends with what the constraint said was missing, which no token stands for.
  bool completed = false;
};

class Generation {
 public:
  // Answers what the session holds. Tokens that are written, those of stop texts included, become
  // part of it; an end token too, so that a further turn goes on from there. Penalties see the
  // session's tokens. Under a constraint the text is always whole: where it was cut off, the
  // fewest bytes that it lacks are added. REQUIRES: the session outlives the generation and changes
  // only through it. Errors: InvalidArgument for options outside their range, an empty stop text,
  // or a session without tokens.
  static Result<std::unique_ptr<Generation>> Make(TextSession& session,
                                                  const GenerationOptions& options);

  // At most one batch of the prompt, or one token. The step of kind kFinish is the last.
  // Error: InferenceFailed.
  Result<GenerationStep> Step();

 private:
  Generation(TextSession& session, const GenerationOptions& options);
  Result<GenerationStep> WriteToken();
  std::string Release(std::string fresh);
  std::string Rest();
  GenerationStep Finish(FinishReason reason);

  TextSession& session_;
  const GenerationOptions options_;
  const uint32_t prompt_;  // tokens to compute at the start
  Detokenizer detokenizer_;
  std::string held_;      // written and not told yet: it may become a stop text
  std::string told_;      // under a constraint
  bool stopped_ = false;  // a stop text is complete
  uint32_t written_ = 0;  // tokens
};

}  // namespace andon

#endif  // ANDON_LANGUAGE_GENERATION_H_
