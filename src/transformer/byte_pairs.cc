#include "transformer/byte_pairs.h"

#include <array>
#include <optional>

#include "common/utf8.h"
#include "transformer/merging.h"
#include "transformer/words.h"

namespace andon {
namespace {

// GPT-2 writes bytes as printable characters: those that are stay, the others follow from U+0100 on.
std::array<char32_t, 256> Alphabet() {
  std::array<char32_t, 256> alphabet;
  char32_t next = 0x100;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool printable =
        (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
    alphabet[byte] = printable ? byte : next++;
  }
  return alphabet;
}

std::string Utf8(char32_t c) {  // below U+0800
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  return {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
}

class BytePairs : public Tokenizer {
 public:
  explicit BytePairs(TokenizerData data) : Tokenizer(std::move(data)) {}

  Status Prepare() {
    const auto alphabet = Alphabet();
    byte_of_.fill(-1);
    for (size_t byte = 0; byte < 256; ++byte) {
      byte_of_[alphabet[byte]] = static_cast<int16_t>(byte);
      const auto id = Find(Utf8(alphabet[byte]));
      if (!id) return Error(ErrorCode::kTokenizerError, "tokenizer: no token for the byte ", byte);
      byte_ids_[byte] = *id;
    }
    merges_.reserve(data_.merges.size());
    for (size_t rank = 0; rank < data_.merges.size(); ++rank) {
      ANDON_RETURN_IF_ERROR(AddMerge(data_.merges[rank], rank));
    }
    data_.merges.clear();
    return Status();
  }

 private:
  Status AddMerge(std::string_view merge, size_t rank) {
    const size_t space = merge.find(' ', 1);
    if (space == std::string_view::npos) {
      return Error(ErrorCode::kTokenizerError, "tokenizer: the merge ", Quoted(merge), " is no pair");
    }
    const std::string_view left = merge.substr(0, space), right = merge.substr(space + 1);
    const auto a = Find(left), b = Find(right), both = Find(std::string(left) + std::string(right));
    if (!a || !b || !both) {
      return Error(ErrorCode::kTokenizerError, "tokenizer: the merge ", Quoted(merge), " has no token");
    }
    merges_.try_emplace(uint64_t{*a} << 32 | *b, Merge{static_cast<double>(rank), *both});
    return Status();
  }

  void EncodePlain(std::string_view text, bool /*first*/, std::vector<uint32_t>& to) const override {
    std::vector<Symbol> symbols;
    while (!text.empty()) {
      const std::string_view word = FirstWord(text, data_.words);
      text.remove_prefix(word.size());
      symbols.clear();
      for (size_t i = 0; i < word.size(); ++i) {
        symbols.push_back({.text = word.substr(i, 1), .id = byte_ids_[static_cast<uint8_t>(word[i])]});
      }
      MergeSymbols(symbols, [this](const Symbol& left, const Symbol& right) -> std::optional<Merge> {
        const auto found = merges_.find(uint64_t{left.id} << 32 | right.id);
        if (found == merges_.end()) return std::nullopt;
        return found->second;
      });
      for (const Symbol& symbol : symbols) to.push_back(symbol.id);
    }
  }

  std::string PlainPiece(const std::string& token) const override {
    std::string bytes;
    for (std::string_view rest = token; !rest.empty();) {
      const std::string_view before = rest;
      const auto c = TakeCodePoint(rest);
      if (c && *c < byte_of_.size() && byte_of_[*c] >= 0) bytes += static_cast<char>(byte_of_[*c]);
      else bytes += before.substr(0, before.size() - rest.size());  // not of the alphabet: itself
    }
    return bytes;
  }

  std::array<uint32_t, 256> byte_ids_ = {};
  std::array<int16_t, 0x180> byte_of_ = {};  // by code point of the alphabet; -1: none
  std::unordered_map<uint64_t, Merge> merges_;
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeBytePairs(TokenizerData data) {
  auto tokenizer = std::make_unique<BytePairs>(std::move(data));
  ANDON_RETURN_IF_ERROR(tokenizer->Prepare());
  return std::unique_ptr<Tokenizer>(std::move(tokenizer));
}

}  // namespace andon
