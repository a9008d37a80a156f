#include "grammar/vocabulary.h"

#include <algorithm>

namespace andon {

TokenTrie::TokenTrie(std::vector<Text> texts) {
  std::ranges::sort(texts);
  nodes_.pop_back();
  std::vector<uint32_t> path = {0};  // the nodes of the last text
  std::string_view last;
  const auto close_to = [&](size_t depth) {
    for (; path.size() > depth + 1; path.pop_back())
      nodes_[path.back()].end = static_cast<uint32_t>(nodes_.size());
  };
  for (const auto& [text, token] : texts) {
    const auto [differs, unused] = std::ranges::mismatch(text, last);
    close_to(static_cast<size_t>(differs - text.begin()));
    while (path.size() <= text.size()) {
      path.push_back(static_cast<uint32_t>(nodes_.size()));
      nodes_.push_back({.end = 0,
                        .tokens = static_cast<uint32_t>(tokens_.size()),
                        .depth = static_cast<uint16_t>(path.size() - 1),
                        .byte = static_cast<uint8_t>(text[path.size() - 2])});
    }
    tokens_.push_back(token);
    depth_ = std::max(depth_, static_cast<uint32_t>(text.size()));
    last = text;
  }
  close_to(0);
  nodes_[0].end = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back({.tokens = static_cast<uint32_t>(tokens_.size())});
}

GrammarVocabulary::GrammarVocabulary(std::vector<std::string> tokens, std::vector<TokenRole> roles)
    : tokens_(std::move(tokens)), roles_(std::move(roles)) {
  std::vector<TokenTrie::Text> texts;
  for (uint32_t id = 0; id < tokens_.size(); ++id) {
    if (roles_[id] == TokenRole::kEnd) ends_.push_back(id);
    if (roles_[id] == TokenRole::kText && !tokens_[id].empty()) texts.emplace_back(tokens_[id], id);
  }
  trie_ = TokenTrie(std::move(texts));
}

}  // namespace andon
