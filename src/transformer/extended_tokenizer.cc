#include "transformer/extended_tokenizer.h"

#include <algorithm>
#include <utility>

namespace andon {
namespace {

class ExtendedTokenizer : public Tokenizer {
 public:
  ExtendedTokenizer(const Tokenizer& base, TokenizerData data)
      : Tokenizer(std::move(data)), base_(base) {}

 private:
  void EncodePlain(std::string_view text, Before before, std::vector<uint32_t>& to) const override {
    EncodePlainBy(base_, text, before, to);
  }
  std::string PlainPiece(std::string_view token) const override {
    return PlainPieceBy(base_, token);
  }

  const Tokenizer& base_;
};

}  // namespace

Result<std::unique_ptr<Tokenizer>> ExtendTokenizer(const Tokenizer& base,
                                                   const std::vector<AddedToken>& tokens) {
  TokenizerData data = base.data();
  for (const AddedToken& token : tokens) {
    if (token.text.empty()) return Error(ErrorCode::kTokenizerError, "tokenizer: an empty token");
    ANDON_RETURN_IF_ERROR(data.vocabulary.Add(token.id, token.text));
  }
  data.types.resize(data.vocabulary.size(), TokenType::kUnused);
  for (const AddedToken& token : tokens) {
    data.types[token.id] = token.special ? TokenType::kControl : TokenType::kUserDefined;
  }
  return std::unique_ptr<Tokenizer>(new ExtendedTokenizer(base, std::move(data)));
}

}  // namespace andon
