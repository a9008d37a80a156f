// Grammars that the texts of one language model are held to.

#ifndef ANDON_EXPERTS_MODEL_GRAMMARS_H_
#define ANDON_EXPERTS_MODEL_GRAMMARS_H_

#include <list>
#include <memory>
#include <string_view>
#include <utility>

#include "common/status.h"
#include "crypto/sha256.h"
#include "grammar/matcher.h"
#include "language/language_model.h"
#include "language/text_constraint.h"

namespace andon {

enum class GrammarForm : uint8_t { kGbnf, kJsonSchema };

// Keeps those that were used last, with what is known of them.
class ModelGrammars {
 public:
  // REQUIRES: the model outlives this.
  explicit ModelGrammars(const LanguageModel& model) : model_(model) {}

  // For one text. Errors: those of ParseGbnf and GrammarFromJsonSchema.
  Result<std::shared_ptr<TextConstraint>> Constrain(GrammarForm form, std::string_view source);

 private:
  Result<std::shared_ptr<GrammarCache>> Find(GrammarForm form, std::string_view source);
  const std::shared_ptr<const GrammarVocabulary>& Vocabulary();

  const LanguageModel& model_;
  std::shared_ptr<const GrammarVocabulary> vocabulary_;  // made when it is first needed
  std::list<std::pair<Sha256Digest, std::shared_ptr<GrammarCache>>> kept_;  // the last used first
};

}  // namespace andon

#endif  // ANDON_EXPERTS_MODEL_GRAMMARS_H_
