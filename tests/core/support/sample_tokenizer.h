// Small tokenizers of both kinds, and merging done the slow, obvious way.

#ifndef ANDON_TESTS_CORE_SUPPORT_SAMPLE_TOKENIZER_H_
#define ANDON_TESTS_CORE_SUPPORT_SAMPLE_TOKENIZER_H_

#include <optional>
#include <string>
#include <vector>

#include "transformer/vocabulary.h"

namespace andon {

inline constexpr std::string_view kSampleSpace = "\xE2\x96\x81";  // U+2581

// GPT-2's letter for a byte: itself where it is printable, otherwise the next one from U+0100 on.
inline std::string SampleLetter(int byte) {
  const auto printable = [](int b) {
    return (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  };
  int c = byte;
  if (!printable(byte)) {
    c = 0x100;
    for (int b = 0; b < byte; ++b) c += printable(b) ? 0 : 1;
  }
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  return {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
}

inline std::string SampleLetters(std::string_view bytes) {
  std::string letters;
  for (const char c : bytes) letters += SampleLetter(static_cast<uint8_t>(c));
  return letters;
}

inline std::string SampleByteToken(int byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'<',
          '0',
          'x',
          kDigits[static_cast<size_t>(byte) / 16],
          kDigits[static_cast<size_t>(byte) % 16],
          '>'};
}

// Returns the id. REQUIRES: the text is new.
inline uint32_t AddToken(TokenizerData& data, std::string_view text,
                         TokenType type = TokenType::kNormal) {
  const uint32_t id = data.vocabulary.size();
  if (!data.vocabulary.Add(id, text).ok()) __builtin_trap();
  data.types.push_back(type);
  return id;
}

// Merges two tokens to a third, less important than the merges before it.
inline void AddMerge(TokenizerData& data, std::string_view left, std::string_view right) {
  const std::string both = std::string(left) + std::string(right);
  if (!data.vocabulary.Find(both)) AddToken(data, both);
  data.merges.push_back(*MakeTokenPair(data.vocabulary, left, right));
}

// The 256 letters by byte, a few merges, then "<|end|>" (control) and "<tool>" (user-defined).
inline TokenizerData SampleBytePairs() {
  TokenizerData data;
  for (int byte = 0; byte < 256; ++byte) AddToken(data, SampleLetter(byte));
  const std::vector<std::pair<std::string, std::string>> merges = {
      {"h", "e"}, {"l", "l"}, {"he", "ll"}, {"hell", "o"}, {"o", "w"}, {"a", "a"}, {"aa", "aa"}};
  for (const auto& [left, right] : merges) AddMerge(data, left, right);
  AddMerge(data, SampleLetters(" "), "w");
  AddMerge(data, SampleLetters("\xC3"), SampleLetters("\xA9"));
  data.end = AddToken(data, "<|end|>", TokenType::kControl);
  AddToken(data, "<tool>", TokenType::kUserDefined);
  return data;
}

// "<unk>" 0, "<s>" 1, "</s>" 2, 256 bytes from 3 on, then pieces with falling scores.
inline TokenizerData SampleSentencePiece() {
  TokenizerData data;
  data.kind = TokenizerKind::kSentencePiece;
  data.space_prefix = SpacePrefix::kEach;
  data.unknown = AddToken(data, "<unk>", TokenType::kUnknown);
  data.begin = AddToken(data, "<s>", TokenType::kControl);
  data.end = AddToken(data, "</s>", TokenType::kControl);
  for (int byte = 0; byte < 256; ++byte) AddToken(data, SampleByteToken(byte), TokenType::kByte);
  const std::string space(kSampleSpace);
  for (const auto& piece :
       std::vector<std::string>{"he", "ll",      space + "t",  "hell", "hello", space + "hello",
                                "<s", "at",      space + "at", space,  "h",     "e",
                                "l",  "o",       "t",          "a",    "s",     "<",
                                ">",  "\xC3\xA9"}) {
    AddToken(data, piece);
  }
  for (uint32_t id = 0; id < data.vocabulary.size(); ++id) data.scores.push_back(-float(id));
  return data;
}

// Repeat: merge the pair of the lowest rank, of equals the leftmost. `rank(left, right)` is nothing
// where the two texts do not merge.
template <typename Rank>
std::vector<std::string> SlowMerging(std::vector<std::string> pieces, const Rank& rank) {
  for (;;) {
    size_t best = 0;
    std::optional<double> lowest;
    for (size_t i = 0; i + 1 < pieces.size(); ++i) {
      const std::optional<double> here = rank(pieces[i], pieces[i + 1]);
      if (here && (!lowest || *here < *lowest)) {
        lowest = here;
        best = i;
      }
    }
    if (!lowest) return pieces;
    pieces[best] += pieces[best + 1];
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_SAMPLE_TOKENIZER_H_
