// What tokenizer.json says about text: its normalizer, pre_tokenizer and post_processor.

#ifndef ANDON_LANGUAGE_HF_TOKENIZER_RULES_H_
#define ANDON_LANGUAGE_HF_TOKENIZER_RULES_H_

#include <optional>
#include <string_view>

#include "common/json.h"
#include "common/status.h"
#include "transformer/vocabulary.h"

namespace andon {

// The member, or null.
const Json& MemberOf(const Json& object, std::string_view key);
// The flag, or `absent` where there is none; nothing where it is no flag.
std::optional<bool> FlagOf(const Json& object, std::string_view key, bool absent);
// TokenizerError: "tokenizer.json: WHAT of the form ... is not read".
Status NotRead(std::string_view what, const Json& value);

// Sets kind (SentencePiece with `byte_fallback`), words, space_prefix and normalize_nfc. Error:
// TokenizerError.
Status ReadTextRules(const Json& rules, bool byte_fallback, TokenizerData& data);
// Sets begin and add_begin, and appended and `end` where the template ends with it. Error:
// TokenizerError.
Status ReadPostProcessor(const Json& post_processor, TokenizerData& data);

}  // namespace andon

#endif  // ANDON_LANGUAGE_HF_TOKENIZER_RULES_H_
