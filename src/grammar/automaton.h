// A compiled grammar: one automaton of bytes and calls for each rule (a recursive transition
// network, Woods 1970). States of all rules are numbered together.

#ifndef ANDON_GRAMMAR_AUTOMATON_H_
#define ANDON_GRAMMAR_AUTOMATON_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/status.h"
#include "grammar/expression.h"

namespace andon {

using StateId = uint32_t;
using RuleId = uint32_t;

struct ByteEdge {
  uint8_t first = 0;
  uint8_t last = 0;  // inclusive
  StateId target = 0;
  auto operator<=>(const ByteEdge&) const = default;
};

struct CallEdge {
  RuleId rule = 0;
  StateId target = 0;  // where to go on when the rule has ended
  auto operator<=>(const CallEdge&) const = default;
};

class Grammar {
 public:
  // The one state that accepts and from which nothing leads on, shared by all rules. A call whose
  // target it is, is a tail call.
  static constexpr StateId kEnd = 0;

  uint32_t states() const { return static_cast<uint32_t>(states_.size() - 1); }
  uint32_t rules() const { return static_cast<uint32_t>(starts_.size()); }
  StateId start(RuleId rule) const { return starts_[rule]; }
  bool empty_text(RuleId rule) const { return states_[starts_[rule]].shortest == 0; }

  bool accepts(StateId state) const { return states_[state].accepts; }
  RuleId rule(StateId state) const { return states_[state].rule; }  // REQUIRES: not kEnd
  std::span<const ByteEdge> bytes(StateId state) const {
    return {byte_edges_.data() + states_[state].bytes,
            byte_edges_.data() + states_[state + 1].bytes};
  }
  std::span<const CallEdge> calls(StateId state) const {
    return {call_edges_.data() + states_[state].calls,
            call_edges_.data() + states_[state + 1].calls};
  }

  // Bytes that no edge tells apart share a class.
  uint32_t classes() const { return classes_; }
  uint8_t class_of(uint8_t byte) const { return class_of_[byte]; }
  uint8_t byte_of(uint32_t byte_class) const { return byte_of_[byte_class]; }

  // The fewest bytes that end the rule from a state of it.
  uint32_t shortest(StateId state) const { return states_[state].shortest; }
  // Appends them.
  void AppendShortest(StateId state, std::string& to) const;

 private:
  friend class GrammarBuilder;

  struct State {
    uint32_t bytes = 0;  // where its edges begin; they end where those of the next state do
    uint32_t calls = 0;
    RuleId rule = 0;
    uint32_t shortest = 0;
    uint32_t next = 0;  // of the shortest way: an edge, bytes first, then calls
    bool accepts = false;
  };

  std::vector<State> states_;  // and one behind the last
  std::vector<ByteEdge> byte_edges_;
  std::vector<CallEdge> call_edges_;
  std::vector<StateId> starts_;
  uint32_t classes_ = 0;
  std::array<uint8_t, 256> class_of_ = {};
  std::array<uint8_t, 256> byte_of_ = {};
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_AUTOMATON_H_
