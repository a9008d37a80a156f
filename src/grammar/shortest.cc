// Knuth's generalisation of Dijkstra's algorithm (1977) to grammars: the shortest text of a call is
// that of the rule and then that of its target.

#include <functional>
#include <queue>
#include <utility>

#include "common/limits.h"
#include "grammar/draft.h"

namespace andon {
namespace {

class Search {
 public:
  explicit Search(const Draft& draft)
      : draft_(draft),
        byte_users_(draft.states.size()),
        call_users_(draft.states.size()),
        callers_(draft.starts.size()),
        started_(draft.states.size()),
        settled_(draft.states.size()) {
    ways_.bytes.assign(draft.states.size(), ShortestWays::kNone);
    ways_.edges.assign(draft.states.size(), ShortestWays::kNone);
    for (RuleId rule = 0; rule < draft.starts.size(); ++rule)
      started_[draft.starts[rule]].push_back(rule);
    for (StateId from = 0; from < draft.states.size(); ++from) AddUsers(from);
  }

  ShortestWays Run() {
    for (StateId state = 0; state < draft_.states.size(); ++state) {
      if (draft_.states[state].accepts) Offer(state, 0, ShortestWays::kNone);
    }
    while (!queue_.empty()) {
      const StateId state = queue_.top().second;
      queue_.pop();
      if (!settled_[state]) Settle(state);
    }
    return std::move(ways_);
  }

 private:
  struct User {
    StateId from = 0;
    uint32_t edge = 0;
  };

  void AddUsers(StateId from) {
    const Draft::State& state = draft_.states[from];
    uint32_t edge = 0;
    for (const ByteEdge& bytes : state.bytes) byte_users_[bytes.target].push_back({from, edge++});
    for (const CallEdge& call : state.calls) {
      call_users_[call.target].push_back({from, edge});
      callers_[call.rule].push_back({from, edge++});
    }
  }

  const CallEdge& Call(const User& user) const {
    const Draft::State& state = draft_.states[user.from];
    return state.calls[user.edge - state.bytes.size()];
  }

  void Offer(StateId state, uint64_t bytes, uint32_t edge) {
    if (bytes > limits::kMaxShortestText || bytes >= ways_.bytes[state]) return;
    ways_.bytes[state] = static_cast<uint32_t>(bytes);
    ways_.edges[state] = edge;
    queue_.push({ways_.bytes[state], state});
  }

  void OfferCall(const User& user) {
    const CallEdge& call = Call(user);
    const StateId start = draft_.starts[call.rule];
    if (!settled_[start] || !settled_[call.target]) return;
    Offer(user.from, uint64_t{ways_.bytes[start]} + ways_.bytes[call.target], user.edge);
  }

  void Settle(StateId state) {
    settled_[state] = true;
    for (const User& user : byte_users_[state])
      Offer(user.from, uint64_t{ways_.bytes[state]} + 1, user.edge);
    for (const User& user : call_users_[state]) OfferCall(user);
    for (const RuleId rule : started_[state]) {
      for (const User& user : callers_[rule]) OfferCall(user);
    }
  }

  const Draft& draft_;
  std::vector<std::vector<User>> byte_users_;  // by target
  std::vector<std::vector<User>> call_users_;  // by target
  std::vector<std::vector<User>> callers_;     // by rule
  std::vector<std::vector<RuleId>> started_;   // the rules that begin at a state
  std::vector<bool> settled_;
  ShortestWays ways_;
  using Candidate = std::pair<uint32_t, StateId>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
};

}  // namespace

ShortestWays FindShortestWays(const Draft& draft) { return Search(draft).Run(); }

}  // namespace andon
