#include "transformer/vocabulary.h"

#include <algorithm>
#include <array>
#include <functional>

#include "common/limits.h"

namespace andon {
namespace {

// Of the models that Andon runs, and their relatives.
constexpr std::array<std::string_view, 8> kEnds = {
    "<|im_end|>",      "<|endoftext|>", "<|eot_id|>", "<|eom_id|>",
    "<|end_of_text|>", "<end_of_turn>", "<|end|>",    "</s>"};

uint32_t HashOf(std::string_view text) {
  return static_cast<uint32_t>(std::hash<std::string_view>{}(text));
}

}  // namespace

Status Vocabulary::Add(uint64_t id, std::string_view text) {
  if (id >= limits::kMaxVocabulary) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: the id ", id, " is beyond the limit");
  }
  if (text.size() > limits::kMaxTokenBytes) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: token ", id, " has ", text.size(),
                 " bytes, more than ", limits::kMaxTokenBytes);
  }
  if (texts_.size() + text.size() > limits::kMaxVocabularyBytes) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: more than ", limits::kMaxVocabularyBytes,
                 " bytes of tokens");
  }
  const auto index = static_cast<size_t>(id);
  if (index >= places_.size()) places_.resize(index + 1);
  Place& place = places_[index];
  if (place.added) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: two tokens with the id ", id);
  }
  if (!text.empty()) {
    Grow();
    const uint32_t hash = HashOf(text);
    Slot& slot = slots_[SlotOf(hash, text)];
    if (!slot.IsEmpty()) {
      return Error(ErrorCode::kTokenizerError, "tokenizer: the token ", Quoted(text), " twice");
    }
    slot = {hash, static_cast<uint32_t>(id)};
    ++taken_;
  }
  place = {static_cast<uint32_t>(texts_.size()), static_cast<uint16_t>(text.size()), true};
  texts_ += text;
  return Status();
}

std::optional<uint32_t> Vocabulary::Find(std::string_view text) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[SlotOf(HashOf(text), text)];
  return slot.IsEmpty() ? std::nullopt : std::optional(slot.id);
}

size_t Vocabulary::SlotOf(uint32_t hash, std::string_view text) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.IsEmpty() || (slot.hash == hash && (*this)[slot.id] == text)) return at;
  }
}

void Vocabulary::Grow() {
  if (2 * (taken_ + 1) <= slots_.size()) return;
  std::vector<Slot> before(std::max<size_t>(64, 2 * slots_.size()));
  before.swap(slots_);
  for (const Slot& slot : before) {
    if (!slot.IsEmpty()) slots_[SlotOf(slot.hash, (*this)[slot.id])] = slot;
  }
}

Result<TokenPair> MakeTokenPair(const Vocabulary& vocabulary, std::string_view left,
                                std::string_view right) {
  std::string both(left);
  both += right;
  const auto a = vocabulary.Find(left), b = vocabulary.Find(right), merged = vocabulary.Find(both);
  if (!a || !b || !merged) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: the merge of ", Quoted(left), " and ",
                 Quoted(right), " has no token");
  }
  return TokenPair{*a, *b, *merged};
}

void AddKnownEnds(TokenizerData& data) {
  for (const std::string_view text : kEnds) {
    const auto id = data.vocabulary.Find(text);
    if (!id || data.types[*id] != TokenType::kControl) continue;
    if (std::ranges::find(data.end_of_turn, *id) == data.end_of_turn.end()) {
      data.end_of_turn.push_back(*id);
    }
  }
}

}  // namespace andon
