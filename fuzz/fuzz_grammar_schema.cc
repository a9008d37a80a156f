// JSON Schema: what compiles can be completed from its beginning, and the completion is JSON.

#include <memory>

#include "common/bytes.h"
#include "common/json.h"
#include "fuzz/require.h"
#include "grammar/automaton.h"
#include "grammar/matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto grammar = andon::GrammarFromJsonSchema(andon::AsText({data, size}));
  if (!grammar.ok()) return 0;
  static const auto vocabulary = std::make_shared<const andon::GrammarVocabulary>(
      std::vector<std::string>{"a", ""},
      std::vector<andon::TokenRole>{andon::TokenRole::kText, andon::TokenRole::kEnd});
  andon::GrammarMatcher matcher(std::make_shared<andon::GrammarCache>(*grammar, vocabulary));
  const std::string text = matcher.ShortestCompletion();
  const auto accepted = matcher.AcceptBytes(text);
  if (!accepted.ok()) return 0;  // too many readings
  andon::Require(*accepted && matcher.may_end());
  andon::Require(andon::ParseJson(andon::AsBytes(text), "fuzz", {.max_depth = 4096}).code() !=
                 andon::ErrorCode::kJsonSyntax);
  return 0;
}
