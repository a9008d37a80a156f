#include "grammar/masks.h"

#include <algorithm>
#include <utility>

namespace andon {
namespace {

// Texts that go past one bottom, all together. Beyond, walking for each stack is no slower.
constexpr size_t kMostPast = 200'000;

// Visits the nodes of a trie below `root` that a state leads to: visit(node, state there). Returns
// false when states become too many.
bool Walk(const TokenTrie& trie, uint32_t root, ParseStates& states, ParseState from, auto visit) {
  const uint32_t base = trie[root].depth;
  std::vector<ParseState> path(trie.depth() + 1);
  path[0] = from;
  const uint32_t end = trie[root].end;
  for (uint32_t node = root + 1; node < end;) {
    const TokenTrie::Node& at = trie[node];
    const ParseState state = states.Next(path[at.depth - base - 1], at.byte);
    if (state == ParseStates::kTooMany) return false;
    if (state == ParseStates::kDead) {
      node = at.end;
      continue;
    }
    path[at.depth - base] = state;
    visit(node, state);
    ++node;
  }
  return true;
}

// All tokens of a trie that a state allows.
bool Collect(const TokenTrie& trie, ParseStates& states, ParseState from,
             std::vector<uint32_t>& tokens) {
  return Walk(trie, 0, states, from, [&](uint32_t node, ParseState) {
    const std::span<const uint32_t> own = trie.tokens(node);
    tokens.insert(tokens.end(), own.begin(), own.end());
  });
}

}  // namespace

TokenSet::TokenSet(std::vector<uint32_t> tokens, size_t mask_words)
    : is_list_(tokens.size() <= mask_words) {
  if (is_list_) {
    tokens.shrink_to_fit();
    words_ = std::move(tokens);
    return;
  }
  words_.resize(mask_words);
  for (const uint32_t token : tokens) words_[token / 32] |= 1U << token % 32;
}

void TokenSet::AddTo(std::span<uint32_t> bits) const {
  if (is_list_) {
    for (const uint32_t token : words_) bits[token / 32] |= 1U << token % 32;
  } else {
    for (size_t i = 0; i < words_.size(); ++i) bits[i] |= words_[i];
  }
}

bool Masks::AddTo(ParseState state, std::span<uint32_t> bits) {
  const Mask* mask = Find(state);
  if (mask == nullptr) return false;
  if (const TokenSet* inside = uppers_.at(mask->upper).inside.get()) inside->AddTo(bits);
  mask->past->AddTo(bits);
  return true;
}

const Masks::Mask* Masks::Find(ParseState state) {
  const auto known = masks_.find(state);
  if (known != masks_.end()) return &known->second;
  const ParseStates::Upper above = states_.WithoutBottoms(state);
  const Upper* upper = FindUpper(above.state, above.nodes.size());
  if (upper == nullptr) return nullptr;
  std::vector<uint32_t> tokens;
  if (upper->inside == nullptr && !Collect(vocabulary_.trie(), states_, state, tokens))
    return nullptr;
  for (size_t i = 0; i < upper->past.size(); ++i) {
    if (upper->past[i].size() == 1) continue;  // the root alone
    const ParseState after = states_.After(std::span(&above.nodes[i], 1));
    if (after == ParseStates::kTooMany || !Collect(upper->past[i], states_, after, tokens))
      return nullptr;
  }
  Mask mask = {above.state,
               std::make_unique<TokenSet>(std::move(tokens), vocabulary_.mask_words())};
  bytes_ += sizeof(Mask) + mask.past->bytes();
  return &masks_.emplace(state, std::move(mask)).first->second;
}

const Masks::Upper* Masks::FindUpper(ParseState state, size_t bottoms) {
  const auto known = uppers_.find(state);
  if (known != uppers_.end()) return &known->second;
  const TokenTrie& trie = vocabulary_.trie();
  std::vector<uint32_t> tokens;
  std::vector<std::vector<uint32_t>> ends(bottoms);  // by bottom: nodes of the trie that reach it
  const bool walked = Walk(trie, 0, states_, state, [&](uint32_t node, ParseState at) {
    const std::span<const uint32_t> own = trie.tokens(node);
    tokens.insert(tokens.end(), own.begin(), own.end());
    if (trie[node].end == node + 1) return;
    for (const Item& item : states_.items(at)) {  // kEnd comes first
      if (item.state != Grammar::kEnd) break;
      ends[item.node - 1].push_back(node);
    }
  });
  if (!walked) return nullptr;
  Upper upper;
  upper.past.resize(bottoms);
  bool fits = true;
  for (NodeId bottom = 1; fits && bottom <= bottoms; ++bottom) {
    std::vector<TokenTrie::Text> texts;
    fits = CollectPast(ends[bottom - 1], state, bottom, texts);
    if (fits) upper.past[bottom - 1] = TokenTrie(std::move(texts));
    bytes_ += upper.past[bottom - 1].bytes();
  }
  if (fits) {
    upper.inside = std::make_unique<TokenSet>(std::move(tokens), vocabulary_.mask_words());
    bytes_ += upper.inside->bytes();
  } else {
    upper.past.clear();
  }
  bytes_ += sizeof(Upper);
  return &uppers_.emplace(state, std::move(upper)).first->second;
}

// What may follow the ends of a bottom, as far as some caller of its rules allows it. Returns false
// when there is too much of it.
bool Masks::CollectPast(std::span<const uint32_t> ends, ParseState upper, NodeId bottom,
                        std::vector<TokenTrie::Text>& texts) {
  const TokenTrie& trie = vocabulary_.trie();
  const ParseState after = ends.empty() ? ParseStates::kDead : AfterAnyCall(upper, bottom);
  if (after == ParseStates::kTooMany) return false;
  for (const uint32_t end : ends) {
    const size_t depth = trie[end].depth;
    const bool walked = Walk(trie, end, states_, after, [&](uint32_t node, ParseState) {
      for (const uint32_t token : trie.tokens(node))
        texts.emplace_back(vocabulary_.token(token).substr(depth), token);
    });
    if (!walked || texts.size() > kMostPast) return false;
  }
  return true;
}

// The state after the rules above a bottom have ended, whoever called them: it allows all that the
// state after any real call of them allows.
ParseState Masks::AfterAnyCall(ParseState upper, NodeId bottom) {
  if (any_call_.empty()) any_call_ = states_.CallsFromAnywhere();
  std::vector<NodeId> nodes;
  for (const Item& item : states_.items(upper)) {
    if (item.node == bottom && item.state != Grammar::kEnd)
      nodes.push_back(any_call_[grammar_.rule(item.state)]);
  }
  return states_.After(nodes);
}

}  // namespace andon
