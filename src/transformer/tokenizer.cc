#include "transformer/tokenizer.h"

#include <algorithm>

#include "common/utf8.h"
#include "transformer/byte_pairs.h"
#include "transformer/sentence_piece.h"

namespace andon {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

Status CheckData(const TokenizerData& data) {
  const uint32_t count = data.vocabulary.size();
  if (count == 0) return Error(ErrorCode::kTokenizerError, "tokenizer: no tokens");
  for (uint32_t id = 0; id < count; ++id) {
    if (!data.vocabulary.Has(id)) {
      return Error(ErrorCode::kTokenizerError, "tokenizer: no token has the id ", id);
    }
  }
  if (data.types.size() != count) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: ", count, " tokens and ",
                 data.types.size(), " types");
  }
  std::vector<uint32_t> ids = data.end_of_turn;
  for (const auto& id : {data.begin, data.end, data.unknown, data.appended})
    ids.push_back(id.value_or(0));
  for (const uint32_t id : ids) {
    if (id >= count)
      return Error(ErrorCode::kTokenizerError, "tokenizer: no token has the id ", id);
  }
  if (data.add_begin && !data.begin)
    return Error(ErrorCode::kTokenizerError, "tokenizer: no token to begin a text with");
  return Status();
}

// How many bytes at the front are no character: all that could have become one, or one.
size_t BrokenBytes(std::string_view text) {
  size_t bytes = 1;
  while (bytes < text.size() && IsPartOfCharacter(text.substr(0, bytes + 1))) ++bytes;
  return bytes;
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> Tokenizer::Make(TokenizerData data) {
  ANDON_RETURN_IF_ERROR(CheckData(data));
  if (data.kind == TokenizerKind::kSentencePiece) return MakeSentencePiece(std::move(data));
  return MakeBytePairs(std::move(data));
}

bool Tokenizer::IsPlain(uint32_t token) const {
  const TokenType type = data_.types[token];
  return type == TokenType::kNormal || type == TokenType::kUserDefined ||
         type == TokenType::kUnused;
}

Tokenizer::Before Tokenizer::KindOf(std::optional<uint32_t> before) const {
  if (!before) return Before::kNothing;
  if (*before >= size()) return Before::kAddedToken;
  return AddedTokens::Are(data_.types[*before]) ? Before::kAddedToken : Before::kPlainText;
}

std::optional<uint32_t> Tokenizer::FindPlain(std::string_view token) const {
  const auto id = data_.vocabulary.Find(token);
  return id && IsPlain(*id) ? id : std::nullopt;
}

std::vector<uint32_t> Tokenizer::Encode(std::string_view text, bool special,
                                        std::optional<uint32_t> before) const {
  std::vector<uint32_t> tokens;
  size_t plain = 0;  // where text that is not encoded yet begins
  const auto encode_until = [&](size_t end) {
    if (end > plain) EncodePlain(text.substr(plain, end - plain), KindOf(before), tokens);
  };
  for (size_t at = 0; at < text.size();) {
    const auto added = added_.At(text.substr(at), special);
    if (!added) {
      ++at;
      continue;
    }
    encode_until(at);
    tokens.push_back(*added);
    before = added;
    at += data_.vocabulary[*added].size();
    plain = at;
  }
  encode_until(text.size());
  return tokens;
}

std::string Tokenizer::Piece(uint32_t token, bool special) const {
  if (token >= size()) return "";
  const std::string_view text = data_.vocabulary[token];
  switch (data_.types[token]) {
    case TokenType::kControl:
    case TokenType::kUnknown:
    case TokenType::kUnused:
      return std::string(special ? text : "");
    case TokenType::kUserDefined:
      return std::string(text);
    default:
      return PlainPiece(text);
  }
}

bool Tokenizer::EndsGeneration(uint32_t token) const {
  return data_.end == token ||
         std::ranges::find(data_.end_of_turn, token) != data_.end_of_turn.end();
}

// A part of a character is three bytes at most, and a token of text has one at least. Control
// tokens end a text.
void Detokenizer::ContinueAfter(std::span<const uint32_t> tokens) {
  size_t count = 0;
  while (count < std::min<size_t>(3, tokens.size()) &&
         !tokenizer_.Piece(tokens[tokens.size() - count - 1], special_).empty()) {
    ++count;
  }
  for (const uint32_t token : tokens.last(count)) Push(token);
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
  while (!rest.empty() && !IsPartOfCharacter(rest)) {
    std::string_view after = rest;
    if (TakeCodePoint(after)) {
      text += rest.substr(0, rest.size() - after.size());
      rest = after;
    } else {
      text += kReplacement;
      rest.remove_prefix(BrokenBytes(rest));
    }
  }
  waiting_ = std::string(rest);
  return text;
}

std::string Detokenizer::Finish() {
  std::string text(waiting_.empty() ? "" : kReplacement);
  waiting_.clear();
  return text;
}

}  // namespace andon
