#include "grammar/nodes.h"

#include <algorithm>
#include <utility>

#include "grammar/components.h"

namespace andon {
namespace {

constexpr uint64_t kUnreached = UINT64_MAX;
// In the list of a component of several calls, before the items of each.
constexpr NodeId kRuleMark = UINT32_MAX;

bool IsLocal(uint32_t reference) { return (reference & Call::kLocal) != 0; }
uint32_t LocalNumber(uint32_t reference) { return reference & ~Call::kLocal; }

void SortUnique(Items& items) {
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

Graph TailGraph(const std::vector<Call>& calls) {
  Graph graph(calls.size());
  for (size_t i = 0; i < calls.size(); ++i) {
    for (const uint32_t tail : calls[i].tails) {
      if (IsLocal(tail)) graph[i].push_back(LocalNumber(tail));
    }
  }
  return graph;
}

Graph ReturnGraph(const std::vector<Call>& calls) {
  Graph graph(calls.size());
  for (size_t i = 0; i < calls.size(); ++i) {
    for (const Item& item : calls[i].returns) {
      if (IsLocal(item.node)) graph[i].push_back(LocalNumber(item.node));
    }
  }
  return graph;
}

// Gives each call the returns of its tails. Calls that are tails of one another share all of them.
void TakeReturnsOfTails(const Nodes& nodes, std::vector<Call>& calls) {
  for (const std::vector<uint32_t>& members : StronglyConnectedComponents(TailGraph(calls))) {
    Items all;
    const auto append = [&](std::span<const Item> items) {
      all.insert(all.end(), items.begin(), items.end());
    };
    for (const uint32_t member : members) {
      append(calls[member].returns);
      for (const uint32_t tail : calls[member].tails)
        append(IsLocal(tail) ? calls[LocalNumber(tail)].returns : nodes.returns(tail));
    }
    SortUnique(all);
    for (const uint32_t member : members) calls[member].returns = all;
  }
}

// The items of a call with the nodes that are known in the place of references to them.
Items Resolved(const Items& items, const std::vector<NodeId>& nodes) {
  Items resolved = items;
  for (Item& item : resolved) {
    if (IsLocal(item.node)) item.node = nodes[LocalNumber(item.node)];
  }
  SortUnique(resolved);
  return resolved;
}

}  // namespace

Nodes::Nodes(const Grammar& grammar) : grammar_(grammar) {
  for (NodeId bottom = 0; bottom < kBottoms; ++bottom) {
    returns_.push_back({Grammar::kEnd, bottom});
    nodes_.push_back({.shortest = 0,
                      .begin = bottom,
                      .end = bottom + 1,
                      .shortest_return = bottom,
                      .component = bottom,
                      .rule = 0});
    lists_.Intern(std::span(&returns_.back(), 1));
    components_.push_back({bottom, 1});
  }
}

std::vector<NodeId> Nodes::Intern(std::vector<Call> calls) {
  TakeReturnsOfTails(*this, calls);
  std::vector<NodeId> nodes(calls.size());
  for (uint32_t i = 0; i < calls.size(); ++i) nodes[i] = Call::kLocal | i;  // until it is known
  for (std::vector<uint32_t>& members : StronglyConnectedComponents(ReturnGraph(calls))) {
    std::ranges::sort(members, {}, [&](uint32_t member) { return calls[member].rule; });
    InternComponent(calls, members, nodes);
  }
  return nodes;
}

void Nodes::InternComponent(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
                            std::vector<NodeId>& nodes) {
  if (Fold(calls, members, nodes)) return;
  for (uint32_t i = 0; i < members.size(); ++i) nodes[members[i]] = Call::kLocal | i;
  Items list;
  bool in_circle = false;
  for (const uint32_t member : members) {
    const Items items = Resolved(calls[member].returns, nodes);
    in_circle |= std::ranges::any_of(items, [](const Item& item) { return IsLocal(item.node); });
    if (in_circle) list.push_back({calls[member].rule, kRuleMark});
    list.insert(list.end(), items.begin(), items.end());
  }
  const auto [component, is_new] = lists_.Intern(list);
  if (is_new)
    components_.push_back(
        {static_cast<NodeId>(nodes_.size()), static_cast<uint32_t>(members.size())});
  for (uint32_t i = 0; i < members.size(); ++i)
    nodes[members[i]] = components_[component].first + i;
  if (is_new) AddComponent(calls, members, nodes);
}

// Left recursion makes calls that return to themselves. Those of the next operand return to
// themselves or to what the calls of this one return to, and often mean nothing new: the calls are
// then the older ones.
bool Nodes::Fold(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
                 std::vector<NodeId>& nodes) const {
  std::vector<uint32_t> tried;
  for (const uint32_t member : members) {
    for (const Item& item : calls[member].returns) {
      const NodeId node = IsLocal(item.node) ? nodes[LocalNumber(item.node)] : item.node;
      if (IsLocal(node) || std::ranges::count(tried, nodes_[node].component) > 0) continue;
      tried.push_back(nodes_[node].component);
      if (IsSame(calls, members, components_[nodes_[node].component], nodes)) return true;
    }
  }
  return false;
}

// Whether the calls of `members` are nodes of `other`, supposing that they are. They are left in
// `nodes` then.
bool Nodes::IsSame(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
                   const Component& other, std::vector<NodeId>& nodes) const {
  if (members.size() > other.nodes) return false;
  std::vector<NodeId> supposed = nodes;
  NodeId node = other.first;
  for (const uint32_t member : members) {
    while (node < other.first + other.nodes && nodes_[node].rule < calls[member].rule) ++node;
    if (node == other.first + other.nodes || nodes_[node].rule != calls[member].rule) return false;
    supposed[member] = node;
  }
  for (const uint32_t member : members) {
    if (!std::ranges::equal(Resolved(calls[member].returns, supposed), returns(supposed[member])))
      return false;
  }
  nodes = std::move(supposed);
  return true;
}

void Nodes::AddComponent(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
                         const std::vector<NodeId>& nodes) {
  const size_t first = nodes_.size();
  for (const uint32_t member : members) {
    const Items items = Resolved(calls[member].returns, nodes);
    const uint32_t begin = static_cast<uint32_t>(returns_.size());
    returns_.insert(returns_.end(), items.begin(), items.end());
    nodes_.push_back({.shortest = kUnreached,
                      .begin = begin,
                      .end = static_cast<uint32_t>(returns_.size()),
                      .shortest_return = begin,
                      .component = static_cast<uint32_t>(components_.size() - 1),
                      .rule = calls[member].rule});
  }
  bool changed = true;  // Bellman and Ford
  while (std::exchange(changed, false)) {
    for (size_t i = first; i < nodes_.size(); ++i) {
      for (uint32_t item = nodes_[i].begin; item < nodes_[i].end; ++item) {
        const uint64_t below = nodes_[returns_[item].node].shortest;
        if (below == kUnreached) continue;
        const uint64_t bytes = grammar_.shortest(returns_[item].state) + below;
        if (bytes >= nodes_[i].shortest) continue;
        nodes_[i].shortest = bytes;
        nodes_[i].shortest_return = item;
        changed = true;
      }
    }
  }
}

}  // namespace andon
