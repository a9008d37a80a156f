// tokenizer.json, tokenizer_config.json and generation_config.json, with NUL between them: a
// tokenizer that is made gives tokens of its vocabulary for any text, and byte-level BPE gives the
// text back.

#include <algorithm>
#include <string_view>

#include "common/utf8.h"
#include "fuzz/require.h"
#include "language/hf_tokenizer.h"
#include "transformer/tokenizer.h"

namespace {

// The part before the first NUL, which is taken away with it.
andon::ByteView TakePart(std::string_view& text) {
  const std::string_view part = text.substr(0, text.find('\0'));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return andon::AsBytes(part);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = andon::AsText({data, size});
  std::string_view rest = text;
  const auto tokenizer_json = TakePart(rest), config = TakePart(rest), generation = TakePart(rest);
  auto parsed = andon::ParseTokenizerJson(tokenizer_json, config, generation);
  if (!parsed.ok()) return 0;
  const auto made = andon::Tokenizer::Make(std::move(*parsed));
  if (!made.ok()) return 0;
  const andon::Tokenizer& tokenizer = **made;
  std::string back;
  for (const uint32_t id : tokenizer.Encode(text, false)) {
    andon::Require(id < tokenizer.size());
    back += tokenizer.Piece(id, false);
  }
  const bool bytes = tokenizer.data().kind == andon::TokenizerKind::kBytePairs;
  andon::Require(!bytes || back == text);
  andon::Detokenizer detokenizer(tokenizer, true, true);
  for (uint32_t id = 0; id < tokenizer.size(); ++id) {
    andon::Require(andon::IsUtf8(detokenizer.Push(id)));
  }
  return 0;
}
