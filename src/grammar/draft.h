// The automata of a grammar while they are made smaller.

#ifndef ANDON_GRAMMAR_DRAFT_H_
#define ANDON_GRAMMAR_DRAFT_H_

#include <cstdint>
#include <vector>

#include "common/status.h"
#include "grammar/automaton.h"
#include "grammar/fragments.h"

namespace andon {

struct Draft {
  struct State {
    RuleId rule = 0;
    bool accepts = false;
    std::vector<ByteEdge> bytes;
    std::vector<CallEdge> calls;
  };
  std::vector<State> states;  // the first is Grammar::kEnd
  std::vector<StateId> starts;
};

// The fewest bytes that lead from each state to the end of its rule, and the first edge of that
// way: bytes come first, then calls. Ways of more than limits::kMaxShortestText do not count.
struct ShortestWays {
  static constexpr uint32_t kNone = UINT32_MAX;
  std::vector<uint32_t> bytes;  // kNone: there is no way
  std::vector<uint32_t> edges;  // of a state that accepts: kNone
};
ShortestWays FindShortestWays(const Draft& draft);

// Without empty edges: a state leads wherever one that it reaches by them leads. Error:
// GrammarTooLarge.
Result<Draft> WithoutEmptyEdges(const Fragments& fragments);

// Removes the edges that no text of the grammar takes.
void RemoveDeadEnds(Draft& draft);

// Makes one state of those from which the same edges lead, and removes those that rule 0 does not
// reach.
void MergeEqualStates(Draft& draft);

}  // namespace andon

#endif  // ANDON_GRAMMAR_DRAFT_H_
