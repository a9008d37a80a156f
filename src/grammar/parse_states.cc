#include "grammar/parse_states.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/limits.h"

namespace andon {

ParseStates::ParseStates(const Grammar& grammar)
    : grammar_(grammar), nodes_(grammar), prediction_(grammar) {
  Intern({});  // kDead
  start_ = Close({{grammar.start(0), 0}});
}

uint64_t ParseStates::bytes() const {
  return nodes_.bytes() + lists_.bytes() + leaving_.capacity() * sizeof(Leaving) +
         leaving_items_.capacity() * sizeof(Item) + rows_.capacity() * sizeof(ParseState);
}

ParseState ParseStates::Intern(std::span<const Item> items) {
  const auto [state, is_new] = lists_.Intern(items);
  if (is_new) {
    rows_.insert(rows_.end(), grammar_.classes(), items.empty() ? kDead : kUnknown);
    leaving_.emplace_back();
  }
  return state;
}

ParseState ParseStates::Close(Items items) {
  closed_.Clear();
  for (const Item& item : items) closed_.Add(item);
  Items kept;
  for (size_t i = 0; i < closed_.size(); ++i) {
    if (closed_.size() > limits::kMaxGrammarItems) return kTooMany;
    const Item item = closed_[i];
    if (grammar_.accepts(item.state)) {
      for (const Item& after : nodes_.returns(item.node)) closed_.Add(after);
    }
    for (const CallEdge& call : grammar_.calls(item.state)) {
      if (grammar_.empty_text(call.rule)) closed_.Add({call.target, item.node});
    }
    if (item.state != Grammar::kEnd || item.node < Nodes::kBottoms) kept.push_back(item);
  }
  std::ranges::sort(kept);
  return Intern(kept);
}

bool ParseStates::Reaches(ParseState state, NodeId bottom) const {
  return std::ranges::binary_search(lists_[state], Item{Grammar::kEnd, bottom});
}

ParseState ParseStates::FindNext(ParseState state, uint8_t byte_class) {
  if (!leaving_[state].known && !FindLeaving(state)) return kTooMany;
  const uint8_t byte = grammar_.byte_of(byte_class);
  Items next;
  for (uint32_t i = leaving_[state].begin; i < leaving_[state].end; ++i) {
    const Item& item = leaving_items_[i];
    for (const ByteEdge& edge : grammar_.bytes(item.state)) {
      if (edge.first <= byte && byte <= edge.last) next.push_back({edge.target, item.node});
    }
  }
  if (bytes() > limits::kMaxGrammarCacheBytes) return kTooMany;
  const ParseState found = Close(std::move(next));
  if (found != kTooMany) rows_[size_t{state} * grammar_.classes() + byte_class] = found;
  return found;
}

bool ParseStates::FindLeaving(ParseState state) {
  prediction_.Run(lists_[state]);
  if (prediction_.leaving().size() > limits::kMaxGrammarItems) return false;
  const std::vector<NodeId> nodes = nodes_.Intern(prediction_.TakeCalls());
  Leaving& leaving = leaving_[state];
  leaving.begin = static_cast<uint32_t>(leaving_items_.size());
  for (Item item : prediction_.leaving()) {
    if ((item.node & Call::kLocal) != 0) item.node = nodes[item.node & ~Call::kLocal];
    leaving_items_.push_back(item);
  }
  leaving.end = static_cast<uint32_t>(leaving_items_.size());
  leaving.known = true;
  return true;
}

ParseState ParseStates::After(std::span<const NodeId> nodes) {
  Items items;
  for (const NodeId node : nodes) {
    const std::span<const Item> returns = nodes_.returns(node);
    items.insert(items.end(), returns.begin(), returns.end());
  }
  return Close(std::move(items));
}

std::vector<NodeId> ParseStates::CallsFromAnywhere() {
  std::vector<Call> calls(grammar_.rules());
  for (RuleId rule = 0; rule < grammar_.rules(); ++rule) calls[rule].rule = rule;
  calls[0].returns.push_back({Grammar::kEnd, 0});
  for (StateId state = 0; state < grammar_.states(); ++state) {
    for (const CallEdge& call : grammar_.calls(state))
      calls[call.rule].returns.push_back({call.target, Call::kLocal | grammar_.rule(state)});
  }
  return nodes_.Intern(std::move(calls));
}

ParseStates::Upper ParseStates::WithoutBottoms(ParseState state) {
  Upper upper;
  std::map<NodeId, NodeId> bottoms;
  Items items(lists_[state].begin(), lists_[state].end());
  for (Item& item : items) {
    const NodeId next = static_cast<NodeId>(1 + upper.nodes.size());
    const auto [place, is_new] = bottoms.try_emplace(item.node, next);
    if (is_new) upper.nodes.push_back(item.node);
    item.node = place->second;
  }
  std::ranges::sort(items);
  upper.state = Intern(items);
  return upper;
}

ParseState ParseStates::Copy(const ParseStates& other, ParseState state) {
  std::vector<Call> calls;
  std::map<NodeId, uint32_t> numbers;
  std::vector<NodeId> waiting;
  const auto reference = [&](NodeId node) {
    if (node < Nodes::kBottoms) return node;
    const auto [place, is_new] = numbers.try_emplace(node, static_cast<uint32_t>(numbers.size()));
    if (is_new) waiting.push_back(node);
    return Call::kLocal | place->second;
  };
  Items items(other.items(state).begin(), other.items(state).end());
  for (Item& item : items) item.node = reference(item.node);
  for (size_t i = 0; i < waiting.size(); ++i) {  // grows on the way
    calls.push_back({.rule = other.nodes_.rule(waiting[i]), .returns = {}, .tails = {}});
    for (const Item& item : other.nodes_.returns(waiting[i]))
      calls[i].returns.push_back({item.state, reference(item.node)});
  }
  const std::vector<NodeId> nodes = nodes_.Intern(std::move(calls));
  for (Item& item : items) {
    if ((item.node & Call::kLocal) != 0) item.node = nodes[item.node & ~Call::kLocal];
  }
  std::ranges::sort(items);
  return Intern(items);
}

std::string ParseStates::Shortest(ParseState state) const {
  const auto bytes_to_end = [&](const Item& item) {
    return grammar_.shortest(item.state) + nodes_.shortest(item.node);
  };
  Item item = *std::ranges::min_element(lists_[state], {}, bytes_to_end);
  std::string text;
  grammar_.AppendShortest(item.state, text);
  while (item.node >= Nodes::kBottoms) {
    item = nodes_.shortest_return(item.node);
    grammar_.AppendShortest(item.state, text);
  }
  return text;
}

}  // namespace andon
