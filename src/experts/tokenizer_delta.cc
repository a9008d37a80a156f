#include "experts/tokenizer_delta.h"

#include <string_view>

#include "common/json.h"

namespace andon {
namespace {

Status Malformed(std::string_view what) {
  return Error(ErrorCode::kTokenizerDelta, "tokenizer delta: ", what);
}

// How spaces around a token count, which text is cut at words, and what is normalised before: none
// of it is done here.
constexpr std::string_view kOff[] = {"lstrip", "rstrip", "single_word", "normalized"};

Result<AddedToken> ParseToken(const Json& value) {
  if (!value.is_object()) return Malformed("a token that is no object");
  AddedToken token;
  bool has_id = false;
  for (const auto& [key, member] : value.items()) {
    if (key == "id" && member.is_number_unsigned() && member.get<uint64_t>() <= UINT32_MAX) {
      token.id = member.get<uint32_t>();
      has_id = true;
    } else if (key == "content" && member.is_string()) {
      token.text = member.get<std::string>();
    } else if (key == "special" && member.is_boolean()) {
      token.special = member.get<bool>();
    } else if (std::ranges::find(kOff, key) == std::end(kOff) || member != false) {
      return Error(ErrorCode::kTokenizerDelta, "tokenizer delta: the member ", Quoted(key));
    }
  }
  if (!has_id || token.text.empty()) return Malformed("a token without id or content");
  return token;
}

}  // namespace

Result<std::vector<AddedToken>> ParseTokenizerDelta(ByteView json, uint32_t base_tokens,
                                                    uint32_t rows) {
  ANDON_ASSIGN_OR_RETURN(const Json delta, ParseJson(json, "tokenizer delta"));
  if (!delta.is_object()) return Malformed("no object");
  std::vector<AddedToken> tokens;
  for (const auto& [key, list] : delta.items()) {
    if (key != "added_tokens" || !list.is_array()) {
      return Error(ErrorCode::kTokenizerDelta, "tokenizer delta: the member ", Quoted(key));
    }
    for (const Json& value : list) {
      ANDON_ASSIGN_OR_RETURN(AddedToken token, ParseToken(value));
      if (token.id < base_tokens || token.id >= rows) {
        return Error(ErrorCode::kTokenizerDelta, "tokenizer delta: the id ", token.id, " of ",
                     Quoted(token.text), "; the base has tokens up to ", base_tokens - 1, " and ",
                     rows, " rows of embeddings");
      }
      tokens.push_back(std::move(token));
    }
  }
  return tokens;
}

}  // namespace andon
