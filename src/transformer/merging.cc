#include "transformer/merging.h"

#include <bit>

namespace andon {

Status PairTable::Fill(const std::vector<TokenPair>& merges) {
  slots_.assign(std::bit_ceil(merges.size() + merges.size() / 3 + 2), Slot());
  for (uint32_t rank = 0; rank < merges.size(); ++rank) {
    const auto [left, right, merged] = merges[rank];
    Slot& slot = slots_[SlotOf(left, right)];
    if (slot.left != Symbol::kNone) {
      return Error(ErrorCode::kTokenizerError, "tokenizer: the merge of tokens ", left, " and ",
                   right, " twice");
    }
    slot = {left, right, {rank, merged}};
  }
  return Status();
}

}  // namespace andon
