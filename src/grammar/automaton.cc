#include "grammar/automaton.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "grammar/draft.h"
#include "grammar/fragments.h"
#include "grammar/grammar.h"

namespace andon {
namespace {

// Of a range: a digit or a letter where it has one, so that completions can be read.
uint8_t PlainByte(const ByteEdge& edge) {
  for (const char plain : {'0', 'a', 'A'}) {
    const auto byte = static_cast<uint8_t>(plain);
    if (edge.first <= byte && byte <= edge.last) return byte;
  }
  return edge.last < '0' ? edge.last : edge.first;
}

}  // namespace

void Grammar::AppendShortest(StateId state, std::string& to) const {
  std::vector<StateId> after = {state};  // states to end, the innermost last
  while (!after.empty()) {
    const StateId at = after.back();
    after.pop_back();
    const uint32_t edge = states_[at].next;
    if (accepts(at)) continue;
    if (edge < bytes(at).size()) {
      to.push_back(static_cast<char>(PlainByte(bytes(at)[edge])));
      after.push_back(bytes(at)[edge].target);
    } else {
      const CallEdge& call = calls(at)[edge - bytes(at).size()];
      after.push_back(call.target);
      after.push_back(starts_[call.rule]);
    }
  }
}

class GrammarBuilder {
 public:
  static std::shared_ptr<const Grammar> Build(Draft draft) {
    auto grammar = std::make_shared<Grammar>();
    const ShortestWays ways = FindShortestWays(draft);
    for (StateId id = 0; id < draft.states.size(); ++id) {
      const Draft::State& state = draft.states[id];
      AddState(*grammar, state);
      grammar->states_.back().shortest = ways.bytes[id];
      grammar->states_.back().next = ways.edges[id];
      grammar->byte_edges_.insert(grammar->byte_edges_.end(), state.bytes.begin(),
                                  state.bytes.end());
      grammar->call_edges_.insert(grammar->call_edges_.end(), state.calls.begin(),
                                  state.calls.end());
    }
    AddState(*grammar, {});
    grammar->starts_ = std::move(draft.starts);
    ClassifyBytes(*grammar);
    return grammar;
  }

 private:
  static void AddState(Grammar& grammar, const Draft::State& state) {
    Grammar::State& added = grammar.states_.emplace_back();
    added.bytes = static_cast<uint32_t>(grammar.byte_edges_.size());
    added.calls = static_cast<uint32_t>(grammar.call_edges_.size());
    added.rule = state.rule;
    added.accepts = state.accepts;
  }

  static void ClassifyBytes(Grammar& grammar) {
    std::array<bool, 257> begins = {true};
    for (const ByteEdge& edge : grammar.byte_edges_)
      begins[edge.first] = begins[size_t{edge.last} + 1] = true;
    for (size_t byte = 0; byte < 256; ++byte) {
      if (begins[byte]) grammar.byte_of_[grammar.classes_++] = static_cast<uint8_t>(byte);
      grammar.class_of_[byte] = static_cast<uint8_t>(grammar.classes_ - 1);
    }
  }
};

Result<std::shared_ptr<const Grammar>> CompileGrammar(const Rules& rules) {
  ANDON_ASSIGN_OR_RETURN(const Fragments fragments, BuildFragments(rules));
  ANDON_ASSIGN_OR_RETURN(Draft draft, WithoutEmptyEdges(fragments));
  if (FindShortestWays(draft).bytes[draft.starts[0]] == ShortestWays::kNone) {
    return Error(ErrorCode::kGrammarEmpty, "grammar: no text of at most ", limits::kMaxShortestText,
                 " bytes satisfies rule ", Quoted(rules[0].name));
  }
  RemoveDeadEnds(draft);
  MergeEqualStates(draft);
  return GrammarBuilder::Build(std::move(draft));
}

}  // namespace andon
