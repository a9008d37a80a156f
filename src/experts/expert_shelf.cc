#include "experts/expert_shelf.h"

#include <algorithm>
#include <utility>

namespace andon {

std::shared_ptr<const ReadyExpert> ExpertShelf::Find(const Sha256Digest& identity) {
  const auto found = std::ranges::find_if(
      experts_, [&](const auto& expert) { return expert->identity == identity; });
  if (found == experts_.end()) return nullptr;
  experts_.splice(experts_.begin(), experts_, found);
  return experts_.front();
}

void ExpertShelf::Keep(std::shared_ptr<const ReadyExpert> expert) {
  experts_.push_front(std::move(expert));
  Trim();
}

void ExpertShelf::SetBudget(uint64_t bytes) {
  budget_ = bytes;
  Trim();
}

void ExpertShelf::Trim() {
  uint64_t idle = 0;
  std::erase_if(experts_, [&](const std::shared_ptr<const ReadyExpert>& expert) {
    if (expert.use_count() > 1) return false;
    idle += expert->bytes();
    return idle > budget_;
  });
}

}  // namespace andon
