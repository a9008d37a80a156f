#include "transformer/byte_pairs.h"

#include <array>
#include <optional>

#include "common/utf8.h"
#include "transformer/merging.h"
#include "transformer/words.h"

namespace andon {
namespace {

// GPT-2 writes bytes as printable characters: those that are stay, the others follow from U+0100
// on.
constexpr char32_t kAlphabetEnd = 0x144;

std::array<char32_t, 256> Alphabet() {
  std::array<char32_t, 256> alphabet;
  char32_t next = 0x100;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool printable =
        (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
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
      letters_[byte] = Utf8(alphabet[byte]);
      const auto id = FindPlain(letters_[byte]);
      if (!id) return Error(ErrorCode::kTokenizerError, "tokenizer: no token for the byte ", byte);
      byte_ids_[byte] = *id;
    }
    std::erase_if(data_.merges, [this](const TokenPair& pair) { return !IsPlain(pair.merged); });
    ANDON_RETURN_IF_ERROR(merges_.Fill(data_.merges));
    data_.merges = {};
    return Status();
  }

 private:
  void EncodePlain(std::string_view text, Before /*before*/,
                   std::vector<uint32_t>& to) const override {
    Merging merging;
    while (!text.empty()) {
      const std::string_view word = FirstWord(text, data_.words);
      text.remove_prefix(word.size());
      if (data_.ignore_merges) {
        if (const auto id = FindPlain(InLetters(word))) {
          to.push_back(*id);
          continue;
        }
      }
      merging.Clear();
      for (const char c : word) merging.Add(1, byte_ids_[static_cast<uint8_t>(c)]);
      const auto join = [this](const Symbol& a, const Symbol& b) {
        return merges_.Find(a.id, b.id);
      };
      for (const Symbol& symbol : merging.Run(join)) to.push_back(symbol.id);
    }
  }

  std::string InLetters(std::string_view bytes) const {
    std::string text;
    for (const char c : bytes) text += letters_[static_cast<uint8_t>(c)];
    return text;
  }

  std::string PlainPiece(std::string_view token) const override {
    std::string bytes;
    for (std::string_view rest = token; !rest.empty();) {
      const std::string_view before = rest;
      const auto c = TakeCodePoint(rest);
      if (c && *c < byte_of_.size() && byte_of_[*c] >= 0) {
        bytes += static_cast<char>(byte_of_[*c]);
      } else {
        bytes += before.substr(0, before.size() - rest.size());  // not of the alphabet: itself
      }
    }
    return bytes;
  }

  std::array<uint32_t, 256> byte_ids_ = {};
  std::array<std::string, 256> letters_;            // of the alphabet, by byte
  std::array<int16_t, kAlphabetEnd> byte_of_ = {};  // by letter; -1: none
  PairTable merges_;
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> MakeBytePairs(TokenizerData data) {
  auto tokenizer = std::make_unique<BytePairs>(std::move(data));
  ANDON_RETURN_IF_ERROR(tokenizer->Prepare());
  return std::unique_ptr<Tokenizer>(std::move(tokenizer));
}

}  // namespace andon
