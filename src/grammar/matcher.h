// Holds a text that is being generated to a grammar.

#ifndef ANDON_GRAMMAR_MATCHER_H_
#define ANDON_GRAMMAR_MATCHER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/status.h"
#include "grammar/grammar.h"
#include "grammar/masks.h"
#include "grammar/vocabulary.h"

namespace andon {

// What matchers over one grammar and one vocabulary have found out, for all of them. Of one thread.
class GrammarCache {
 public:
  GrammarCache(std::shared_ptr<const Grammar> grammar,
               std::shared_ptr<const GrammarVocabulary> vocabulary);

  const GrammarVocabulary& vocabulary() const { return *vocabulary_; }
  // Of memory, the grammar and the vocabulary aside: limits::kGrammarCacheBytes and what the
  // last token took.
  uint64_t bytes() const { return masks_->bytes(); }

 private:
  friend class GrammarMatcher;
  // Begins anew where too much is remembered. Matchers move over one by one.
  const std::shared_ptr<Masks>& Current();

  std::shared_ptr<const Grammar> grammar_;
  std::shared_ptr<const GrammarVocabulary> vocabulary_;
  std::shared_ptr<Masks> masks_;
};

// Copies are independent, and cheap: a fork, or a place to come back to.
class GrammarMatcher {
 public:
  explicit GrammarMatcher(std::shared_ptr<GrammarCache> cache);

  // Adds a token to the text. False, and the text stays as it is, where the grammar does not allow
  // it. A token that ends the text is allowed where may_end(), and nothing after it. Error:
  // GrammarTooAmbiguous. REQUIRES: token < vocabulary().size().
  Result<bool> Accept(uint32_t token);
  // Adds bytes: all of them, or none.
  Result<bool> AcceptBytes(std::string_view bytes);

  // Sets exactly the bits of the tokens that Accept() takes, [mask_words()], 32 tokens a word from
  // the lowest bit. There may be none, where no token spells what the grammar asks for. Error:
  // GrammarTooAmbiguous; no bit is set then.
  Status Mask(std::span<uint32_t> bits);

  // Whether the text satisfies the grammar as it is.
  bool may_end() const;
  // Whether no byte can follow.
  bool must_end() const;
  // The fewest bytes that make the text satisfy the grammar: there always are some, or none are
  // needed. At most limits::kMaxShortestText for each rule that is open.
  std::string ShortestCompletion() const;

 private:
  void Refresh();

  std::shared_ptr<GrammarCache> cache_;
  std::shared_ptr<Masks> masks_;
  ParseState state_ = 0;
  bool ended_ = false;
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_MATCHER_H_
