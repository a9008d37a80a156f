#include "grammar/prediction.h"

#include <utility>

namespace andon {

Prediction::Prediction(const Grammar& grammar)
    : grammar_(grammar),
      visited_(grammar.states()),
      called_(grammar.rules()),
      call_numbers_(grammar.rules()) {}

void Prediction::Run(std::span<const Item> items) {
  ++run_;
  calls_.clear();
  leaving_.clear();
  waiting_.assign(items.begin(), items.end());
  while (!waiting_.empty()) {
    const Item item = waiting_.back();
    waiting_.pop_back();
    Visit(item);
  }
}

void Prediction::Visit(Item item) {
  if (!grammar_.bytes(item.state).empty()) leaving_.push_back(item);
  for (const CallEdge& edge : grammar_.calls(item.state)) {
    Call& call = calls_[CallNumber(edge.rule)];
    if (edge.target == Grammar::kEnd) {
      call.tails.push_back(item.node);
    } else {
      call.returns.push_back({edge.target, item.node});
    }
    const bool goes_on = (item.node & Call::kLocal) != 0 && grammar_.empty_text(edge.rule);
    if (goes_on && std::exchange(visited_[edge.target], run_) != run_)
      waiting_.push_back({edge.target, item.node});
  }
}

// A state belongs to one rule, and a rule is called once at one place: so a predicted state has one
// node, that of the call.
uint32_t Prediction::CallNumber(RuleId rule) {
  if (std::exchange(called_[rule], run_) == run_) return call_numbers_[rule];
  const uint32_t number = static_cast<uint32_t>(calls_.size());
  call_numbers_[rule] = number;
  calls_.push_back({.rule = rule, .returns = {}, .tails = {}});
  visited_[grammar_.start(rule)] = run_;
  waiting_.push_back({grammar_.start(rule), Call::kLocal | number});
  return number;
}

}  // namespace andon
