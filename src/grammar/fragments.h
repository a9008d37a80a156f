// The first step of compiling: rules to automata with empty edges (Thompson 1968).

#ifndef ANDON_GRAMMAR_FRAGMENTS_H_
#define ANDON_GRAMMAR_FRAGMENTS_H_

#include <cstdint>
#include <vector>

#include "common/status.h"
#include "grammar/automaton.h"
#include "grammar/expression.h"

namespace andon {

struct Fragments {
  struct State {
    RuleId rule = 0;
    std::vector<ByteEdge> bytes;
    std::vector<CallEdge> calls;
    std::vector<StateId> empty;
  };
  std::vector<State> states;
  std::vector<StateId> starts;  // of each rule
  std::vector<StateId> ends;    // of each rule: the one that accepts
};

// Error: GrammarTooLarge.
Result<Fragments> BuildFragments(const Rules& rules);

}  // namespace andon

#endif  // ANDON_GRAMMAR_FRAGMENTS_H_
