// Which tokens may follow, for each state of the parse, computed once.
//
// Most tokens end within the rules that are open where they begin, whatever those return to. So
// what a state shares with all others of the same upper part, the stack below cut off, is computed
// by one walk through the vocabulary (after Dong et al. 2024, XGrammar: context-independent
// tokens). Tokens that take a rule past its end are kept aside, as tries of what follows that end,
// and only these are walked for each stack.

#ifndef ANDON_GRAMMAR_MASKS_H_
#define ANDON_GRAMMAR_MASKS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "grammar/parse_states.h"
#include "grammar/vocabulary.h"

namespace andon {

// Tokens, as a list where they are few and as bits where they are many.
class TokenSet {
 public:
  TokenSet(std::vector<uint32_t> tokens, size_t mask_words);
  void AddTo(std::span<uint32_t> bits) const;
  uint64_t bytes() const { return words_.size() * sizeof(uint32_t); }

 private:
  bool is_list_ = false;
  std::vector<uint32_t> words_;
};

class Masks {
 public:
  Masks(const Grammar& grammar, const GrammarVocabulary& vocabulary)
      : grammar_(grammar), vocabulary_(vocabulary), states_(grammar) {}

  ParseStates& states() { return states_; }
  // Sets the bits of the tokens that a text in this state may go on with, and leaves the others.
  // Returns false when that takes more items or bytes than the limits. REQUIRES: not kDead.
  bool AddTo(ParseState state, std::span<uint32_t> bits);
  uint64_t bytes() const { return states_.bytes() + bytes_; }

 private:
  // Tokens that end above a bottom, and those that go past it.
  struct Upper {
    std::unique_ptr<TokenSet> inside;  // none: too many go past, so that each stack is walked whole
    std::vector<TokenTrie> past;       // by bottom, from 1
  };
  struct Mask {
    ParseState upper = 0;
    std::unique_ptr<TokenSet> past;
  };

  const Mask* Find(ParseState state);
  const Upper* FindUpper(ParseState state, size_t bottoms);
  bool CollectPast(std::span<const uint32_t> ends, ParseState upper, NodeId bottom,
                   std::vector<TokenTrie::Text>& texts);
  ParseState AfterAnyCall(ParseState upper, NodeId bottom);

  const Grammar& grammar_;
  const GrammarVocabulary& vocabulary_;
  ParseStates states_;
  std::vector<NodeId> any_call_;  // by rule: a node that returns to all its callers
  std::unordered_map<ParseState, Upper> uppers_;
  std::unordered_map<ParseState, Mask> masks_;
  uint64_t bytes_ = 0;  // of uppers_ and masks_
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_MASKS_H_
