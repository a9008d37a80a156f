// A made-up vocabulary and a text: merging gives what repeating "merge the best pair" gives, for
// both kinds of BPE.
//   u8 flags, u8 merges, 3 bytes for each merge, then the text

#include <algorithm>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/utf8.h"
#include "fuzz/require.h"
#include "tests/core/support/sample_tokenizer.h"
#include "transformer/tokenizer.h"
#include "transformer/words.h"

namespace {

using andon::TokenizerData;
using Texts = std::vector<std::string>;

class Input {
 public:
  Input(const uint8_t* data, size_t size) : bytes_(data, size) {}

  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::string_view Rest() const { return andon::AsText(bytes_); }

 private:
  andon::ByteView bytes_;
};

// Letters that text is made of more often than by chance.
constexpr std::string_view kLetters = "abc \n'\xE2\x96\x81";

std::string Hostile(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    text += byte < 0x80 ? kLetters[byte % kLetters.size()] : c;
  }
  return text;
}

// Tokens of two others each; of those that are there already nothing is added.
void AddMerges(Input& input, TokenizerData& data, bool by_score) {
  Texts known = {"a", "b", "c",
                 by_score ? std::string(andon::kSampleSpace) : andon::SampleLetter(' ')};
  for (int count = input.Byte() % 32; count > 0; --count) {
    const std::string left = known[input.Byte() % known.size()];
    const std::string right = known[input.Byte() % known.size()];
    const float score = -static_cast<float>(input.Byte() % 8);
    if (left.size() + right.size() > 64 || data.vocabulary.Find(left + right)) continue;
    andon::AddMerge(data, left, right);
    data.scores.push_back(score);
    known.push_back(left + right);
  }
}

Texts SlowPairs(const TokenizerData& data, std::string_view text) {
  Texts pieces;
  while (!text.empty()) {
    const std::string_view word = andon::FirstWord(text, data.words);
    text.remove_prefix(word.size());
    Texts letters;
    for (const char c : word) letters.push_back(andon::SampleLetter(static_cast<uint8_t>(c)));
    const auto rank = [&](const std::string& left,
                          const std::string& right) -> std::optional<double> {
      for (size_t i = 0; i < data.merges.size(); ++i) {
        const auto& pair = data.merges[i];
        if (data.vocabulary[pair.left] == left && data.vocabulary[pair.right] == right) {
          return static_cast<double>(i);
        }
      }
      return std::nullopt;
    };
    for (std::string& piece : andon::SlowMerging(letters, rank)) pieces.push_back(std::move(piece));
  }
  return pieces;
}

Texts SlowScores(const TokenizerData& data, std::string_view text) {
  Texts characters = {std::string(andon::kSampleSpace)};
  for (; !text.empty();) {
    const std::string_view before = text;
    andon::TakeCodePoint(text);
    const std::string_view character = before.substr(0, before.size() - text.size());
    characters.emplace_back(character == " " ? andon::kSampleSpace : character);
  }
  const auto rank = [&](const std::string& left,
                        const std::string& right) -> std::optional<double> {
    const auto id = data.vocabulary.Find(left + right);
    return id ? std::optional(-static_cast<double>(data.scores[*id])) : std::nullopt;
  };
  Texts pieces;
  for (const std::string& piece : andon::SlowMerging(characters, rank)) {
    if (data.vocabulary.Find(piece)) {
      pieces.push_back(piece);
      continue;
    }
    for (const char c : piece) pieces.push_back(andon::SampleByteToken(static_cast<uint8_t>(c)));
  }
  return pieces;
}

TokenizerData Letters(bool by_score) {
  TokenizerData data;
  for (int byte = 0; byte < 256; ++byte) {
    andon::AddToken(data, by_score ? andon::SampleByteToken(byte) : andon::SampleLetter(byte));
  }
  if (!by_score) return data;
  data.kind = andon::TokenizerKind::kSentencePiece;
  data.space_prefix = andon::SpacePrefix::kEach;
  for (const std::string_view text : {"a", "b", "c", "\xE2\x96\x81"}) andon::AddToken(data, text);
  data.scores.resize(data.vocabulary.size());
  return data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  Input input(bytes, std::min<size_t>(size, 512));
  const uint8_t flags = input.Byte();
  const bool by_score = flags & 1;
  TokenizerData data = Letters(by_score);
  data.words = static_cast<andon::WordRule>(flags >> 1 & 3);
  AddMerges(input, data, by_score);
  if (!by_score) data.scores.clear();
  const std::string text = Hostile(input.Rest());
  const Texts expected = text.empty() ? Texts()
                         : by_score   ? SlowScores(data, text)
                                      : SlowPairs(data, text);
  const auto made = andon::Tokenizer::Make(data);
  andon::Require(made.ok());
  Texts pieces;
  for (const uint32_t id : (*made)->Encode(text, false)) pieces.emplace_back(data.vocabulary[id]);
  andon::Require(pieces == expected);
  return 0;
}
