#include "transformer/vocabulary.h"

#include <algorithm>
#include <array>
#include <functional>

#include "common/limits.h"

namespace andon {
namespace {

constexpr uint32_t kEmptySlot = UINT32_MAX;

// Of the models that Andon runs, and their relatives.
constexpr std::array<std::string_view, 8> kEnds = {
    "<|im_end|>",      "<|endoftext|>", "<|eot_id|>", "<|eom_id|>",
    "<|end_of_text|>", "<end_of_turn>", "<|end|>",    "</s>"};

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
  if (id >= places_.size()) places_.resize(id + 1);
  Place& place = places_[id];
  if (place.added) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: two tokens with the id ", id);
  }
  if (!text.empty()) {
    Grow();
    uint32_t& slot = slots_[SlotOf(text)];
    if (slot != kEmptySlot) {
      return Error(ErrorCode::kTokenizerError, "tokenizer: the token ", Quoted(text), " twice");
    }
    slot = static_cast<uint32_t>(id);
    ++taken_;
  }
  place = {static_cast<uint32_t>(texts_.size()), static_cast<uint16_t>(text.size()), true};
  texts_ += text;
  return Status();
}

std::optional<uint32_t> Vocabulary::Find(std::string_view text) const {
  if (slots_.empty()) return std::nullopt;
  const uint32_t id = slots_[SlotOf(text)];
  return id == kEmptySlot ? std::nullopt : std::optional(id);
}

size_t Vocabulary::SlotOf(std::string_view text) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = std::hash<std::string_view>{}(text)&mask;
  while (slots_[slot] != kEmptySlot && (*this)[slots_[slot]] != text) slot = (slot + 1) & mask;
  return slot;
}

void Vocabulary::Grow() {
  if (2 * (taken_ + 1) <= slots_.size()) return;
  std::vector<uint32_t> before(std::max<size_t>(64, 2 * slots_.size()), kEmptySlot);
  before.swap(slots_);
  for (const uint32_t id : before) {
    if (id != kEmptySlot) slots_[SlotOf((*this)[id])] = id;
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
