#include "experts/model_grammars.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "grammar/grammar.h"

namespace andon {
namespace {

// Each may remember tens of megabytes.
constexpr size_t kMostKept = 4;

// The tokens that a model can choose, rows of its head without a token among them.
std::shared_ptr<const GrammarVocabulary> VocabularyOf(const Tokenizer& tokenizer, uint32_t rows) {
  std::vector<std::string> texts(rows);
  std::vector<TokenRole> roles(rows, TokenRole::kSpecial);
  for (uint32_t id = 0; id < rows; ++id) {
    texts[id] = tokenizer.Piece(id, false);
    if (!texts[id].empty()) roles[id] = TokenRole::kText;
    if (tokenizer.EndsGeneration(id)) roles[id] = TokenRole::kEnd;
  }
  return std::make_shared<const GrammarVocabulary>(std::move(texts), std::move(roles));
}

class GrammarConstraint : public TextConstraint {
 public:
  explicit GrammarConstraint(std::shared_ptr<GrammarCache> cache)
      : start_(cache), matcher_(cache), mask_(cache->vocabulary().mask_words()) {}

  Result<bool> Restrict(std::span<float> logits) override {
    std::ranges::fill(mask_, 0);
    ANDON_RETURN_IF_ERROR(matcher_.Mask(mask_));
    for (size_t i = 0; i < logits.size(); ++i) {
      const bool allowed = (mask_[i / 32] >> (i % 32) & 1) != 0;
      if (!allowed) logits[i] = -std::numeric_limits<float>::infinity();
    }
    return std::ranges::any_of(mask_, [](uint32_t word) { return word != 0; });
  }

  Status Accept(uint32_t token) override { return matcher_.Accept(token).status(); }

  bool MustEnd() const override { return matcher_.must_end(); }

  std::string CompletionOf(std::string_view text) const override {
    GrammarMatcher matcher = start_;
    const auto accepted = matcher.AcceptBytes(text);
    return accepted.ok() && *accepted ? matcher.ShortestCompletion() : "";
  }

 private:
  const GrammarMatcher start_;
  GrammarMatcher matcher_;
  std::vector<uint32_t> mask_;
};

}  // namespace

const std::shared_ptr<const GrammarVocabulary>& ModelGrammars::Vocabulary() {
  if (vocabulary_ == nullptr) {
    vocabulary_ = VocabularyOf(model_.tokenizer(), model_.config().vocabulary);
  }
  return vocabulary_;
}

Result<std::shared_ptr<GrammarCache>> ModelGrammars::Find(GrammarForm form,
                                                          std::string_view source) {
  Sha256 hash;
  const uint8_t kind[] = {static_cast<uint8_t>(form)};
  hash.Update(kind);
  hash.Update(AsBytes(source));
  const Sha256Digest id = hash.Finish();
  const auto found = std::ranges::find(kept_, id, [](const auto& kept) { return kept.first; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front().second;
  }
  ANDON_ASSIGN_OR_RETURN(
      std::shared_ptr<const Grammar> grammar,
      form == GrammarForm::kGbnf ? ParseGbnf(source) : GrammarFromJsonSchema(source));
  kept_.emplace_front(id, std::make_shared<GrammarCache>(std::move(grammar), Vocabulary()));
  if (kept_.size() > kMostKept) kept_.pop_back();
  return kept_.front().second;
}

Result<std::shared_ptr<TextConstraint>> ModelGrammars::Constrain(GrammarForm form,
                                                                 std::string_view source) {
  ANDON_ASSIGN_OR_RETURN(std::shared_ptr<GrammarCache> cache, Find(form, source));
  return std::shared_ptr<TextConstraint>(new GrammarConstraint(std::move(cache)));
}

}  // namespace andon
