// Text to tokens and back. Byte-level BPE (Radford et al. 2019) and SentencePiece BPE with byte
// fallback (Kudo and Richardson 2018). Time grows as n log n with the text, whatever it holds.

#ifndef ANDON_TRANSFORMER_TOKENIZER_H_
#define ANDON_TRANSFORMER_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/status.h"
#include "transformer/added_tokens.h"
#include "transformer/vocabulary.h"

namespace andon {

class Tokenizer {
 public:
  // Error: TokenizerError, where an id lies between the others and has no token, and where merges,
  // scores, types or special ids do not fit the vocabulary.
  static Result<std::unique_ptr<Tokenizer>> Make(TokenizerData data);
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;
  virtual ~Tokenizer() = default;

  const TokenizerData& data() const { return data_; }  // without its merges and scores
  uint32_t size() const { return data_.vocabulary.size(); }
  // Of the vocabulary, which is most of what it takes.
  uint64_t bytes() const { return data_.vocabulary.bytes(); }

  // `special`: text that spells a control token becomes that token; otherwise it is plain text,
  // which is what text from users must be. Bytes that are not UTF-8 are kept as bytes. Begin and
  // end tokens are the caller's to add. `before`: the token that the text continues after; nothing
  // where it begins. REQUIRES: text is shorter than 4 GiB.
  std::vector<uint32_t> Encode(std::string_view text, bool special,
                               std::optional<uint32_t> before = std::nullopt) const;

  // The bytes a token stands for; a part of a character at times. Control tokens have none unless
  // `special`, nor have the numbers above size() that models with padded matrices can choose.
  std::string Piece(uint32_t token, bool special) const;
  // SentencePiece puts a space before the first word, which is not part of the text.
  bool HidesFirstSpace() const { return data_.space_prefix != SpacePrefix::kNone; }
  bool EndsGeneration(uint32_t token) const;

 protected:
  explicit Tokenizer(TokenizerData data) : data_(std::move(data)), added_(data_) {}

  enum class Before : uint8_t { kNothing, kAddedToken, kPlainText };
  // Text without added tokens, and what is before it.
  virtual void EncodePlain(std::string_view text, Before before,
                           std::vector<uint32_t>& to) const = 0;
  virtual std::string PlainPiece(std::string_view token) const = 0;
  // For tokenizers that leave plain text to another one.
  static void EncodePlainBy(const Tokenizer& other, std::string_view text, Before before,
                            std::vector<uint32_t>& to) {
    other.EncodePlain(text, before, to);
  }
  static std::string PlainPieceBy(const Tokenizer& other, std::string_view token) {
    return other.PlainPiece(token);
  }
  // The token that plain text may become: no control token, and no byte token by its name.
  std::optional<uint32_t> FindPlain(std::string_view token) const;
  bool IsPlain(uint32_t token) const;

  TokenizerData data_;

 private:
  Before KindOf(std::optional<uint32_t> before) const;

  AddedTokens added_;
};

// Puts pieces together to text, never a part of a character: what is not whole waits for the next
// token. Bytes that are no character become U+FFFD, one for each maximal part of one (Unicode 15,
// section 3.9), as TextDecoder does.
class Detokenizer {
 public:
  // REQUIRES: the tokenizer outlives it. `special`: control tokens are written out.
  Detokenizer(const Tokenizer& tokenizer, bool at_start, bool special)
      : tokenizer_(tokenizer),
        hide_space_(at_start && tokenizer.HidesFirstSpace()),
        special_(special) {}

  // What is pushed continues a text of these tokens: a character that they begin becomes whole.
  void ContinueAfter(std::span<const uint32_t> tokens);
  std::string Push(uint32_t token);
  // What is left.
  std::string Finish();

 private:
  const Tokenizer& tokenizer_;
  bool hide_space_;
  bool special_;
  std::string waiting_;
};

}  // namespace andon

#endif  // ANDON_TRANSFORMER_TOKENIZER_H_
