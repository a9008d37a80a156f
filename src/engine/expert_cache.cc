#include "engine/expert_cache.h"

#include <utility>

namespace andon {

const ExpertContent* ExpertCache::Find(uint32_t id) {
  const auto place = places_.find(id);
  if (place == places_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, place->second);
  return &entries_.front().content;
}

void ExpertCache::MakeRoom(uint64_t bytes) {
  while (!entries_.empty() && (bytes > budget_ || bytes_ > budget_ - bytes)) {
    const Entry& last = entries_.back();
    bytes_ -= last.content.memory_bytes();
    places_.erase(last.id);
    entries_.pop_back();
  }
}

const ExpertContent* ExpertCache::Keep(uint32_t id, ExpertContent content) {
  MakeRoom(content.memory_bytes());
  entries_.push_front({id, std::move(content)});
  places_[id] = entries_.begin();
  bytes_ += entries_.front().content.memory_bytes();
  return &entries_.front().content;
}

void ExpertCache::SetBudget(uint64_t bytes) {
  budget_ = bytes;
  MakeRoom(0);
}

}  // namespace andon
