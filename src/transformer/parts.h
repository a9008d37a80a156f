// Products cut into parts for threads.

#ifndef ANDON_TRANSFORMER_PARTS_H_
#define ANDON_TRANSFORMER_PARTS_H_

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>

#include "kernels/thread_pool.h"

namespace andon {

// Parts for each of several threads: enough that one which is held up costs the others little. One
// alone takes all at once: what an adapter adds is then read in one stream, not kilobytes at a
// time.
inline constexpr uint32_t kPartsPerThread = 8;
// Multiplications of a part at least: some microseconds, below which a second thread costs more
// than it does.
inline constexpr uint64_t kPartProducts = 1 << 16;

// Of several items, with so many units each, calls use(item, first, last) until every unit was in
// one call; `products` is the work of all.
template <typename Use>
void RunInParts(ThreadPool& pool, std::span<const uint32_t> units, uint64_t products,
                const Use& use) {
  const uint32_t all = std::reduce(units.begin(), units.end());
  if (all == 0) return;
  const uint64_t wanted = pool.threads() == 1 ? 1 : uint64_t{pool.threads()} * kPartsPerThread;
  const auto most = std::min<uint64_t>(all, wanted);
  const auto parts = static_cast<uint32_t>(std::clamp<uint64_t>(products / kPartProducts, 1, most));
  pool.Run(parts, [&](uint32_t part, uint32_t) {
    const auto first = static_cast<uint32_t>(uint64_t{all} * part / parts);
    const auto last = static_cast<uint32_t>(uint64_t{all} * (part + 1) / parts);
    uint32_t before = 0;
    for (uint32_t i = 0; i < units.size(); before += units[i++]) {
      const uint32_t from = std::max(first, before), to = std::min(last, before + units[i]);
      if (from < to) use(i, from - before, to - before);
    }
  });
}

}  // namespace andon

#endif  // ANDON_TRANSFORMER_PARTS_H_
