// The tokens of a language model as a grammar sees them: byte strings in a trie.

#ifndef ANDON_GRAMMAR_VOCABULARY_H_
#define ANDON_GRAMMAR_VOCABULARY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace andon {

// Byte strings with the tokens that they are of, so that what they begin with is walked once. Nodes
// lie in the order of a walk: a node, and then all below it.
class TokenTrie {
 public:
  struct Node {
    uint32_t end = 0;  // the node behind all below this one
    uint32_t tokens =
        0;  // of the tokens in order, where its own begin; they end where the next's do
    uint16_t depth = 0;  // bytes from the root
    uint8_t byte = 0;    // the last of them
  };
  using Text = std::pair<std::string_view, uint32_t>;

  TokenTrie() = default;
  explicit TokenTrie(std::vector<Text> texts);

  uint32_t size() const { return static_cast<uint32_t>(nodes_.size() - 1); }
  const Node& operator[](uint32_t node) const { return nodes_[node]; }  // 0: the root
  std::span<const uint32_t> tokens(uint32_t node) const { return tokens_between(node, node + 1); }
  // Of the nodes from `first` to before `last`.
  std::span<const uint32_t> tokens_between(uint32_t first, uint32_t last) const {
    return {tokens_.data() + nodes_[first].tokens, tokens_.data() + nodes_[last].tokens};
  }
  uint32_t depth() const { return depth_; }  // of the deepest node
  uint64_t bytes() const {
    return nodes_.capacity() * sizeof(Node) + tokens_.capacity() * sizeof(uint32_t);
  }

 private:
  std::vector<Node> nodes_ = {{}, {}};  // the root, and one behind the last
  std::vector<uint32_t> tokens_;
  uint32_t depth_ = 0;
};

enum class TokenRole : uint8_t {
  kText,
  kSpecial,  // never allowed
  kEnd,      // allowed where the text may end
};

// Made once for a tokenizer, and shared by all grammars.
class GrammarVocabulary {
 public:
  // tokens[i]: the bytes that token i adds to a text, parts of characters as they are. One without
  // bytes is never allowed unless it ends the text. REQUIRES: as many roles as tokens; each token
  // at most limits::kMaxTokenBytes.
  GrammarVocabulary(std::vector<std::string> tokens, std::vector<TokenRole> roles);

  uint32_t size() const { return static_cast<uint32_t>(tokens_.size()); }
  std::string_view token(uint32_t id) const { return tokens_[id]; }
  TokenRole role(uint32_t id) const { return roles_[id]; }
  std::span<const uint32_t> ends() const { return ends_; }
  const TokenTrie& trie() const { return trie_; }
  // 32 tokens a word, the lowest in the lowest bit.
  size_t mask_words() const { return (tokens_.size() + 31) / 32; }

 private:
  std::vector<std::string> tokens_;
  std::vector<TokenRole> roles_;
  std::vector<uint32_t> ends_;
  TokenTrie trie_;
};

}  // namespace andon

#endif  // ANDON_GRAMMAR_VOCABULARY_H_
