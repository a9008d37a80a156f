#include "experts/expert_selection.h"

#include <utility>

namespace andon {

std::vector<AdapterUse> ExpertSelection::Adapters() const {
  std::vector<AdapterUse> adapters;
  for (const auto& [expert, weight] : uses) {
    if (expert->adapter != nullptr) adapters.push_back({expert->adapter, weight});
  }
  return adapters;
}

SoftPromptValues ExpertSelection::SoftPrompt() const {
  if (!soft_prompt) return nullptr;
  for (const ExpertUse& use : uses) {
    if (use.expert->soft_prompt != nullptr) return use.expert->soft_prompt;
  }
  return nullptr;
}

float ExpertSelection::LogitScale() const {
  if (!calibration) return 1;
  for (const ExpertUse& use : uses) {
    const float temperature = use.expert->calibration.temperature;
    if (temperature != 1) return 1 / temperature;
  }
  return 1;
}

Result<std::shared_ptr<const Tokenizer>> ExpertSelection::OwnTokenizer() const {
  std::shared_ptr<const Tokenizer> own;
  for (const ExpertUse& use : uses) {
    if (use.expert->tokenizer == nullptr) continue;
    if (own != nullptr) {
      return Error(ErrorCode::kTokenizerDelta, "experts: more than one adds tokens");
    }
    own = use.expert->tokenizer;
  }
  return own;
}

Status UseExperts(const ExpertSelection& selection, TextSession& session) {
  ANDON_ASSIGN_OR_RETURN(std::shared_ptr<const Tokenizer> tokenizer, selection.OwnTokenizer());
  const SoftPromptValues before = session.soft_prompt();
  ANDON_RETURN_IF_ERROR(session.SetSoftPrompt(selection.SoftPrompt()));
  const Status status = session.SetAdapters(selection.Adapters());
  if (!status.ok()) {
    ANDON_RETURN_IF_ERROR(session.SetSoftPrompt(before));
    return status;
  }
  session.SetTokenizer(std::move(tokenizer));
  return session.SetLogitScale(selection.LogitScale());
}

Result<std::unique_ptr<TextSession>> RestoreWithExperts(const LanguageModel& model, ByteView saved,
                                                        const ExpertSelection& selection) {
  ANDON_ASSIGN_OR_RETURN(std::shared_ptr<const Tokenizer> tokenizer, selection.OwnTokenizer());
  ANDON_ASSIGN_OR_RETURN(auto session, TextSession::Restore(model, saved, selection.Adapters(),
                                                            selection.SoftPrompt()));
  session->SetTokenizer(std::move(tokenizer));
  ANDON_RETURN_IF_ERROR(session->SetLogitScale(selection.LogitScale()));
  return session;
}

}  // namespace andon
