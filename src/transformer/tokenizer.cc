#include "transformer/tokenizer.h"

#include <algorithm>

#include "common/utf8.h"
#include "transformer/byte_pairs.h"
#include "transformer/sentence_piece.h"

namespace andon {

Result<std::unique_ptr<Tokenizer>> Tokenizer::Make(TokenizerData data) {
  const size_t count = data.tokens.size();
  if (count == 0 || data.types.size() != count) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: ", count, " tokens and ", data.types.size(), " types");
  }
  for (const auto& id : {data.begin, data.end, data.unknown}) {
    if (id && *id >= count) return Error(ErrorCode::kTokenizerError, "tokenizer: a token id of ", *id);
  }
  if (data.kind == TokenizerKind::kSentencePiece) return MakeSentencePiece(std::move(data));
  return MakeBytePairs(std::move(data));
}

Tokenizer::Tokenizer(TokenizerData data) : data_(std::move(data)) {
  ids_.reserve(data_.tokens.size());
  for (uint32_t id = 0; id < size(); ++id) {
    const std::string& token = data_.tokens[id];
    ids_.try_emplace(token, id);
    const TokenType type = data_.types[id];
    if ((type != TokenType::kControl && type != TokenType::kUserDefined) || token.empty()) continue;
    added_.try_emplace(token, id);
    longest_added_ = std::max(longest_added_, token.size());
    added_starts_[static_cast<uint8_t>(token.front())] = true;
  }
}

std::optional<uint32_t> Tokenizer::Find(std::string_view token) const {
  const auto found = ids_.find(token);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

const std::pair<const std::string, uint32_t>* Tokenizer::AddedAt(std::string_view text, bool special) const {
  if (!added_starts_[static_cast<uint8_t>(text.front())]) return nullptr;
  for (size_t length = std::min(longest_added_, text.size()); length > 0; --length) {
    const auto found = added_.find(text.substr(0, length));
    if (found == added_.end()) continue;
    if (special || data_.types[found->second] == TokenType::kUserDefined) return &*found;
  }
  return nullptr;
}

std::vector<uint32_t> Tokenizer::Encode(std::string_view text, bool special) const {
  std::vector<uint32_t> tokens;
  size_t plain = 0;  // where text that is not encoded yet begins
  bool first = true;
  const auto encode_until = [&](size_t end) {
    if (end > plain) EncodePlain(text.substr(plain, end - plain), first, tokens);
    first = false;
  };
  for (size_t at = 0; at < text.size();) {
    const auto* const added = AddedAt(text.substr(at), special);
    if (added == nullptr) {
      ++at;
      continue;
    }
    encode_until(at);
    tokens.push_back(added->second);
    at += added->first.size();
    plain = at;
  }
  encode_until(text.size());
  return tokens;
}

std::string Tokenizer::Piece(uint32_t token, bool special) const {
  switch (data_.types[token]) {
    case TokenType::kControl:
    case TokenType::kUnknown:
    case TokenType::kUnused:
      return special ? data_.tokens[token] : std::string();
    case TokenType::kUserDefined:
      return data_.tokens[token];
    default:
      return PlainPiece(data_.tokens[token]);
  }
}

bool Tokenizer::EndsGeneration(uint32_t token) const {
  return data_.end == token || std::find(data_.end_of_turn.begin(), data_.end_of_turn.end(), token) !=
                                   data_.end_of_turn.end();
}

std::string Detokenizer::Push(uint32_t token) {
  std::string piece = tokenizer_.Piece(token, special_);
  if (hide_space_ && !piece.empty()) {
    hide_space_ = false;
    if (piece.front() == ' ') piece.erase(0, 1);
  }
  waiting_ += piece;
  std::string text;
  std::string_view rest = waiting_;
  while (!rest.empty()) {
    if (IsPartOfCharacter(rest)) break;
    const std::string_view before = rest;
    if (TakeCodePoint(rest)) {
      text += before.substr(0, before.size() - rest.size());
    } else {
      text += "\xEF\xBF\xBD";
    }
  }
  waiting_ = std::string(rest);
  return text;
}

std::string Detokenizer::Finish() {
  // One U+FFFD for a character that never became whole (Unicode 15, section 3.9).
  std::string text = waiting_.empty() ? "" : "\xEF\xBF\xBD";
  waiting_.clear();
  return text;
}

}  // namespace andon
