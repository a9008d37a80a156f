#include "bindings/text_model.h"

#include <emscripten/bind.h>

#include <algorithm>
#include <cstring>

#include "bindings/text_session.h"
#include "common/json.h"
#include "language/embedding.h"
#include "language/text_session.h"

namespace andon {

std::vector<uint32_t> TokensOf(const Upload& upload) {
  std::vector<uint32_t> tokens(upload.bytes().size() / sizeof(uint32_t));
  std::memcpy(tokens.data(), upload.bytes().data(), tokens.size() * sizeof(uint32_t));
  return tokens;
}

std::string ControlTextsOf(const Tokenizer& tokenizer) {
  const TokenizerData& data = tokenizer.data();
  Json texts = Json::array();
  for (uint32_t token = 0; token < tokenizer.size(); ++token) {
    const TokenType type = data.types[token];
    const bool control = type == TokenType::kControl || type == TokenType::kUnknown;
    const std::string_view text = data.vocabulary[token];
    if (control && !text.empty()) texts.push_back(std::string(text));
  }
  return DumpJson(texts);
}

Span TextModel::ControlTexts() {
  text_ = ControlTextsOf(model_->tokenizer());
  return SpanOf(text_);
}

Span TextModel::Encode(const Upload& text, bool special, int32_t before) {
  return EncodeWith(model_->tokenizer(), text, special, before);
}

Span TextModel::EncodeFor(const TextSessionHandle& session, const Upload& text, bool special,
                          int32_t before) {
  return EncodeWith(session.tokenizer(), text, special, before);
}

Span TextModel::EncodeWith(const Tokenizer& tokenizer, const Upload& text, bool special,
                           int32_t before) {
  tokens_ =
      tokenizer.Encode(AsText(text.bytes()), special,
                       before < 0 ? std::nullopt : std::optional(static_cast<uint32_t>(before)));
  return SpanOf(tokens_);
}

Span TextModel::Decode(const Upload& upload, bool special) {
  const std::vector<uint32_t> tokens = TokensOf(upload);
  text_.clear();
  status_ = CheckTokens(*model_, tokens, tokens.size());
  if (!status_.ok()) return {};
  Detokenizer text(model_->tokenizer(), true, special);
  for (const uint32_t token : tokens) text_ += text.Push(token);
  text_ += text.Finish();
  return SpanOf(text_);
}

Span TextModel::Piece(uint32_t token) {
  text_.clear();
  status_ = CheckTokens(*model_, {&token, 1}, 1);
  if (!status_.ok()) return {};
  Detokenizer text(model_->tokenizer(), false, true);
  text_ = text.Push(token);
  text_ += text.Finish();
  return SpanOf(text_);
}

Span TextModel::EmbedTokens(const Upload& tokens, bool mean) {
  auto result = Embed(*model_, TokensOf(tokens), mean ? Pooling::kMean : Pooling::kLast);
  status_ = result.status();
  vector_ = result.ok() ? std::move(*result) : std::vector<float>();
  return SpanOf(vector_);
}

}  // namespace andon

EMSCRIPTEN_BINDINGS(text_model) {
  using andon::TextModel;
  emscripten::class_<TextModel>("TextModel")
      .function("description", &TextModel::description)
      .function("controlTexts", &TextModel::ControlTexts)
      .function("encode", &TextModel::Encode)
      .function("encodeFor", &TextModel::EncodeFor)
      .function("decode", &TextModel::Decode)
      .function("piece", &TextModel::Piece)
      .function("embed", &TextModel::EmbedTokens)
      .function("trimShelf", &TextModel::TrimShelf)
      .function("code", &TextModel::code)
      .function("message", &TextModel::message);
}
