#include "transformer/sentence_piece.h"

#include <array>
#include <cstdio>
#include <optional>

#include "common/utf8.h"
#include "transformer/merging.h"

namespace andon {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581 stands for a space

std::string ByteToken(uint8_t byte) {
  std::array<char, 7> text;
  std::snprintf(text.data(), text.size(), "<0x%02X>", byte);
  return text.data();
}

std::optional<uint8_t> ByteOf(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') return std::nullopt;
  unsigned value = 0;
  for (const char digit : token.substr(3, 2)) {
    if (digit >= '0' && digit <= '9') value = value * 16 + static_cast<unsigned>(digit - '0');
    else if (digit >= 'A' && digit <= 'F') value = value * 16 + static_cast<unsigned>(digit - 'A' + 10);
    else return std::nullopt;
  }
  return static_cast<uint8_t>(value);
}

class SentencePiece : public Tokenizer {
 public:
  explicit SentencePiece(TokenizerData data) : Tokenizer(std::move(data)) {
    for (size_t byte = 0; byte < bytes_.size(); ++byte) bytes_[byte] = Find(ByteToken(static_cast<uint8_t>(byte)));
  }

 private:
  void EncodePlain(std::string_view text, bool first, std::vector<uint32_t>& to) const override {
    std::string spaced = first && data_.add_space_prefix ? std::string(kSpace) : std::string();
    for (const char c : text) {
      if (c == ' ') spaced += kSpace;
      else spaced += c;
    }
    std::vector<Symbol> symbols;
    for (std::string_view rest = spaced; !rest.empty();) {
      const std::string_view before = rest;
      TakeCodePoint(rest);
      symbols.push_back({.text = before.substr(0, before.size() - rest.size())});
    }
    MergeSymbols(symbols, [this](const Symbol& left, const Symbol& right) -> std::optional<Merge> {
      const auto id = Find({left.text.data(), left.text.size() + right.text.size()});
      if (!id) return std::nullopt;
      return Merge{-static_cast<double>(data_.scores[*id]), *id};
    });
    for (const Symbol& symbol : symbols) Append(symbol.text, to);
  }

  void Append(std::string_view piece, std::vector<uint32_t>& to) const {
    if (const auto id = Find(piece)) {
      to.push_back(*id);
      return;
    }
    for (const char c : piece) {
      const auto& byte = bytes_[static_cast<uint8_t>(c)];
      if (byte) to.push_back(*byte);
      else if (data_.unknown) to.push_back(*data_.unknown);
    }
  }

  std::string PlainPiece(const std::string& token) const override {
    if (const auto byte = ByteOf(token)) return std::string(1, static_cast<char>(*byte));
    std::string text;
    for (size_t at = 0; at < token.size();) {
      const bool space = std::string_view(token).substr(at).starts_with(kSpace);
      text += space ? ' ' : token[at];
      at += space ? kSpace.size() : 1;
    }
    return text;
  }

  std::array<std::optional<uint32_t>, 256> bytes_;
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeSentencePiece(TokenizerData data) {
  if (data.scores.size() != data.tokens.size()) {
    return Error(ErrorCode::kTokenizerError, "tokenizer: ", data.tokens.size(), " tokens and ", data.scores.size(),
                 " scores");
  }
  return std::unique_ptr<Tokenizer>(new SentencePiece(std::move(data)));
}

}  // namespace andon
