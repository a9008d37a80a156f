// The experts that write a text, together.

#ifndef ANDON_EXPERTS_EXPERT_SELECTION_H_
#define ANDON_EXPERTS_EXPERT_SELECTION_H_

#include <memory>
#include <vector>

#include "common/status.h"
#include "experts/ready_expert.h"
#include "language/text_session.h"

namespace andon {

struct ExpertUse {
  std::shared_ptr<const ReadyExpert> expert;
  float weight = 1;
};

// Adapters add up. Of soft prompts and calibrations the first counts that there is; only one expert
// may add tokens.
struct ExpertSelection {
  std::vector<ExpertUse> uses = {};
  bool soft_prompt = true;  // whether they count
  bool calibration = true;

  std::vector<AdapterUse> Adapters() const;
  SoftPromptValues SoftPrompt() const;  // nullptr: none
  float LogitScale() const;
  // nullptr: the model's. Error: TokenizerDelta.
  Result<std::shared_ptr<const Tokenizer>> OwnTokenizer() const;
};

// Makes a session write with them. Errors: those of its setters, TokenizerDelta; it is as it was
// then.
Status UseExperts(const ExpertSelection& selection, TextSession& session);

// A session that was saved with them. Errors: those of TextSession::Restore, TokenizerDelta.
Result<std::unique_ptr<TextSession>> RestoreWithExperts(const LanguageModel& model, ByteView saved,
                                                        const ExpertSelection& selection);

}  // namespace andon

#endif  // ANDON_EXPERTS_EXPERT_SELECTION_H_
