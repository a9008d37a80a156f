// Earley's prediction: what the items of a parse state call before the next byte.

#ifndef ANDON_GRAMMAR_PREDICTION_H_
#define ANDON_GRAMMAR_PREDICTION_H_

#include <cstdint>
#include <span>
#include <vector>

#include "grammar/automaton.h"
#include "grammar/item_lists.h"
#include "grammar/nodes.h"

namespace andon {

class Prediction {
 public:
  explicit Prediction(const Grammar& grammar);

  // REQUIRES: what the items come to by calls that may be empty is among them.
  void Run(std::span<const Item> items);

  std::vector<Call> TakeCalls() { return std::move(calls_); }
  // All items from which a byte leads on. Their nodes are references: see Call.
  const Items& leaving() const { return leaving_; }

 private:
  void Visit(Item item);
  uint32_t CallNumber(RuleId rule);

  const Grammar& grammar_;
  uint32_t run_ = 0;
  std::vector<uint32_t> visited_;       // by state, in which run last; of predicted items alone
  std::vector<uint32_t> called_;        // by rule, in which run last
  std::vector<uint32_t> call_numbers_;  // by rule
  std::vector<Call> calls_;
  Items waiting_;
  Items leaving_;
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_PREDICTION_H_
