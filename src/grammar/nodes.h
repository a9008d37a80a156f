// Where rules return to: the stacks of all readings of a text at once, as a graph (Tomita 1987).
//
// A node stands for a call of a rule. Its items say where the rule may return to: a state of a
// caller, and the node to which that caller returns in turn. A tail call takes its caller's items
// for its own, so that right recursion needs no new nodes. Nodes with equal items are one node, so
// a state of the parse that comes again is known again.

#ifndef ANDON_GRAMMAR_NODES_H_
#define ANDON_GRAMMAR_NODES_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/limits.h"
#include "grammar/automaton.h"
#include "grammar/item_lists.h"

namespace andon {

// A call that is predicted at one place of the text, before it becomes a node. A reference is a
// node, or kLocal and the number of a call that is predicted at the same place.
struct Call {
  static constexpr uint32_t kLocal = 1U << 31;
  RuleId rule = 0;
  Items returns;                // their nodes are references
  std::vector<uint32_t> tails;  // references: those whose returns are also its own
};

class Nodes {
 public:
  // Nodes below this number are the bottoms of stacks: the first is that of a text, and the others
  // stand for what is unknown below a part of a stack. Each returns to itself at Grammar::kEnd.
  static constexpr NodeId kBottoms = 1 + limits::kMaxGrammarItems;

  explicit Nodes(const Grammar& grammar);

  std::span<const Item> returns(NodeId node) const {
    return {returns_.data() + nodes_[node].begin, returns_.data() + nodes_[node].end};
  }
  RuleId rule(NodeId node) const { return nodes_[node].rule; }
  // The fewest bytes from a return to the bottom, and a return that takes so many. Following these
  // ends at the bottom.
  uint64_t shortest(NodeId node) const { return nodes_[node].shortest; }
  const Item& shortest_return(NodeId node) const { return returns_[nodes_[node].shortest_return]; }

  // The nodes of calls, in their order.
  std::vector<NodeId> Intern(std::vector<Call> calls);
  uint64_t bytes() const {
    return lists_.bytes() + returns_.capacity() * sizeof(Item) + nodes_.capacity() * sizeof(Node);
  }

 private:
  struct Node {
    uint64_t shortest = 0;
    uint32_t begin = 0, end = 0;  // of its items
    uint32_t shortest_return = 0;
    uint32_t component = 0;
    RuleId rule = 0;  // one that it is of; nodes that return to the same are one
  };
  struct Component {
    NodeId first = 0;
    uint32_t nodes = 0;
  };

  void InternComponent(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
                       std::vector<NodeId>& nodes);
  bool Fold(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
            std::vector<NodeId>& nodes) const;
  bool IsSame(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
              const Component& other, std::vector<NodeId>& nodes) const;
  void AddComponent(const std::vector<Call>& calls, const std::vector<uint32_t>& members,
                    const std::vector<NodeId>& nodes);

  const Grammar& grammar_;
  std::vector<Node> nodes_;
  Items returns_;
  ItemLists lists_;  // of each component: its calls, with references among them
  std::vector<Component> components_;
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_NODES_H_
