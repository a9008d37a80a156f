// Merging neighbours, best pair first, until none can be merged: what both kinds of BPE have in common.

#ifndef ANDON_TRANSFORMER_MERGING_H_
#define ANDON_TRANSFORMER_MERGING_H_

#include <cstdint>
#include <queue>
#include <string_view>
#include <vector>

namespace andon {

struct Symbol {
  std::string_view text;
  uint32_t id = UINT32_MAX;  // none
  int32_t previous = -1;
  int32_t next = -1;
};

struct Merge {
  double priority;  // the lowest goes first, of equals the leftmost
  uint32_t id;      // of the merged symbol
};

// `join(left, right)` gives a Merge or nothing. The symbols lie side by side in one text. A queue over pairs and a list of
// what is left keep the time at n log n.
template <typename Join>
void MergeSymbols(std::vector<Symbol>& symbols, const Join& join) {
  struct Pair {
    double priority;
    int32_t left;
    int32_t right;
    size_t bytes;  // of both: another number tells that one of them has changed
    uint32_t id;
    bool operator<(const Pair& other) const {
      return priority != other.priority ? priority > other.priority : left > other.left;
    }
  };
  std::priority_queue<Pair> pairs;
  const auto offer = [&](int32_t left, int32_t right) {
    if (left < 0 || right < 0) return;
    const Symbol& a = symbols[static_cast<size_t>(left)];
    const Symbol& b = symbols[static_cast<size_t>(right)];
    if (const auto merge = join(a, b)) {
      pairs.push({merge->priority, left, right, a.text.size() + b.text.size(), merge->id});
    }
  };
  for (size_t i = 0; i < symbols.size(); ++i) {
    symbols[i].previous = static_cast<int32_t>(i) - 1;
    symbols[i].next = i + 1 < symbols.size() ? static_cast<int32_t>(i) + 1 : -1;
    offer(symbols[i].previous, static_cast<int32_t>(i));
  }
  while (!pairs.empty()) {
    const Pair pair = pairs.top();
    pairs.pop();
    Symbol& left = symbols[static_cast<size_t>(pair.left)];
    Symbol& right = symbols[static_cast<size_t>(pair.right)];
    // An empty symbol was merged away; a changed one has another length.
    if (left.text.empty() || right.text.empty() || left.next != pair.right ||
        left.text.size() + right.text.size() != pair.bytes) {
      continue;
    }
    left.text = {left.text.data(), pair.bytes};
    left.id = pair.id;
    left.next = right.next;
    right.text = {};
    if (left.next >= 0) symbols[static_cast<size_t>(left.next)].previous = pair.left;
    offer(left.previous, pair.left);
    offer(pair.left, left.next);
  }
  std::erase_if(symbols, [](const Symbol& symbol) { return symbol.text.empty(); });
}

}  // namespace andon

#endif  // ANDON_TRANSFORMER_MERGING_H_
