// A language model as JavaScript holds it.

#ifndef ANDON_BINDINGS_TEXT_MODEL_H_
#define ANDON_BINDINGS_TEXT_MODEL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/span.h"
#include "bindings/upload.h"
#include "common/status.h"
#include "experts/expert_shelf.h"
#include "experts/model_grammars.h"
#include "language/language_model.h"

namespace andon {

// Texts of the tokens of a tokenizer that have a meaning of their own, as a JSON array.
std::string ControlTextsOf(const Tokenizer& tokenizer);

// Tokens cross as uint32, little endian, in the bytes of an Upload or a Span.
std::vector<uint32_t> TokensOf(const Upload& upload);

class TextSessionHandle;

class TextModel {
 public:
  explicit TextModel(std::unique_ptr<LanguageModel> model)
      : model_(std::move(model)), grammars_(*model_) {}

  const LanguageModel& model() const { return *model_; }
  ExpertShelf& shelf() { return shelf_; }
  ModelGrammars& grammars() { return grammars_; }
  // To be called when an expert was let go.
  void TrimShelf() { shelf_.Trim(); }

  Span description() const { return SpanOf(model_->description()); }  // JSON

  // What a call gives is there until the next call of any of these.
  Span ControlTexts();  // JSON: an array of what tokens with a meaning of their own are written as
  // Tokens. `before`: the token that the text continues after; negative: it begins. For a session
  // of this model with the tokens that its experts add.
  Span Encode(const Upload& text, bool special, int32_t before);
  Span EncodeFor(const TextSessionHandle& session, const Upload& text, bool special,
                 int32_t before);
  Span Decode(const Upload& tokens, bool special);    // text
  Span Piece(uint32_t token);                         // text of a token within a text; see code()
  Span EmbedTokens(const Upload& tokens, bool mean);  // float32; see code()
  std::string code() const { return std::string(ErrorCodeName(status_.code())); }
  std::string message() const { return status_.message(); }

 private:
  Span EncodeWith(const Tokenizer& tokenizer, const Upload& text, bool special, int32_t before);

  std::unique_ptr<LanguageModel> model_;
  ExpertShelf shelf_;  // of what was made for the model
  ModelGrammars grammars_;
  Status status_;
  std::vector<uint32_t> tokens_;
  std::string text_;
  std::vector<float> vector_;
};

}  // namespace andon

#endif  // ANDON_BINDINGS_TEXT_MODEL_H_
