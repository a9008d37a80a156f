// Lists of items, each kept once: equal lists have the same number.

#ifndef ANDON_GRAMMAR_ITEM_LISTS_H_
#define ANDON_GRAMMAR_ITEM_LISTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "grammar/automaton.h"

namespace andon {

using NodeId = uint32_t;

// A state of an automaton, and where its rule returns to.
struct Item {
  StateId state = 0;
  NodeId node = 0;
  auto operator<=>(const Item&) const = default;
};
using Items = std::vector<Item>;

class ItemLists {
 public:
  struct Place {
    uint32_t list = 0;
    bool is_new = false;
  };

  // The number of a list, counted from 0 in the order of their coming.
  Place Intern(std::span<const Item> list);
  std::span<const Item> operator[](uint32_t list) const {
    return {items_.data() + begins_[list], items_.data() + begins_[list + 1]};
  }
  uint32_t size() const { return static_cast<uint32_t>(begins_.size() - 1); }
  uint64_t bytes() const {
    return items_.size() * sizeof(Item) + (begins_.size() + index_.size()) * sizeof(uint32_t);
  }

 private:
  void Grow();

  std::vector<Item> items_;
  std::vector<uint32_t> begins_ = {0};  // of each list; it ends where the next begins
  std::vector<uint32_t> index_ = std::vector<uint32_t>(64);  // open addressing; 0 or 1 + the list
};

// Items in the order of their coming, each once.
class ItemSet {
 public:
  // Returns whether the item is new.
  bool Add(Item item);
  void Clear();
  size_t size() const { return items_.size(); }
  const Item& operator[](size_t i) const { return items_[i]; }
  const Items& items() const { return items_; }

 private:
  void Grow();

  Items items_;
  std::vector<uint32_t> index_ = std::vector<uint32_t>(64);  // open addressing; 0 or 1 + the place
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_ITEM_LISTS_H_
