// Text to tokens and back. Byte-level BPE (Radford et al. 2019) and SentencePiece BPE with byte fallback (Kudo and
// Richardson 2018). Time grows as n log n with the text, whatever it holds.

#ifndef ANDON_TRANSFORMER_TOKENIZER_H_
#define ANDON_TRANSFORMER_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/status.h"
#include "transformer/vocabulary.h"

namespace andon {

class Tokenizer {
 public:
  // Error: TokenizerError.
  static Result<std::unique_ptr<Tokenizer>> Make(TokenizerData data);
  virtual ~Tokenizer() = default;

  const TokenizerData& data() const { return data_; }
  uint32_t size() const { return static_cast<uint32_t>(data_.tokens.size()); }

  // `special`: text that spells a control token becomes that token; otherwise it is plain text, which is what text
  // from users must be. Bytes that are not UTF-8 are kept as bytes. Begin and end tokens are the caller's to add.
  std::vector<uint32_t> Encode(std::string_view text, bool special) const;

  // The bytes a token stands for; a part of a character at times. Control tokens have none unless `special`.
  // REQUIRES: token < size().
  std::string Piece(uint32_t token, bool special) const;
  // SentencePiece puts a space before the first word, which is not part of the text.
  bool HidesFirstSpace() const {
    return data_.kind == TokenizerKind::kSentencePiece && data_.add_space_prefix;
  }
  bool EndsGeneration(uint32_t token) const;

 protected:
  explicit Tokenizer(TokenizerData data);

  // Text without special tokens. `first`: it begins the whole text.
  virtual void EncodePlain(std::string_view text, bool first, std::vector<uint32_t>& to) const = 0;
  virtual std::string PlainPiece(const std::string& token) const = 0;
  std::optional<uint32_t> Find(std::string_view token) const;

  TokenizerData data_;

 private:
  // The token whose text is a prefix of `text`, the longest; added tokens and, with `special`, control tokens.
  const std::pair<const std::string, uint32_t>* AddedAt(std::string_view text, bool special) const;

  TokenIds ids_;
  TokenIds added_;               // control and user-defined tokens by their text
  size_t longest_added_ = 0;     // bytes
  bool added_starts_[256] = {};  // by first byte
};

// Puts pieces together to text, never a part of a character: what is not whole waits for the next token.
class Detokenizer {
 public:
  // REQUIRES: the tokenizer outlives it. `special`: control tokens are written out.
  Detokenizer(const Tokenizer& tokenizer, bool at_start, bool special)
      : tokenizer_(tokenizer), hide_space_(at_start && tokenizer.HidesFirstSpace()), special_(special) {}

  std::string Push(uint32_t token);
  // What is left, bytes that are no character as U+FFFD.
  std::string Finish();

 private:
  const Tokenizer& tokenizer_;
  bool hide_space_;
  bool special_;
  std::string waiting_;
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_TOKENIZER_H_
