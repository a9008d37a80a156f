// Merging neighbours, best pair first, until none can be merged: what both kinds of BPE have in
// common.

#ifndef ANDON_TRANSFORMER_MERGING_H_
#define ANDON_TRANSFORMER_MERGING_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "transformer/vocabulary.h"

namespace andon {

// A piece of a word. Pieces lie side by side, so that a place and a length are all of its text.
struct Symbol {
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t begin = 0;  // in the word
  uint32_t bytes = 0;  // 0: merged away
  uint32_t id = kNone;
  uint32_t previous = kNone;
  uint32_t next = kNone;
};

struct Merge {
  uint32_t rank = 0;  // the lowest goes first, of equals the leftmost
  uint32_t id = 0;    // of the merged symbol
};

// Merges by their pair of ids.
class PairTable {
 public:
  // The first merge has rank 0. Error: TokenizerError where a pair occurs twice.
  Status Fill(const std::vector<TokenPair>& merges);

  std::optional<Merge> Find(uint32_t left, uint32_t right) const {
    const Slot& slot = slots_[SlotOf(left, right)];
    return slot.left == Symbol::kNone ? std::nullopt : std::optional(slot.merge);
  }

 private:
  struct Slot {
    uint32_t left = Symbol::kNone;  // kNone: empty
    uint32_t right = 0;
    Merge merge;
  };

  // The slot of the pair, or the empty one where it would go. Open addressing, linear.
  size_t SlotOf(uint32_t left, uint32_t right) const {
    const size_t mask = slots_.size() - 1;
    const uint64_t mixed = (uint64_t{left} << 32 | right) * 0x9E3779B97F4A7C15;  // 2^64 / phi
    size_t at = static_cast<size_t>(mixed >> 32) & mask;
    while (slots_[at].left != Symbol::kNone &&
           (slots_[at].left != left || slots_[at].right != right)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(2);  // a power of two, at most 3/4 of them taken
};

// The symbols of one word after another. Its memory is used again.
class Merging {
 public:
  void Clear() { symbols_.clear(); }
  void Add(uint32_t bytes, uint32_t id) {
    const uint32_t begin = symbols_.empty() ? 0 : symbols_.back().begin + symbols_.back().bytes;
    symbols_.push_back({.begin = begin, .bytes = bytes, .id = id});
  }

  // `join(left, right)` gives a Merge or nothing. A queue over pairs and a list of what is left
  // keep the time at n log n. Returns the symbols that are left.
  template <typename Join>
  const std::vector<Symbol>& Run(const Join& join) {
    queue_.clear();
    for (uint32_t i = 0; i < symbols_.size(); ++i) {
      symbols_[i].previous = i - 1;  // kNone before the first
      symbols_[i].next = i + 1 < symbols_.size() ? i + 1 : Symbol::kNone;
      Offer(symbols_[i].previous, join);
    }
    while (!queue_.empty()) {
      std::pop_heap(queue_.begin(), queue_.end());
      const Candidate best = queue_.back();
      queue_.pop_back();
      if (IsCurrent(best)) MergePair(best, join);
    }
    std::erase_if(symbols_, [](const Symbol& symbol) { return symbol.bytes == 0; });
    return symbols_;
  }

 private:
  struct Candidate {
    uint32_t rank;
    uint32_t left;
    uint32_t bytes;  // of both
    uint32_t id;
    bool operator<(const Candidate& other) const {
      return rank != other.rank ? rank > other.rank : left > other.left;
    }
  };

  // Of the symbol `left` with the one after it.
  template <typename Join>
  void Offer(uint32_t left, const Join& join) {
    if (left == Symbol::kNone || symbols_[left].next == Symbol::kNone) return;
    const Symbol& a = symbols_[left];
    const Symbol& b = symbols_[a.next];
    const auto merge = join(a, b);
    if (!merge) return;
    queue_.push_back({merge->rank, left, a.bytes + b.bytes, merge->id});
    std::push_heap(queue_.begin(), queue_.end());
  }

  // A symbol and the one after it only ever grow: another length tells that one of them has.
  bool IsCurrent(const Candidate& pair) const {
    const Symbol& left = symbols_[pair.left];
    return left.bytes > 0 && left.next != Symbol::kNone &&
           left.bytes + symbols_[left.next].bytes == pair.bytes;
  }

  template <typename Join>
  void MergePair(const Candidate& pair, const Join& join) {
    Symbol& left = symbols_[pair.left];
    Symbol& right = symbols_[left.next];
    left.bytes = pair.bytes;
    left.id = pair.id;
    left.next = right.next;
    right.bytes = 0;
    if (left.next != Symbol::kNone) symbols_[left.next].previous = pair.left;
    Offer(left.previous, join);
    Offer(pair.left, join);
  }

  std::vector<Symbol> symbols_;
  std::vector<Candidate> queue_;  // a heap, the best first
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_MERGING_H_
