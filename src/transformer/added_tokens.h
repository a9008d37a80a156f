// Tokens that are found in text as they are written, before it is cut into words: <|im_end|>.

#ifndef ANDON_TRANSFORMER_ADDED_TOKENS_H_
#define ANDON_TRANSFORMER_ADDED_TOKENS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "transformer/vocabulary.h"

namespace andon {

class AddedTokens {
 public:
  // Control, unknown and user-defined tokens. REQUIRES: `data` outlives this and stays as it is.
  explicit AddedTokens(const TokenizerData& data);

  static bool Are(TokenType type) {
    return type == TokenType::kControl || type == TokenType::kUnknown ||
           type == TokenType::kUserDefined;
  }

  // The longest that `text` starts with; without `special` user-defined ones alone. At most
  // kMaxTokenBytes steps, whatever the text. REQUIRES: text is not empty.
  std::optional<uint32_t> At(std::string_view text, bool special) const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Entry {
    uint32_t id;
    uint32_t shorter = kNone;  // the longest entry that this one starts with
  };
  std::string_view TextOf(uint32_t entry) const { return data_.vocabulary[entries_[entry].id]; }

  const TokenizerData& data_;
  std::vector<Entry> entries_;         // sorted by text
  std::array<bool, 256> starts_ = {};  // by first byte
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_ADDED_TOKENS_H_
