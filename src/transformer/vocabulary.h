// The tokens of a model, as its file lists them.

#ifndef ANDON_TRANSFORMER_VOCABULARY_H_
#define ANDON_TRANSFORMER_VOCABULARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/status.h"

namespace andon {

// Texts by id, and ids by text. All texts lie in one piece of memory: a vocabulary of 150,000 takes
// 8 MB.
class Vocabulary {
 public:
  // Ids may come in any order; what lies between them is an empty text. Several tokens may be
  // empty; Find never gives them. Error: TokenizerError where the id or the text has been added
  // before, or one is beyond its limit.
  Status Add(uint64_t id, std::string_view text);

  // One more than the largest id.
  uint32_t size() const { return static_cast<uint32_t>(places_.size()); }
  bool Has(uint32_t id) const { return id < size() && places_[id].added; }
  // REQUIRES: id < size(). Valid until the next Add.
  std::string_view operator[](uint32_t id) const {
    return std::string_view(texts_).substr(places_[id].begin, places_[id].bytes);
  }
  std::optional<uint32_t> Find(std::string_view text) const;
  // Of memory.
  uint64_t bytes() const {
    return texts_.capacity() + places_.capacity() * sizeof(Place) +
           slots_.capacity() * sizeof(Slot);
  }

 private:
  struct Place {
    uint32_t begin = 0;  // in texts_
    uint16_t bytes = 0;
    bool added = false;
  };

  struct Slot {
    uint32_t hash = 0;  // spares most looks at texts
    uint32_t id = UINT32_MAX;
    bool IsEmpty() const { return id == UINT32_MAX; }
  };

  // The slot that holds the text, or the empty one where it would go. Open addressing, linear.
  size_t SlotOf(uint32_t hash, std::string_view text) const;
  void Grow();

  std::string texts_;
  std::vector<Place> places_;  // by id
  std::vector<Slot> slots_;    // a power of two, at most half of them taken
  size_t taken_ = 0;
};

// Values are those of GGUF's tokenizer.ggml.token_type.
enum class TokenType : uint8_t {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,      // has a meaning of its own: <|im_end|>
  kUserDefined = 4,  // added text that is never split
  kUnused = 5,
  kByte = 6,  // <0x0A>
};

enum class TokenizerKind : uint8_t {
  kBytePairs,      // byte-level BPE: GPT-2, Llama 3, Qwen
  kSentencePiece,  // BPE over characters with byte fallback: Llama 2
};

// How text is cut into words before pairs are merged.
enum class WordRule : uint8_t {
  kGpt2,
  kGpt2Digits,  // each digit apart, then GPT-2's: SmolLM, StarCoder
  kLlama3,
  kQwen2,
};

// Where SentencePiece puts a space that is not in the text.
enum class SpacePrefix : uint8_t {
  kNone,
  kFirst,  // before the whole text, unless it starts with a space
  kEach,   // before the whole text, and again after each added token
};

// Two neighbours that become one token.
struct TokenPair {
  uint32_t left = 0;
  uint32_t right = 0;
  uint32_t merged = 0;
};

struct TokenizerData {
  TokenizerKind kind = TokenizerKind::kBytePairs;
  WordRule words = WordRule::kGpt2;
  Vocabulary vocabulary = {};          // in byte-level BPE in the alphabet of GPT-2
  std::vector<TokenType> types = {};   // by id
  std::vector<TokenPair> merges = {};  // most important first
  std::vector<float> scores = {};      // by id; SentencePiece merges by them where there are any
  std::optional<uint32_t> begin = {}, end = {}, unknown = {};  // ids
  std::vector<uint32_t> end_of_turn = {};                      // further ids that end an answer
  bool add_begin = false;
  std::optional<uint32_t> appended = {};  // to a text that is whole, as embedding models want it
  bool ignore_merges = false;  // a word that is a token is that token, whatever the merges
  SpacePrefix space_prefix = SpacePrefix::kNone;
  bool normalize_nfc = false;  // the caller normalises before Encode: String.prototype.normalize
};

// The pair of the texts. Error: TokenizerError where they, or both together, are no tokens.
Result<TokenPair> MakeTokenPair(const Vocabulary& vocabulary, std::string_view left,
                                std::string_view right);

// Ids that end an answer by what they are called: files often name one of several.
void AddKnownEnds(TokenizerData& data);

}  // namespace andon

#endif  // ANDON_TRANSFORMER_VOCABULARY_H_
