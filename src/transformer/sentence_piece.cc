#include "transformer/sentence_piece.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

#include "common/utf8.h"
#include "transformer/merging.h"

namespace andon {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581 stands for a space
constexpr std::string_view kDigits = "0123456789ABCDEF";

std::string ByteToken(uint8_t byte) {
  return {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
}

std::optional<uint8_t> ByteOf(std::string_view token) {
  if (token.size() != 6) return std::nullopt;
  const size_t high = kDigits.find(token[3]), low = kDigits.find(token[4]);
  const auto byte = static_cast<uint8_t>(high << 4 | low);
  return token == ByteToken(byte) ? std::optional(byte) : std::nullopt;
}

class SentencePiece : public Tokenizer {
 public:
  explicit SentencePiece(TokenizerData data) : Tokenizer(std::move(data)) {
    for (size_t byte = 0; byte < bytes_.size(); ++byte) {
      bytes_[byte] = data_.vocabulary.Find(ByteToken(static_cast<uint8_t>(byte)));
      if (bytes_[byte]) data_.types[*bytes_[byte]] = TokenType::kByte;
    }
  }

  Status Prepare() {
    std::erase_if(data_.merges, [this](const TokenPair& pair) { return !IsPlain(pair.merged); });
    ANDON_RETURN_IF_ERROR(merges_.Fill(data_.merges));
    data_.merges = {};
    return data_.scores.empty() ? Status() : RankScores();
  }

 private:
  // The highest score has rank 0; equal scores have equal ranks.
  Status RankScores() {
    const auto is_number = [](float score) { return !std::isnan(score); };
    if (data_.scores.size() != size() || !std::ranges::all_of(data_.scores, is_number)) {
      return Error(ErrorCode::kTokenizerError, "tokenizer: ", size(), " tokens and ",
                   data_.scores.size(), " scores, or one that is no number");
    }
    std::vector<float> sorted = data_.scores;
    std::ranges::sort(sorted, std::greater());
    for (const float score : data_.scores) {
      const auto place = std::ranges::lower_bound(sorted, score, std::greater());
      ranks_.push_back(static_cast<uint32_t>(place - sorted.begin()));
    }
    data_.scores = {};
    return Status();
  }

  void EncodePlain(std::string_view text, Before before, std::vector<uint32_t>& to) const override {
    const std::string spaced = WithSpaces(text, before);
    if (const auto id = data_.ignore_merges ? FindPlain(spaced) : std::nullopt) {
      to.push_back(*id);
      return;
    }
    Merging merging;
    for (std::string_view rest = spaced; !rest.empty();) {
      const std::string_view at = rest;
      TakeCodePoint(rest);
      const std::string_view character = at.substr(0, at.size() - rest.size());
      merging.Add(static_cast<uint32_t>(character.size()),
                  FindPlain(character).value_or(Symbol::kNone));
    }
    const auto join = [&](const Symbol& a, const Symbol& b) { return Join(spaced, a, b); };
    for (const Symbol& symbol : merging.Run(join)) {
      if (symbol.id != Symbol::kNone)
        to.push_back(symbol.id);
      else
        AppendBytes(std::string_view(spaced).substr(symbol.begin, symbol.bytes), to);
    }
  }

  bool TakesSpace(std::string_view text, Before before) const {
    if (data_.space_prefix == SpacePrefix::kEach) return before != Before::kPlainText;
    return data_.space_prefix == SpacePrefix::kFirst && before == Before::kNothing &&
           text.front() != ' ';
  }

  std::string WithSpaces(std::string_view text, Before before) const {
    std::string spaced(TakesSpace(text, before) ? kSpace : "");
    for (const char c : text) {
      if (c == ' ')
        spaced += kSpace;
      else
        spaced += c;
    }
    return spaced;
  }

  std::optional<Merge> Join(std::string_view text, const Symbol& a, const Symbol& b) const {
    if (ranks_.empty()) return merges_.Find(a.id, b.id);
    const auto id = FindPlain(text.substr(a.begin, a.bytes + b.bytes));
    return id ? std::optional(Merge{ranks_[*id], *id}) : std::nullopt;
  }

  void AppendBytes(std::string_view character, std::vector<uint32_t>& to) const {
    for (const char c : character) {
      const auto& byte = bytes_[static_cast<uint8_t>(c)];
      if (byte)
        to.push_back(*byte);
      else if (data_.unknown)
        to.push_back(*data_.unknown);
    }
  }

  std::string PlainPiece(std::string_view token) const override {
    if (const auto byte = ByteOf(token)) return std::string(1, static_cast<char>(*byte));
    std::string text;
    for (size_t at = 0; at < token.size();) {
      const bool space = token.substr(at).starts_with(kSpace);
      text += space ? ' ' : token[at];
      at += space ? kSpace.size() : 1;
    }
    return text;
  }

  std::array<std::optional<uint32_t>, 256> bytes_;
  PairTable merges_;
  std::vector<uint32_t> ranks_;  // by id; empty: merges_ says what is merged
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeSentencePiece(TokenizerData data) {
  auto tokenizer = std::make_unique<SentencePiece>(std::move(data));
  ANDON_RETURN_IF_ERROR(tokenizer->Prepare());
  return std::unique_ptr<Tokenizer>(std::move(tokenizer));
}

}  // namespace andon
