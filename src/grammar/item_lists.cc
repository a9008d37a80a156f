#include "grammar/item_lists.h"

#include <algorithm>

namespace andon {
namespace {

uint64_t Mix(uint64_t hash, Item item) {
  hash ^= uint64_t{item.state} << 32 | item.node;
  hash *= 0x9E3779B97F4A7C15;  // 2^64 / golden ratio (Knuth, volume 3, 6.4)
  return hash ^ hash >> 32;
}

size_t Hash(std::span<const Item> list) {
  uint64_t hash = list.size();
  for (const Item& item : list) hash = Mix(hash, item);
  return static_cast<size_t>(hash & SIZE_MAX);
}

size_t Hash(Item item) { return Hash(std::span(&item, 1)); }

}  // namespace

ItemLists::Place ItemLists::Intern(std::span<const Item> list) {
  const size_t mask = index_.size() - 1;
  size_t slot = Hash(list) & mask;
  for (; index_[slot] != 0; slot = (slot + 1) & mask) {
    if (std::ranges::equal((*this)[index_[slot] - 1], list)) return {index_[slot] - 1, false};
  }
  items_.insert(items_.end(), list.begin(), list.end());
  begins_.push_back(static_cast<uint32_t>(items_.size()));
  index_[slot] = size();
  if (size() * 2 > index_.size()) Grow();
  return {size() - 1, true};
}

void ItemLists::Grow() {
  index_.assign(index_.size() * 2, 0);
  const size_t mask = index_.size() - 1;
  for (uint32_t list = 0; list < size(); ++list) {
    size_t slot = Hash((*this)[list]) & mask;
    while (index_[slot] != 0) slot = (slot + 1) & mask;
    index_[slot] = list + 1;
  }
}

bool ItemSet::Add(Item item) {
  const size_t mask = index_.size() - 1;
  size_t slot = Hash(item) & mask;
  for (; index_[slot] != 0; slot = (slot + 1) & mask) {
    if (items_[index_[slot] - 1] == item) return false;
  }
  items_.push_back(item);
  index_[slot] = static_cast<uint32_t>(items_.size());
  if (items_.size() * 2 > index_.size()) Grow();
  return true;
}

void ItemSet::Clear() {
  if (items_.size() * 8 > index_.size()) {
    std::ranges::fill(index_, 0);
  } else {  // few: forget them one by one, in the reverse order of their coming
    const size_t mask = index_.size() - 1;
    for (size_t i = items_.size(); i > 0; --i) {
      size_t slot = Hash(items_[i - 1]) & mask;
      while (index_[slot] != i) slot = (slot + 1) & mask;
      index_[slot] = 0;
    }
  }
  items_.clear();
}

void ItemSet::Grow() {
  index_.assign(index_.size() * 2, 0);
  const size_t mask = index_.size() - 1;
  for (size_t i = 0; i < items_.size(); ++i) {
    size_t slot = Hash(items_[i]) & mask;
    while (index_[slot] != 0) slot = (slot + 1) & mask;
    index_[slot] = static_cast<uint32_t>(i + 1);
  }
}

}  // namespace andon
