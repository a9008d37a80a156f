// The tokens of a model, as its file lists them.

#ifndef ANDON_TRANSFORMER_VOCABULARY_H_
#define ANDON_TRANSFORMER_VOCABULARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace andon {

// Values are those of GGUF's tokenizer.ggml.token_type.
enum class TokenType : uint8_t {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,      // has a meaning of its own: <|im_end|>
  kUserDefined = 4,  // added text that is never split
  kUnused = 5,
  kByte = 6,         // <0x0A>
};

enum class TokenizerKind : uint8_t {
  kBytePairs,      // byte-level BPE: GPT-2, Llama 3, Qwen
  kSentencePiece,  // BPE by scores with byte fallback: Llama 2
};

// How text is cut into words before pairs are merged.
enum class WordRule : uint8_t { kGpt2, kLlama3, kQwen2 };

struct TokenizerData {
  TokenizerKind kind = TokenizerKind::kBytePairs;
  WordRule words = WordRule::kGpt2;
  std::vector<std::string> tokens;  // by id; in byte-level BPE in the alphabet of GPT-2
  std::vector<TokenType> types;     // by id
  std::vector<float> scores;        // by id; SentencePiece
  std::vector<std::string> merges;  // "left right", most important first; byte-level BPE
  std::optional<uint32_t> begin, end, unknown;  // ids
  std::vector<uint32_t> end_of_turn;            // further ids that end an answer
  bool add_begin = false;
  bool add_space_prefix = true;  // SentencePiece
  bool normalize_nfc = false;    // the caller normalises before Encode
};

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using TokenIds = std::unordered_map<std::string, uint32_t, TextHash, std::equal_to<>>;

}  // namespace andon

#endif  // ANDON_TRANSFORMER_VOCABULARY_H_
