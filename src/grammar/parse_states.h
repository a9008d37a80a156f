// The states of parsing a text, each known once: an automaton of bytes, made as texts ask for it.
//
// A state is the set of places in the rules that the text may have come to, as in Earley's parser
// (1970), with nodes for origins, and with what can end already returned from. What a state calls
// is found when it is first left, and where each byte leads is remembered.

#ifndef ANDON_GRAMMAR_PARSE_STATES_H_
#define ANDON_GRAMMAR_PARSE_STATES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "grammar/automaton.h"
#include "grammar/item_lists.h"
#include "grammar/nodes.h"
#include "grammar/prediction.h"

namespace andon {

using ParseState = uint32_t;

class ParseStates {
 public:
  static constexpr ParseState kDead = 0;              // no text goes on from here
  static constexpr ParseState kTooMany = UINT32_MAX;  // of items, or of bytes in all
  explicit ParseStates(const Grammar& grammar);

  ParseState start() const { return start_; }
  std::span<const Item> items(ParseState state) const { return lists_[state]; }
  // kDead where no text of the grammar goes on so.
  ParseState Next(ParseState state, uint8_t byte) {
    const ParseState known = rows_[size_t{state} * grammar_.classes() + grammar_.class_of(byte)];
    return known != kUnknown ? known : FindNext(state, grammar_.class_of(byte));
  }
  // Whether a stack may have come to its bottom.
  bool Reaches(ParseState state, NodeId bottom) const;

  // The state after the rule of one of these nodes has ended.
  ParseState After(std::span<const NodeId> nodes);
  // For each rule a node that returns to all callers of it, each of them called from anywhere.
  std::vector<NodeId> CallsFromAnywhere();
  // The same state above unknown bottoms: nodes[i] is then bottom 1 + i.
  struct Upper {
    ParseState state = 0;
    std::vector<NodeId> nodes;
  };
  Upper WithoutBottoms(ParseState state);
  // Like a state of another ParseStates over the same grammar.
  ParseState Copy(const ParseStates& other, ParseState state);

  // The fewest bytes that lead from a state to the end of a text. REQUIRES: not kDead, and no
  // bottom but that of a text.
  std::string Shortest(ParseState state) const;

  uint64_t bytes() const;

 private:
  static constexpr ParseState kUnknown = UINT32_MAX - 1;
  struct Leaving {
    uint32_t begin = 0, end = 0;  // of the items with bytes
    bool known = false;
  };

  ParseState FindNext(ParseState state, uint8_t byte_class);
  // What items come to without a byte, by returning and by calling what may be empty.
  ParseState Close(Items items);
  ParseState Intern(std::span<const Item> items);
  // Predicts what the items of a state call. Returns false when that is too much.
  bool FindLeaving(ParseState state);

  const Grammar& grammar_;
  Nodes nodes_;
  ItemLists lists_;               // of each state: its items, sorted
  std::vector<Leaving> leaving_;  // of each state
  Items leaving_items_;
  std::vector<ParseState> rows_;  // [states, byte classes]
  Prediction prediction_;         // scratch
  ItemSet closed_;                // scratch
  ParseState start_ = kDead;
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_PARSE_STATES_H_
