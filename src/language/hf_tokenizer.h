// tokenizer.json of the Hugging Face tokenizers library, and the files that lie beside it:
// https://huggingface.co/docs/tokenizers

#ifndef ANDON_LANGUAGE_HF_TOKENIZER_H_
#define ANDON_LANGUAGE_HF_TOKENIZER_H_

#include "common/bytes.h"
#include "common/status.h"
#include "transformer/vocabulary.h"

namespace andon {

// BPE of the two kinds of TokenizerKind, by rules that are known exactly; all else is refused by
// name. Without tokenizer_config.json (empty) the template of tokenizer.json says what begins a
// text; without generation_config.json tokens end an answer by their names and by
// tokenizer_config.json. Normalising to NFC, which the library does between added tokens, is the
// caller's: see TokenizerData.normalize_nfc. Errors: JsonSyntax, JsonDepth, JsonDuplicateKey,
// JsonTooLarge; TokenizerError where a rule is not read, a member has another form, ids or texts
// occur twice, or a merge has no token.
Result<TokenizerData> ParseTokenizerJson(ByteView tokenizer_json,
                                         ByteView tokenizer_config_json = {},
                                         ByteView generation_config_json = {});

}  // namespace andon

#endif  // ANDON_LANGUAGE_HF_TOKENIZER_H_
