// Experts that are ready: those in use, and of the others the ones used last.

#ifndef ANDON_EXPERTS_EXPERT_SHELF_H_
#define ANDON_EXPERTS_EXPERT_SHELF_H_

#include <cstdint>
#include <list>
#include <memory>

#include "common/limits.h"
#include "experts/ready_expert.h"

namespace andon {

class ExpertShelf {
 public:
  // nullptr: not kept.
  std::shared_ptr<const ReadyExpert> Find(const Sha256Digest& identity);
  // REQUIRES: Find does not find it.
  void Keep(std::shared_ptr<const ReadyExpert> expert);

  // Bytes of experts that nobody uses; to be called when one may have been let go.
  void Trim();
  void SetBudget(uint64_t bytes);

  size_t size() const { return experts_.size(); }

 private:
  uint64_t budget_ = limits::kIdleExpertBytes;
  std::list<std::shared_ptr<const ReadyExpert>> experts_;  // the most recently used first
};

}  // namespace andon

#endif  // ANDON_EXPERTS_EXPERT_SHELF_H_
