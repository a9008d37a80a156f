#include "transformer/added_tokens.h"

#include <algorithm>

namespace andon {
namespace {

size_t CommonPrefix(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

AddedTokens::AddedTokens(const TokenizerData& data) : data_(data) {
  for (uint32_t id = 0; id < data.vocabulary.size(); ++id) {
    const std::string_view text = data.vocabulary[id];
    if (!Are(data.types[id]) || text.empty()) continue;
    entries_.push_back({id});
    starts_[static_cast<uint8_t>(text.front())] = true;
  }
  std::ranges::sort(entries_, {}, [&](const Entry& entry) { return data.vocabulary[entry.id]; });
  // What a text starts with comes before it, and all between the two start with it too.
  for (uint32_t i = 1; i < entries_.size(); ++i) {
    uint32_t shorter = i - 1;
    while (shorter != kNone && !TextOf(i).starts_with(TextOf(shorter))) {
      shorter = entries_[shorter].shorter;
    }
    entries_[i].shorter = shorter;
  }
}

std::optional<uint32_t> AddedTokens::At(std::string_view text, bool special) const {
  if (!starts_[static_cast<uint8_t>(text.front())]) return std::nullopt;
  const auto after = std::ranges::upper_bound(
      entries_, text, {}, [this](const Entry& entry) { return data_.vocabulary[entry.id]; });
  // The last entry that is not after the text starts with every entry that the text starts with.
  auto entry = static_cast<uint32_t>(after - entries_.begin()) - 1;
  const size_t common = entry == kNone ? 0 : CommonPrefix(text, TextOf(entry));
  for (; entry != kNone; entry = entries_[entry].shorter) {
    const uint32_t id = entries_[entry].id;
    const bool allowed = special || data_.types[id] == TokenType::kUserDefined;
    if (allowed && data_.vocabulary[id].size() <= common) return id;
  }
  return std::nullopt;
}

}  // namespace andon
