#include "grammar/draft.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "common/limits.h"

namespace andon {
namespace {

constexpr StateId kUnnumbered = UINT32_MAX;

void SortUnique(auto& edges) {
  std::ranges::sort(edges);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
}

// Numbers states in the order in which they are first asked for.
class Numbering {
 public:
  Numbering(size_t states, StateId first) : number_(states, kUnnumbered), next_(first) {}

  StateId operator()(StateId state) {
    if (number_[state] == kUnnumbered) {
      number_[state] = next_++;
      order_.push_back(state);
    }
    return number_[state];
  }
  void Fix(StateId state, StateId number) { number_[state] = number; }
  const std::vector<StateId>& order() const { return order_; }

 private:
  std::vector<StateId> number_;
  std::vector<StateId> order_;
  StateId next_;
};

// All that a state reaches by empty edges, itself included.
class EmptyReach {
 public:
  explicit EmptyReach(const Fragments& fragments)
      : fragments_(fragments), seen_(fragments.states.size(), kUnnumbered) {}

  const std::vector<StateId>& From(StateId state) {
    reached_ = {state};
    seen_[state] = state;
    for (size_t i = 0; i < reached_.size(); ++i) {
      for (const StateId next : fragments_.states[reached_[i]].empty) {
        if (std::exchange(seen_[next], state) != state) reached_.push_back(next);
      }
    }
    return reached_;
  }

 private:
  const Fragments& fragments_;
  std::vector<StateId> seen_;  // the state that it was last reached from
  std::vector<StateId> reached_;
};

// One pass: states with equal edges to `number`. Returns whether any two were equal.
bool MergeOnce(Draft& draft) {
  using Key = std::tuple<RuleId, bool, std::vector<ByteEdge>, std::vector<CallEdge>>;
  std::map<Key, StateId> known;
  std::vector<StateId> number(draft.states.size());
  std::vector<Draft::State> kept;
  for (size_t i = 0; i < draft.states.size(); ++i) {
    Draft::State& state = draft.states[i];
    const bool is_end = state.accepts && state.bytes.empty() && state.calls.empty();
    const Key key = {is_end ? 0 : state.rule, state.accepts, state.bytes, state.calls};
    const auto [place, is_new] = known.try_emplace(key, static_cast<StateId>(kept.size()));
    if (is_new) kept.push_back(std::move(state));
    number[i] = place->second;
  }
  const bool merged = kept.size() < draft.states.size();
  draft.states = std::move(kept);
  for (Draft::State& state : draft.states) {
    for (ByteEdge& edge : state.bytes) edge.target = number[edge.target];
    for (CallEdge& edge : state.calls) edge.target = number[edge.target];
    SortUnique(state.bytes);
    SortUnique(state.calls);
  }
  for (StateId& start : draft.starts) start = number[start];
  return merged;
}

void RemoveUnreached(Draft& draft) {
  Numbering number(draft.states.size(), Grammar::kEnd);
  number(Grammar::kEnd);
  number(draft.starts[0]);
  Draft kept;
  for (size_t i = 0; i < number.order().size(); ++i) {
    Draft::State& state = kept.states.emplace_back(std::move(draft.states[number.order()[i]]));
    for (ByteEdge& edge : state.bytes) edge.target = number(edge.target);
    for (CallEdge& edge : state.calls) {
      number(draft.starts[edge.rule]);
      edge.target = number(edge.target);
    }
    SortUnique(state.bytes);
    SortUnique(state.calls);
  }
  const size_t reached = number.order().size();
  for (const StateId start : draft.starts) {
    const StateId place = number(start);
    kept.starts.push_back(place < reached ? place : Grammar::kEnd);  // nobody calls these
  }
  draft = std::move(kept);
}

}  // namespace

Result<Draft> WithoutEmptyEdges(const Fragments& fragments) {
  Draft draft;
  draft.states.push_back({.rule = 0, .accepts = true, .bytes = {}, .calls = {}});  // kEnd
  Numbering number(fragments.states.size(), Grammar::kEnd + 1);
  for (const StateId start : fragments.starts) draft.starts.push_back(number(start));
  EmptyReach reach(fragments);
  uint64_t edges = 0;
  for (size_t i = 0; i < number.order().size(); ++i) {
    Draft::State state;
    state.rule = fragments.states[number.order()[i]].rule;
    for (const StateId reached : reach.From(number.order()[i])) {
      const Fragments::State& from = fragments.states[reached];
      state.accepts |= reached == fragments.ends[from.rule];
      for (const ByteEdge& edge : from.bytes)
        state.bytes.push_back({edge.first, edge.last, number(edge.target)});
      for (const CallEdge& edge : from.calls)
        state.calls.push_back({edge.rule, number(edge.target)});
      edges += 1 + from.bytes.size() + from.calls.size();
      if (edges > limits::kMaxGrammarEdges) {
        return Error(ErrorCode::kGrammarTooLarge, "grammar: more than ", limits::kMaxGrammarEdges,
                     " edges of the automaton");
      }
    }
    SortUnique(state.bytes);
    SortUnique(state.calls);
    draft.states.push_back(std::move(state));
  }
  return draft;
}

void RemoveDeadEnds(Draft& draft) {
  const ShortestWays ways = FindShortestWays(draft);
  const auto is_dead = [&](StateId state) { return ways.bytes[state] == ShortestWays::kNone; };
  for (Draft::State& state : draft.states) {
    std::erase_if(state.bytes, [&](const ByteEdge& edge) { return is_dead(edge.target); });
    std::erase_if(state.calls, [&](const CallEdge& edge) {
      return is_dead(edge.target) || is_dead(draft.starts[edge.rule]);
    });
  }
}

void MergeEqualStates(Draft& draft) {
  // A pass merges what the one before made equal. Chains as long as a character need four.
  constexpr int kPasses = 16;
  for (int pass = 0; pass < kPasses && MergeOnce(draft); ++pass) {
  }
  RemoveUnreached(draft);
}

}  // namespace andon
