#include "grammar/matcher.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"

namespace andon {
namespace {

Status TooAmbiguous() {
  return Error(ErrorCode::kGrammarTooAmbiguous, "grammar: the text has more than ",
               limits::kMaxGrammarItems, " readings, or they take more than ",
               limits::kMaxGrammarCacheBytes, " bytes");
}

}  // namespace

GrammarCache::GrammarCache(std::shared_ptr<const Grammar> grammar,
                           std::shared_ptr<const GrammarVocabulary> vocabulary)
    : grammar_(std::move(grammar)),
      vocabulary_(std::move(vocabulary)),
      masks_(std::make_shared<Masks>(*grammar_, *vocabulary_)) {}

const std::shared_ptr<Masks>& GrammarCache::Current() {
  if (masks_->bytes() > limits::kGrammarCacheBytes)
    masks_ = std::make_shared<Masks>(*grammar_, *vocabulary_);
  return masks_;
}

GrammarMatcher::GrammarMatcher(std::shared_ptr<GrammarCache> cache)
    : cache_(std::move(cache)), masks_(cache_->Current()), state_(masks_->states().start()) {}

void GrammarMatcher::Refresh() {
  const std::shared_ptr<Masks>& current = cache_->Current();
  if (masks_ == current) return;
  state_ = current->states().Copy(masks_->states(), state_);
  masks_ = current;
}

Result<bool> GrammarMatcher::Accept(uint32_t token) {
  switch (cache_->vocabulary().role(token)) {
    case TokenRole::kText:
      if (cache_->vocabulary().token(token).empty()) return false;
      return AcceptBytes(cache_->vocabulary().token(token));
    case TokenRole::kEnd:
      if (ended_ || !may_end()) return false;
      ended_ = true;
      return true;
    case TokenRole::kSpecial:
      break;
  }
  return false;
}

Result<bool> GrammarMatcher::AcceptBytes(std::string_view bytes) {
  if (ended_) return bytes.empty();
  Refresh();
  ParseState state = state_;
  for (const char byte : bytes) {
    state = masks_->states().Next(state, static_cast<uint8_t>(byte));
    if (state == ParseStates::kTooMany) return TooAmbiguous();
    if (state == ParseStates::kDead) return false;
  }
  state_ = state;
  return true;
}

Status GrammarMatcher::Mask(std::span<uint32_t> bits) {
  std::ranges::fill(bits, 0);
  if (ended_) return Status();
  Refresh();
  if (!masks_->AddTo(state_, bits)) return TooAmbiguous();
  if (may_end()) {
    for (const uint32_t token : cache_->vocabulary().ends()) bits[token / 32] |= 1U << token % 32;
  }
  return Status();
}

bool GrammarMatcher::may_end() const { return masks_->states().Reaches(state_, 0); }

bool GrammarMatcher::must_end() const {
  return ended_ || (may_end() && masks_->states().items(state_).size() == 1);
}

std::string GrammarMatcher::ShortestCompletion() const {
  return ended_ ? std::string() : masks_->states().Shortest(state_);
}

}  // namespace andon
