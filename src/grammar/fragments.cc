#include "grammar/fragments.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"

namespace andon {
namespace {

// Each Add() returns false when a limit was passed; status() then says which.
class Builder {
 public:
  explicit Builder(const Rules& rules) : rules_(rules) {}

  Status Build() {
    for (rule_ = 0; rule_ < rules_.size(); ++rule_) {
      const StateId start = NewState();
      const StateId end = NewState();
      fragments_.starts.push_back(start);
      fragments_.ends.push_back(end);
      if (!Add(rules_[rule_].body, start, end)) {
        return Error(ErrorCode::kGrammarTooLarge, "grammar: rule ", Quoted(rules_[rule_].name),
                     " takes the automaton past ", limits::kMaxGrammarStates, " states");
      }
    }
    return Status();
  }

  Fragments& fragments() { return fragments_; }

 private:
  StateId NewState() {
    fragments_.states.emplace_back().rule = rule_;
    return static_cast<StateId>(fragments_.states.size() - 1);
  }

  // Counts edges too, so that repeating what adds no state comes to an end.
  bool WithinLimits() { return ++additions_ <= limits::kMaxGrammarStates; }

  // Leads from `from` to `to` by the texts of an expression.
  bool Add(const Expression& expression, StateId from, StateId to) {
    if (!WithinLimits()) return false;
    switch (expression.kind) {
      case Expression::Kind::kCharacters:
        return AddCharacters(expression.characters, from, to);
      case Expression::Kind::kRule:
        fragments_.states[from].calls.push_back({expression.rule, to});
        return true;
      case Expression::Kind::kSequence:
        return AddSequence(expression.parts, from, to);
      case Expression::Kind::kChoice:
        return std::ranges::all_of(expression.parts,
                                   [&](const Expression& part) { return Add(part, from, to); });
      case Expression::Kind::kRepetition:
        return AddRepetition(expression, from, to);
    }
    return false;
  }

  bool AddCharacters(const CodePointRanges& characters, StateId from, StateId to) {
    for (const ByteIntervals& run : Utf8Runs(characters)) {
      StateId at = from;
      for (size_t i = 0; i < run.size(); ++i) {
        if (!WithinLimits()) return false;
        const StateId next = i + 1 == run.size() ? to : NewState();
        fragments_.states[at].bytes.push_back({run[i].first, run[i].last, next});
        at = next;
      }
    }
    return true;
  }

  bool AddSequence(const std::vector<Expression>& parts, StateId from, StateId to) {
    for (const Expression& part : parts) {
      const StateId next = NewState();
      if (!Add(part, from, next)) return false;
      from = next;
    }
    AddEmpty(from, to);
    return true;
  }

  bool AddRepetition(const Expression& repetition, StateId from, StateId to) {
    const Expression& part = repetition.parts.front();
    for (uint32_t i = 0; i < repetition.least; ++i) {
      const StateId next = NewState();
      if (!Add(part, from, next)) return false;
      from = next;
    }
    if (repetition.most == kUnbounded) {
      const StateId loop = NewState();  // of its own, for others may lead to `from`
      AddEmpty(from, loop);
      AddEmpty(loop, to);
      return Add(part, loop, loop);
    }
    for (uint32_t i = repetition.least; i < repetition.most; ++i) {
      const StateId next = NewState();
      AddEmpty(from, to);
      if (!Add(part, from, next)) return false;
      from = next;
    }
    AddEmpty(from, to);
    return true;
  }

  void AddEmpty(StateId from, StateId to) { fragments_.states[from].empty.push_back(to); }

  const Rules& rules_;
  Fragments fragments_;
  RuleId rule_ = 0;
  uint64_t additions_ = 0;
};

}  // namespace

Result<Fragments> BuildFragments(const Rules& rules) {
  Builder builder(rules);
  ANDON_RETURN_IF_ERROR(builder.Build());
  return std::move(builder.fragments());
}

}  // namespace andon
