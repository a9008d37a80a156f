// The contents of sections that were used last, within a budget of bytes.

#ifndef ANDON_ENGINE_EXPERT_CACHE_H_
#define ANDON_ENGINE_EXPERT_CACHE_H_

#include <cstdint>
#include <list>
#include <unordered_map>

#include "common/limits.h"
#include "engine/expert_content.h"

namespace andon {

class ExpertCache {
 public:
  // Counts as a use. nullptr: not kept.
  const ExpertContent* Find(uint32_t id);
  bool Contains(uint32_t id) const { return places_.contains(id); }

  // Lets the least recently used go until `bytes` more fit; all of them where that is never.
  void MakeRoom(uint64_t bytes);
  // Keeps it even where it is larger than the budget: then alone. REQUIRES: not kept yet.
  const ExpertContent* Keep(uint32_t id, ExpertContent content);

  void SetBudget(uint64_t bytes);
  uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    uint32_t id;
    ExpertContent content;
  };

  uint64_t budget_ = limits::kExpertCacheBytes;
  uint64_t bytes_ = 0;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<uint32_t, std::list<Entry>::iterator> places_;
};

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_CACHE_H_
